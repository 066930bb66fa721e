package io.lockstep.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code lockstep stop}. */
@Command(
    name = "stop",
    description = "Ends a launched run within two steps; what was learned so far is kept.",
    footer = {"", "Example:", "  lockstep stop runs/mnist-20260101-120000"})
final class StopCommand implements Callable<Integer> {

  /** A little more than a launcher takes at most to save what was learned and end its nodes. */
  private static final long PATIENCE_SECONDS = 90;

  private final Terminal terminal;

  @Parameters(paramLabel = "RUN", description = "The folder of the run.")
  private Path run;

  StopCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException, ExecutionException {
    LaunchRecord launch = LaunchRecord.read(run);
    if (!launch.isHere()) {
      throw new BadInputException(
          "%s: its launcher runs on %s; stop it there".formatted(run, launch.machine()));
    }
    Optional<ProcessHandle> launcher = launch.process();
    if (launcher.isEmpty()) {
      terminal.out().println(run + ": is not running any more");
      return ExitCode.OK;
    }
    launcher.get().destroy();
    try {
      launcher.get().onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      terminal
          .err()
          .println(
              "lockstep: %s: its launcher, process %d, has not ended after %d s; kill it with: kill -9 %d"
                  .formatted(run, launch.pid(), PATIENCE_SECONDS, launch.pid()));
      return ExitCode.FAILURE;
    }
    terminal.out().println(run + ": stopped");
    return ExitCode.OK;
  }
}
