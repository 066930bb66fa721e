package io.lockstep.data.formula;

/**
 * What a formula leaves open.
 *
 * @param na for missing cells
 * @param unseen for levels that turn up only later
 * @param coding of factors
 */
public record EncodingOptions(NaAction na, UnseenLevels unseen, FactorCoding coding) {

  /** As R does by default. */
  public static final EncodingOptions DEFAULT =
      new EncodingOptions(NaAction.DROP, UnseenLevels.FAIL, FactorCoding.TREATMENT);
}
