package io.lockstep.benchmarks.peers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measurements that are compared: taken in turn, round by round, so that all meet the same noise.
 * Between two rounds it is seen whether the machine is quiet; a round that was disturbed is
 * repeated, within a bound.
 */
final class Turns {

  /** Disturbed rounds are repeated until there are so many times the rounds asked for. */
  private static final int MOST_ROUNDS = 2;

  private final Quiet quiet;
  private final int cores;
  private final Map<String, Measure> measures = new LinkedHashMap<>();

  /** Measures one value. */
  @FunctionalInterface
  interface Measure {
    /** Takes as long as it takes. */
    double value() throws IOException, InterruptedException;
  }

  /**
   * @param cores how many are in use: these are seen to be quiet
   */
  Turns(Quiet quiet, int cores) {
    this.quiet = quiet;
    this.cores = cores;
  }

  /** Adds a measurement; they are taken in the order in which they are added. */
  Turns add(String name, Measure measure) {
    measures.put(name, measure);
    return this;
  }

  /** Takes {@code repetitions} rounds that are quiet, or all that the bound allows. */
  Rounds run(int repetitions) throws IOException, InterruptedException {
    List<Rounds.Round> rounds = new ArrayList<>();
    int left = repetitions;
    Quiet.Mark before = quiet.mark(cores);
    while (left > 0 && rounds.size() < MOST_ROUNDS * repetitions) {
      Map<String, Double> values = new LinkedHashMap<>();
      for (Map.Entry<String, Measure> each : measures.entrySet()) {
        values.put(each.getKey(), each.getValue().value());
      }
      Quiet.Mark after = quiet.mark(cores);
      Rounds.Round round = new Rounds.Round(values, quiet.between(before, after));
      rounds.add(round);
      left -= round.isQuiet() ? 1 : 0;
      before = after;
    }
    return new Rounds(rounds);
  }
}
