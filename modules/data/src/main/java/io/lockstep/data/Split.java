package io.lockstep.data;

/**
 * How the training rows are split into those that are learned from and those that validate.
 *
 * @param validationShare share of the rows, or of their groups, for validation, in [0, 1); the
 *     count is rounded
 * @param method which rows
 * @param seed for {@link SplitMethod#RANDOM}
 */
public record Split(double validationShare, SplitMethod method, long seed) {

  /** All rows are learned from. */
  public static final Split NONE = new Split(0, SplitMethod.LAST, 0);

  public Split {
    if (!(validationShare >= 0 && validationShare < 1)) {
      throw new DataException(
          "data.validation: expected a share from 0 to less than 1, but found " + validationShare);
    }
  }
}
