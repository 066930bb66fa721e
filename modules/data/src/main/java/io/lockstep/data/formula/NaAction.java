package io.lockstep.data.formula;

/** What is done with rows in which a cell that the formula needs is missing. */
public enum NaAction {
  /** They are left out, and counted. */
  DROP,
  /** The first one is an error. */
  FAIL,
  /**
   * A missing number or date becomes the mean of its column in the table that was fitted, a missing
   * text the most frequent one. Rows without a response are left out.
   */
  IMPUTE
}
