package io.lockstep.data;

/** Which of the training rows, or of their groups, are put aside for validation. */
public enum SplitMethod {
  /** The last ones. */
  LAST,
  /** Drawn at random, by seed. */
  RANDOM,
  /** At equal distances: of a share of 0.2 every fifth. */
  EVENLY
}
