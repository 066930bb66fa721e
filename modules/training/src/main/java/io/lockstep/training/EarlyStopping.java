package io.lockstep.training;

/**
 * What the losses on the validation rows decide: whether a run ends before its last step, and which
 * epoch's weights are its result (Prechelt, Early Stopping — But When?, 1998). A pure function of
 * these losses, which are the same with any number of workers.
 *
 * @param patience the run ends after so many epochs without improvement; 0: never
 * @param minDelta a loss is an improvement if it is less by more than this than that of the last
 *     improvement
 * @param restoreBest whether the weights with the least loss are the result, and not the last ones
 */
public record EarlyStopping(int patience, double minDelta, boolean restoreBest) {

  /** All steps are done, and the last weights are the result. */
  public static final EarlyStopping OFF = new EarlyStopping(0, 0, false);

  /** Whether an epoch's validation decides anything: then no step begins before that is known. */
  public boolean decides() {
    return patience > 0 || restoreBest;
  }

  /**
   * What is known after one more validation; the same as before if that version was known.
   *
   * @param loss mean loss of a validation row; one that is not a number is no improvement
   */
  public Validations after(Validations before, long version, double loss) {
    if (version <= before.version()) {
      return before;
    }
    boolean best = loss < before.bestLoss();
    boolean improvement = loss < before.improvedLoss() - minDelta;
    return new Validations(
        version,
        best ? version : before.bestVersion(),
        best ? loss : before.bestLoss(),
        improvement ? loss : before.improvedLoss(),
        improvement ? 0 : before.epochsSince() + 1);
  }

  /** Whether the run ends with its last validation. */
  public boolean isOver(Validations validations) {
    return patience > 0 && validations.epochsSince() >= patience;
  }
}
