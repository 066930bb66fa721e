package io.lockstep.cli;

import io.lockstep.model.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code lockstep attach}. */
@Command(
    name = "attach",
    description = "Shows the progress of a launched run until it ends; Ctrl-C leaves it alone.",
    footer = {
      "",
      "The exit code is that of the run.",
      "",
      "Example:",
      "  lockstep attach runs/mnist-20260101-120000"
    })
final class AttachCommand implements Callable<Integer> {

  /** The run is another process's, and may be on a shared file system that tells of no changes. */
  private static final long LOOK_EVERY_MS = 200;

  private static final int LAST_LINES = 12;

  private final Terminal terminal;

  @Parameters(paramLabel = "RUN", description = "The folder of the run.")
  private Path run;

  @ArgGroup private TrainOptions.Output output = new TrainOptions.Output();

  AttachCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    ProgressView view = output.view(terminal);
    RunFollower follower = new RunFollower(run, view);
    LaunchRecord launch = awaitRunning();
    if (output.talkative()) {
      launch.heading().forEach(terminal.out()::println);
      terminal.out().println();
    }
    boolean alive = true;
    while (alive) {
      launch = LaunchRecord.read(run);
      alive = launch.isAlive(); // Asked before reading: nothing is written afterwards.
      follower.showMore(launch);
      if (alive) {
        Thread.sleep(LOOK_EVERY_MS); // The launcher tells by files alone, from another process.
      }
    }
    follower.showPending(launch, null);
    return showEnd(view, LaunchRecord.read(run));
  }

  private LaunchRecord awaitRunning() throws InterruptedException {
    LaunchRecord launch = LaunchRecord.read(run);
    while (launch.state() == LaunchRecord.State.STARTING && launch.isAlive()) {
      Thread.sleep(LOOK_EVERY_MS); // As above.
      launch = LaunchRecord.read(run);
    }
    return launch;
  }

  private int showEnd(ProgressView view, LaunchRecord launch) {
    if (RunFolder.isRun(run) && Files.exists(RunFolder.open(run).summaryFile())) {
      view.showEnd(RunFolder.open(run).readSummary(), run.toString());
      return launch.exitCode() == null ? ExitCode.FAILURE : launch.exitCode();
    }
    terminal.line().clear();
    terminal.err().println("lockstep: " + run + ": its launcher ended without a result");
    lastLines().forEach(line -> terminal.err().println("  | " + line));
    return launch.exitCode() == null ? ExitCode.FAILURE : launch.exitCode();
  }

  private List<String> lastLines() {
    try {
      List<String> lines = Files.readAllLines(DetachedLaunch.log(run));
      return lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
    } catch (IOException notDetached) {
      return List.of();
    }
  }
}
