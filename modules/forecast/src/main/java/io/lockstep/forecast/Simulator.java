package io.lockstep.forecast;

import java.util.Set;

/** Trains a model on machines that are not there. */
public interface Simulator {

  /**
   * @param cluster the machines
   * @param size of a step
   * @param free what is to cost no time
   */
  Simulated run(ClusterSpec cluster, Size size, Set<Resource> free);

  /**
   * What a step is.
   *
   * @param rows of all workers together
   * @param microBatches that these are cut into
   */
  record Size(int rows, int microBatches) {

    /** How many of so many have a micro-batch: each has one before any has two. */
    public int busy(int workers) {
      return Math.min(workers, microBatches);
    }
  }
}
