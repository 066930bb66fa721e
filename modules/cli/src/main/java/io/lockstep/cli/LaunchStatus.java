package io.lockstep.cli;

import io.lockstep.model.Metrics;
import io.lockstep.model.MetricsLog;
import io.lockstep.model.RunFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a launched run is, in words.
 *
 * @param folder of the run
 * @param launch what its launcher tells
 * @param step the last one that was reported
 */
record LaunchStatus(Path folder, LaunchRecord launch, long step) {

  LaunchStatus(Path folder) {
    this(folder, LaunchRecord.read(folder), lastStep(folder));
  }

  private static long lastStep(Path folder) {
    Path metrics = folder.resolve(RunFolder.METRICS);
    return Files.exists(metrics)
        ? MetricsLog.read(metrics).stream().mapToLong(Metrics::step).max().orElse(0)
        : 0;
  }

  /** For {@link #addTo}. */
  static Table table() {
    return new Table("run", "state", "step", "of", "nodes", "launcher");
  }

  /** Adds a row of a table of runs. */
  void addTo(Table table) {
    table.row(
        folder.toString(),
        state(),
        Figures.count(step),
        Figures.count(launch.steps()),
        Figures.count(launch.nodes().stream().filter(node -> !isGone(node)).count()),
        launcher());
  }

  private boolean hasCheckpoint() {
    return RunFolder.isRun(folder) && !RunFolder.open(folder).checkpoints().versions().isEmpty();
  }

  /** One run: how it is, what can be done, and its nodes. */
  List<String> details() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s: %s, step %s of %s"
            .formatted(folder, state(), Figures.count(step), Figures.count(launch.steps())));
    lines.add(
        launch.isAlive()
            ? "its launcher is " + launcher()
            : "its launcher was %s, which has ended".formatted(launcher()));
    if (state().equals(KILLED)) {
      lines.add(
          hasCheckpoint()
              ? "lockstep launch --resume %s goes on with it".formatted(folder)
              : "it has no checkpoint to go on from");
    }
    lines.add("");
    Table table = new Table("node", "host", "process", "control", "data", "state");
    launch.nodes().forEach(node -> addNode(table, node));
    lines.addAll(table.lines());
    return lines;
  }

  private void addNode(Table table, LaunchRecord.Node node) {
    table.row(
        node.name(),
        node.host(),
        Long.toString(node.pid()),
        node.control(),
        node.data(),
        isGone(node) ? "gone" : "up");
  }

  /** Nodes end with their launcher, whoever ends that. */
  private boolean isGone(LaunchRecord.Node node) {
    return node.gone() || !launch.isAlive();
  }

  private String launcher() {
    return "process %d on %s".formatted(launch.pid(), launch.machine());
  }

  private static final String KILLED = "killed";

  /** Also after its nodes have the run, until one of its steps is reported. */
  private static final String STARTING = "starting";

  private String state() {
    return switch (launch.state()) {
      case ENDED -> outcome(launch.exitCode());
      case STARTING -> launch.isAlive() ? STARTING : KILLED;
      case RUNNING -> launch.isAlive() ? (step > 0 ? "running" : STARTING) : KILLED;
    };
  }

  private static String outcome(int exitCode) {
    return switch (exitCode) {
      case ExitCode.OK -> "finished";
      case ExitCode.INTERRUPTED -> "stopped";
      case ExitCode.DIVERGED -> "diverged";
      case ExitCode.BAD_INPUT -> "refused";
      default -> "failed";
    };
  }
}
