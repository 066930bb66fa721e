package io.lockstep.data.formula;

/** What is done with a level of a factor that the table which was fitted did not have. */
public enum UnseenLevels {
  /** It is an error. */
  FAIL,
  /** It counts as the first level. */
  REFERENCE,
  /**
   * It counts as none of the levels: all of the factor's columns are 0. Where the factor is
   * embedded it gets the mean of the levels' rows.
   */
  OTHER,
  /** It counts as a missing cell. */
  MISSING
}
