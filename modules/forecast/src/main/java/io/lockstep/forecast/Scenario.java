package io.lockstep.forecast;

import java.util.function.LongFunction;

/**
 * What is asked, of any cluster.
 *
 * @param simulators one for each seed; the same seed, the same steps
 * @param seed of the first draw; the next ones follow it
 * @param work what is to be trained
 * @param failures what may fail
 * @param mostServers there can be: pieces of θ that are not divided
 */
public record Scenario(
    LongFunction<Simulator> simulators, long seed, Work work, Failures failures, int mostServers) {}
