package io.lockstep.cli;

import io.lockstep.cluster.launch.JavaCommand;
import io.lockstep.model.RunFolder;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts the same launch in the background: a session of its own where the system has {@code
 * setsid}, deaf to the terminal's end, its output in the run's folder.
 *
 * @param terminal to tell what became of it
 * @param java this program
 * @param folder of the run
 */
record DetachedLaunch(Terminal terminal, JavaCommand java, Path folder) {

  private static final String BACKGROUND =
      "trap '' INT HUP; if command -v setsid >/dev/null 2>&1; then exec setsid \"$@\"; else exec \"$@\"; fi";

  private static final Duration PATIENCE = Duration.ofSeconds(180);
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  /**
   * Starts it, in a folder that is claimed, with the words of this command line; returns when its
   * nodes are there.
   */
  int start(List<String> arguments) {
    Process launcher = startProcess(arguments);
    LaunchRecord.starting(launcher.toHandle()).write(folder);
    if (!awaitRunning(launcher)) {
      return ended(launcher);
    }
    terminal.out().println("launched in the background: " + folder);
    terminal
        .out()
        .println("  lockstep attach " + folder + "    shows how it goes; Ctrl-C leaves it");
    terminal
        .out()
        .println("  lockstep stop " + folder + "      ends it, and keeps what was learned");
    return ExitCode.OK;
  }

  /** Whether the training began; otherwise the launcher has ended, or is about to. */
  private boolean awaitRunning(Process launcher) {
    try {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (LaunchRecord.read(folder).state() == LaunchRecord.State.STARTING
          && System.nanoTime() < deadline
          && !launcher.waitFor(LOOK_EVERY)) {
        // Looks again.
      }
      boolean ended = LaunchRecord.read(folder).state() == LaunchRecord.State.ENDED;
      return !(ended && launcher.waitFor(PATIENCE)) && launcher.isAlive();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return launcher.isAlive();
    }
  }

  static Path log(Path run) {
    return RunFolder.logsFolder(run).resolve("launcher.log");
  }

  private Process startProcess(List<String> arguments) {
    List<String> words = new ArrayList<>(arguments);
    words.addAll(List.of("--detached-into", folder.toString()));
    List<String> command = new ArrayList<>(List.of("sh", "-c", BACKGROUND, "lockstep"));
    command.addAll(java.line(words));
    try {
      return new ProcessBuilder(command)
          .redirectInput(new File("/dev/null"))
          .redirectErrorStream(true)
          .redirectOutput(log(folder).toFile())
          .start();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Before its nodes were there, or so quickly that nobody saw it run. */
  private int ended(Process launcher) {
    PrintStream stream = launcher.exitValue() == ExitCode.OK ? terminal.out() : terminal.err();
    try {
      Files.readAllLines(log(folder)).forEach(stream::println);
    } catch (IOException unreadable) {
      terminal.err().println("lockstep: %s cannot be read".formatted(log(folder)));
    }
    return launcher.exitValue();
  }
}
