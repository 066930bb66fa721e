package io.lockstep.training;

import java.util.Locale;

/**
 * What follows the end of an epoch where its validation decides something: the leading shard keeps
 * the validation from the workers, who wait for it, until it is told to let them go on.
 */
final class EpochEnds {

  private final RunState run;
  private final Ending ending;
  private final EarlyStopping rule;
  private Validations validations;

  EpochEnds(RunState run, Ending ending) {
    this.run = run;
    this.ending = ending;
    this.rule = run.shape.stopping();
    this.validations = run.shape.validations();
  }

  /** Ends the run, or lets it go on; before that the weights are copied that may be its result. */
  void validated(long version, StepSums sums) {
    if (!rule.decides() || !run.is(Phase.TRAINING) || version >= run.shape.steps()) {
      return;
    }
    validations = rule.after(validations, version, sums.loss() / sums.weight());
    if (rule.isOver(validations)) {
      ending.endEarly(new RunEvent(RunEvent.What.STOPPED, version, "", reason()));
    } else if (rule.restoreBest() && validations.bestVersion() == version) {
      run.checkpoints.demand(version);
    } else {
      run.goOn(version);
    }
  }

  private String reason() {
    return String.format(
        Locale.ROOT,
        "the loss on the validation rows has not improved for %d epoch%s; the least was %.4f, after step %d",
        validations.epochsSince(),
        validations.epochsSince() == 1 ? "" : "s",
        validations.bestLoss(),
        validations.bestVersion());
  }
}
