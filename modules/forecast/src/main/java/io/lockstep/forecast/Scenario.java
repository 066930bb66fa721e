package io.lockstep.forecast;

import java.util.concurrent.Executor;
import java.util.function.LongFunction;

/**
 * What is asked, of any cluster.
 *
 * @param simulators one for each seed; the same seed, the same steps, in any thread
 * @param seed of what is drawn by lot, up to {@link #MOST_SEED}: no two have a draw in common
 * @param work what is to be trained
 * @param failures what may fail
 * @param mostServers there can be: pieces of θ that are not divided
 * @param others who help to simulate; no answer depends on them
 */
public record Scenario(
    LongFunction<Simulator> simulators,
    long seed,
    Work work,
    Failures failures,
    int mostServers,
    Executor others) {

  /** The largest seed; the smallest one is its negative. */
  public static final long MOST_SEED = Runs.MOST_SEED;

  /** The seed for what failures cost: what it draws is drawn for nothing else. */
  public static long seedOfLosses(long seed) {
    return Runs.seed(seed, Runs.DRAWS);
  }
}
