package io.lockstep.training;

/**
 * What early stopping needs to know of a run's validations so far; see {@link EarlyStopping}.
 *
 * @param version the last that was validated; 0 if none was
 * @param bestVersion the one with the least loss, the first of equals; 0 if there is none
 * @param bestLoss its loss; infinite if there is none
 * @param improvedLoss loss of the last improvement; infinite if there was none
 * @param epochsSince epochs that were validated since then
 */
public record Validations(
    long version, long bestVersion, double bestLoss, double improvedLoss, int epochsSince) {

  /** Nothing was validated. */
  public static final Validations NONE =
      new Validations(0, 0, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, 0);
}
