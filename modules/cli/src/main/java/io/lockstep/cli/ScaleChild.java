package io.lockstep.cli;

import io.lockstep.cluster.launch.JavaCommand;
import io.lockstep.model.MetricsFollower;
import io.lockstep.model.RunFolder;
import io.lockstep.wire.WireSettings.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Makes each run with a process of its own, by the command line that a user would give: no run
 * finds the heap or the compiled code of another. The output of each is in a file beside its
 * folder.
 *
 * @param java this program
 * @param conf the configuration, as the command's argument
 * @param jars files with layers of the user's own
 * @param processes how worker processes are started; null: all workers in one JVM
 */
record ScaleChild(JavaCommand java, String conf, List<Path> jars, Processes processes)
    implements ScaleRunner {

  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  /** A run that is asked to end saves what it has learned, for a minute at most. */
  private static final Duration PATIENCE = Duration.ofSeconds(70);

  /** Of a process that has ended for a request to terminate, by custom. */
  private static final int TERMINATED = 143;

  /**
   * Worker processes.
   *
   * @param workersEach workers of each
   * @param transport as of {@code launch}
   */
  record Processes(int workersEach, Transport transport) {}

  @Override
  public void run(ScaleJob job) {
    Path log = Path.of(job.folder() + ".log");
    try (BoundProcess child = start(job, log)) {
      boolean enough = awaitEnd(job, child);
      int exit = child.process().exitValue();
      if (exit != ExitCode.OK && !(enough && exit == TERMINATED)) {
        throw new ScaleException(
            "%s: the run ended with exit code %d: %s".formatted(job.folder(), exit, lastLine(log)));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new ScaleException(job.folder() + ": interrupted");
    }
  }

  private BoundProcess start(ScaleJob job, Path log) {
    try {
      Files.createDirectories(job.folder().toAbsolutePath().getParent());
      ProcessBuilder builder =
          new ProcessBuilder(java.line(words(job)))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      BoundProcess child = BoundProcess.start(builder, PATIENCE);
      child.process().getOutputStream().close();
      return child;
    } catch (IOException | IllegalStateException failure) {
      throw new ScaleException(
          "%s: the run cannot be started: %s".formatted(job.folder(), failure.getMessage()));
    }
  }

  /** The command line of a run, after the program's name. */
  List<String> words(ScaleJob job) {
    List<String> words = new ArrayList<>(List.of(processes == null ? "train" : "launch", conf));
    int each = processes == null ? 1 : processes.workersEach();
    words.addAll(List.of("--quiet", "--workers", "" + job.cell().workers() / each));
    words.addAll(List.of("--servers", "" + job.cell().servers()));
    if (processes != null) {
      words.addAll(List.of("--workers-per-node", "" + each));
      words.addAll(List.of("--transport", word(processes.transport())));
      words.addAll(List.of("--restarts", "0")); // What starts again has no speed of its own.
    }
    job.settings().forEach(setting -> words.addAll(List.of("--set", setting)));
    jars.forEach(jar -> words.addAll(List.of("--jar", jar.toString())));
    words.addAll(List.of("--out", job.folder().toString()));
    return words;
  }

  private static String word(Transport transport) {
    return transport.name().toLowerCase(Locale.ROOT);
  }

  /** Returns whether it was ended, since it had reached what it was to reach. */
  private static boolean awaitEnd(ScaleJob job, BoundProcess child) throws InterruptedException {
    Process process = child.process();
    if (job.until() == null) {
      process.waitFor();
      return false;
    }
    MetricsFollower metrics = new MetricsFollower(job.folder().resolve(RunFolder.METRICS));
    while (!process.waitFor(LOOK_EVERY)) {
      if (job.until().test(metrics.more())) {
        child.end();
        return true;
      }
    }
    return false;
  }

  private static String lastLine(Path log) {
    try {
      return Files.readAllLines(log).stream()
          .filter(line -> !line.isBlank())
          .reduce((first, second) -> second)
          .orElse("it said nothing");
    } catch (IOException unreadable) {
      return log + " cannot be read";
    }
  }
}
