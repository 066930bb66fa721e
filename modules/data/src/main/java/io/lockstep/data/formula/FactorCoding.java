package io.lockstep.data.formula;

/** The columns that a factor has. */
public enum FactorCoding {
  /**
   * As R's {@code contr.treatment}: one for each level but the first, and one for each level where
   * the terms before do not hold the first one already.
   */
  TREATMENT,
  /** One for each level, always. */
  ONE_HOT
}
