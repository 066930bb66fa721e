package io.lockstep.benchmarks.peers;

import io.lockstep.benchmarks.Spread;
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
   * @param quiet whether the machine was
   */
  record Round(Map<String, Double> values, boolean quiet) {}

  private List<Round> used() {
    List<Round> quiet = all.stream().filter(Round::quiet).toList();
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

  /** How many rounds were quiet, of how many: {@code 7 of 8}. */
  String quiet() {
    return all.stream().filter(Round::quiet).count() + " of " + all.size();
  }
}
