package io.lockstep.benchmarks.peers;

import io.lockstep.benchmarks.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What the rounds of a comparison measured. Figures are those of the quiet rounds; of all, if none
 * was quiet. A ratio is taken within each round, and then the median.
 *
 * @param all rounds, in order
 */
record Rounds(List<Round> all) {

  /**
   * One round.
   *
   * @param values by name of the measurement
   * @param verdict how the machine was
   */
  record Round(Map<String, Double> values, Quiet.Verdict verdict) {

    /** Whether it counts. */
    boolean isQuiet() {
      return verdict == Quiet.Verdict.QUIET;
    }
  }

  private List<Round> used() {
    List<Round> quiet = all.stream().filter(Round::isQuiet).toList();
    return quiet.isEmpty() ? all : quiet;
  }

  /** The values of a measurement. */
  Spread of(String name) {
    return of(round -> round.values.get(name));
  }

  /** The ratio of one to another. */
  Spread ratio(String of, String to) {
    return of(round -> round.values.get(of) / round.values.get(to));
  }

  private Spread of(ToDoubleFunction<Round> figure) {
    return Spread.of(used().stream().mapToDouble(figure).boxed().toList());
  }

  /**
   * How many rounds were quiet, of how many, and what was wrong with the others: {@code 7 of 9
   * (slow core 2)}.
   */
  String quiet() {
    String counts = count(Quiet.Verdict.QUIET) + " of " + all.size();
    List<String> wrong = new ArrayList<>();
    if (count(Quiet.Verdict.SLOW_CORE) > 0) {
      wrong.add("slow core " + count(Quiet.Verdict.SLOW_CORE));
    }
    if (count(Quiet.Verdict.OTHERS) > 0) {
      wrong.add("others " + count(Quiet.Verdict.OTHERS));
    }
    return wrong.isEmpty() ? counts : counts + " (" + String.join(", ", wrong) + ")";
  }

  private long count(Quiet.Verdict verdict) {
    return all.stream().filter(round -> round.verdict == verdict).count();
  }
}
