package io.lockstep.cli;

import io.lockstep.EpochReport;
import io.lockstep.RunInfo;
import io.lockstep.StepReport;
import io.lockstep.TrainingListener;
import io.lockstep.model.RunSummary;
import io.lockstep.training.RunEvent;
import io.lockstep.training.RunEvent.What;

/** Shows a run while it goes on, and what came out. Used by the thread that trains. */
sealed interface ProgressView extends TrainingListener {

  /** Shows what came out, and where it is. */
  void showEnd(RunSummary summary, String folder);

  /** One line that is updated in place, and a line that stays for each epoch. */
  final class Live implements ProgressView {

    /**
     * The echo of Ctrl-C fits behind the line, and the last column stays free: some terminals wrap
     * there.
     */
    private static final int MARGIN = 3;

    private final Terminal terminal;
    private int width;

    Live(Terminal terminal) {
      this.terminal = terminal;
      this.width = terminal.width().getAsInt();
    }

    @Override
    public void onStart(RunInfo run) {
      ProgressText.start(run).forEach(terminal.out()::println);
      terminal.out().println();
    }

    @Override
    public void onStep(StepReport step) {
      terminal.line().show(ProgressText.step(step, width - MARGIN));
    }

    @Override
    public void onEpoch(EpochReport epoch) {
      terminal.line().clear(); // Its figures are those of the epoch that ended.
      terminal.out().println(ProgressText.epoch(epoch));
      width = terminal.width().getAsInt();
    }

    @Override
    public void onEvent(RunEvent event) {
      terminal.out().println(ProgressText.event(event));
    }

    @Override
    public void showEnd(RunSummary summary, String folder) {
      terminal.line().clear();
      terminal.out().println();
      ProgressText.end(summary, folder).forEach(terminal.out()::println);
    }
  }

  /** A line for each report of progress and for each epoch. */
  record Lines(Terminal terminal) implements ProgressView {

    @Override
    public void onStart(RunInfo run) {
      ProgressText.start(run).forEach(terminal.out()::println);
      terminal.out().println();
    }

    @Override
    public void onStep(StepReport step) {
      if (step.regular()) {
        terminal.out().println(ProgressText.step(step));
      }
    }

    @Override
    public void onEpoch(EpochReport epoch) {
      terminal.out().println(ProgressText.epoch(epoch));
    }

    @Override
    public void onEvent(RunEvent event) {
      terminal.out().println(ProgressText.event(event));
    }

    @Override
    public void showEnd(RunSummary summary, String folder) {
      terminal.out().println();
      ProgressText.end(summary, folder).forEach(terminal.out()::println);
    }
  }

  /** Only what came out. */
  record Quiet(Terminal terminal) implements ProgressView {

    @Override
    public void onEvent(RunEvent event) {
      if (event.what() == What.DAMAGED || event.what() == What.UNSAVED) {
        terminal.err().println("lockstep: " + ProgressText.event(event));
      }
    }

    @Override
    public void showEnd(RunSummary summary, String folder) {
      ProgressText.end(summary, folder).forEach(terminal.out()::println);
    }
  }

  /** A line of JSON for each event. */
  record Json(Terminal terminal) implements ProgressView {

    @Override
    public void onStart(RunInfo run) {
      terminal.out().println(ProgressJson.start(run));
    }

    @Override
    public void onStep(StepReport step) {
      if (step.regular()) {
        terminal.out().println(ProgressJson.step(step));
      }
    }

    @Override
    public void onEpoch(EpochReport epoch) {
      terminal.out().println(ProgressJson.epoch(epoch));
    }

    @Override
    public void onEvent(RunEvent event) {
      terminal.out().println(ProgressJson.event(event));
    }

    @Override
    public void showEnd(RunSummary summary, String folder) {
      terminal.out().println(ProgressJson.end(summary, folder));
    }
  }
}
