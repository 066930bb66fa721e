package io.lockstep.forecast;

import java.util.List;

/**
 * What passes through the network cost.
 *
 * @param scripts passes over 1, 2, 4 … leaves, up to the most leaves that a pass takes at once
 * @param evaluationNanos of the evaluation of one unit
 * @param slowdowns at index t − 1: how many times as long a pass takes while t threads compute, up
 *     to the cores of the machine; the first is 1
 */
public record PassCosts(List<PassScript> scripts, double evaluationNanos, List<Double> slowdowns) {

  /** The pass over so many leaves: of the next power of two that was measured. */
  public PassScript script(int leaves) {
    for (PassScript script : scripts) {
      if (script.leaves() >= leaves) {
        return script;
      }
    }
    return scripts.getLast();
  }

  /** How many times as long a pass takes while so many threads compute on its machine. */
  public double slowdown(int threads) {
    return slowdowns.get(Math.min(threads, slowdowns.size()) - 1);
  }
}
