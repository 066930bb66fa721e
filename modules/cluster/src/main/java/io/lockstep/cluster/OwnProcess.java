package io.lockstep.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;

/** Signals that this process sends to itself, as nobody else can on another host. */
final class OwnProcess {

  private static final String PID = Long.toString(ProcessHandle.current().pid());

  private OwnProcess() {}

  /** Ends it as {@code kill -9} does: nothing is closed or said. */
  static void kill() {
    run(List.of("kill", "-KILL", PID));
  }

  /** Stops it; another process lets it go on after whole seconds. */
  static void pause(Duration time) {
    String script = "kill -STOP \"$1\"; sleep \"$2\"; kill -CONT \"$1\"";
    run(List.of("sh", "-c", script, "lockstep-pause", PID, Long.toString(time.toSeconds())));
  }

  private static void run(List<String> command) {
    try {
      new ProcessBuilder(command)
          .redirectOutput(Redirect.DISCARD)
          .redirectError(Redirect.DISCARD)
          .start();
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot run " + command, failure);
    }
  }
}
