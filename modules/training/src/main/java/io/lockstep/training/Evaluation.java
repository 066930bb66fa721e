package io.lockstep.training;

import io.lockstep.data.Partition;

/**
 * A part of the data that a version is evaluated on, in units of fixed rows that are planned and
 * summed like leaves.
 */
public enum Evaluation {
  /** The rows held out of training. */
  VALIDATION,
  /** The test rows. */
  TEST;

  /** Rows of one unit. */
  public static final int UNIT_ROWS = 128;

  /** The rows to evaluate on. */
  public Partition rows(Job job) {
    return this == VALIDATION ? job.data().validation() : job.data().test();
  }

  /** Number of units. */
  public int units(Job job) {
    return Math.ceilDiv(rows(job).size(), UNIT_ROWS);
  }
}
