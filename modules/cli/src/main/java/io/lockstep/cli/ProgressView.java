package io.lockstep.cli;

import io.lockstep.EpochReport;
import io.lockstep.RunInfo;
import io.lockstep.StepReport;
import io.lockstep.TrainingListener;
import io.lockstep.model.CoefficientTable;
import io.lockstep.model.RunFolder;
import io.lockstep.model.RunSummary;
import io.lockstep.training.RunEvent;
import io.lockstep.training.RunEvent.What;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Shows a run while it goes on, and what came out. Used by the thread that trains. */
sealed interface ProgressView extends TrainingListener {

  /** Shows what came out, and where it is. */
  void showEnd(RunSummary summary, String folder);

  /** Whether each epoch is one step, of all rows. */
  private static boolean isStep(EpochReport epoch) {
    return epoch.step() == epoch.epoch();
  }

  /** Shows the coefficients of a generalized linear model, too. */
  private static void showEnd(RunSummary summary, String folder, PrintStream out) {
    ProgressText.end(summary, folder).forEach(out::println);
    coefficients(folder).map(table -> CoefficientText.atEnd(table, folder)).stream()
        .flatMap(List::stream)
        .forEach(out::println);
  }

  private static Optional<CoefficientTable> coefficients(String folder) {
    return RunFolder.isRun(Path.of(folder))
        ? RunFolder.open(Path.of(folder)).readCoefficients()
        : Optional.empty();
  }

  /** What makes coefficients doubtful, where the standard output is not for it. */
  private static void warn(String folder, PrintStream err) {
    coefficients(folder).ifPresent(table -> CoefficientText.warnings(table).forEach(err::println));
  }

  /** One line that is updated in place, and a line that stays for each epoch of several steps. */
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
      width = terminal.width().getAsInt();
      if (isStep(epoch) && epoch.epoch() < epoch.epochs()) {
        return; // The line in place says it.
      }
      terminal.line().clear(); // Its figures are those of the epoch that ended.
      terminal.out().println(ProgressText.epoch(epoch));
    }

    @Override
    public void onEvent(RunEvent event) {
      terminal.out().println(ProgressText.event(event));
    }

    @Override
    public void showEnd(RunSummary summary, String folder) {
      terminal.line().clear();
      terminal.out().println();
      ProgressView.showEnd(summary, folder, terminal.out());
    }
  }

  /**
   * A line for each report of progress and for each epoch. Where these are the same, one for each
   * report: that of the epoch, with the loss of this step rather than the mean since the report
   * before.
   */
  final class Lines implements ProgressView {

    private final Terminal terminal;
    private boolean due;

    Lines(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public void onStart(RunInfo run) {
      ProgressText.start(run).forEach(terminal.out()::println);
      terminal.out().println();
    }

    @Override
    public void onStep(StepReport step) {
      due |= step.regular();
      if (step.regular() && step.step() != step.epoch()) {
        terminal.out().println(ProgressText.step(step));
      }
    }

    @Override
    public void onEpoch(EpochReport epoch) {
      if (due || !isStep(epoch) || epoch.epoch() == epoch.epochs()) {
        terminal.out().println(ProgressText.epoch(epoch));
        due = false;
      }
    }

    @Override
    public void onEvent(RunEvent event) {
      terminal.out().println(ProgressText.event(event));
    }

    @Override
    public void showEnd(RunSummary summary, String folder) {
      terminal.out().println();
      ProgressView.showEnd(summary, folder, terminal.out());
    }
  }

  /** Only what came out. */
  record Quiet(Terminal terminal) implements ProgressView {

    private static final Set<What> WARNINGS = Set.of(What.DAMAGED, What.UNSAVED, What.UNTRACED);

    @Override
    public void onEvent(RunEvent event) {
      if (WARNINGS.contains(event.what())) {
        terminal.err().println("lockstep: " + ProgressText.event(event));
      }
    }

    @Override
    public void showEnd(RunSummary summary, String folder) {
      ProgressText.end(summary, folder).forEach(terminal.out()::println);
      warn(folder, terminal.err());
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
      warn(folder, terminal.err());
    }
  }
}
