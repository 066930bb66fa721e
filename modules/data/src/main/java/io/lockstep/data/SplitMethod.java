package io.lockstep.data;

/** Which of the training rows are put aside for validation. */
public enum SplitMethod {
  /** The last ones. */
  LAST,
  /** Drawn at random, by seed. */
  RANDOM
}
