package io.lockstep.cli;

import io.lockstep.cluster.launch.JavaCommand;
import io.lockstep.model.MetricsFollower;
import io.lockstep.model.RunFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

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

  /** Of a process that has ended for a request to terminate, by custom. */
  private static final int TERMINATED = 143;

  /**
   * Worker processes.
   *
   * @param workersEach workers of each
   * @param transport as of {@code launch}
   */
  record Processes(int workersEach, String transport) {}

  @Override
  public void run(ScaleJob job) {
    Path log = Path.of(job.folder() + ".log");
    Process process = start(job, log);
    Thread ending = new Thread(() -> end(process), "lockstep-scale-end");
    Runtime.getRuntime().addShutdownHook(ending);
    try {
      boolean enough = awaitEnd(job, process);
      int exit = process.exitValue();
      if (exit != ExitCode.OK && !(enough && exit == TERMINATED)) {
        throw new ScaleException(
            "%s: the run ended with exit code %d: %s".formatted(job.folder(), exit, lastLine(log)));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new ScaleException(job.folder() + ": interrupted");
    } finally {
      process.destroy();
      letGo(ending);
    }
  }

  private Process start(ScaleJob job, Path log) {
    try {
      Files.createDirectories(job.folder().getParent());
      Process process =
          new ProcessBuilder(java.line(words(job)))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      process.getOutputStream().close();
      return process;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
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
      words.addAll(List.of("--transport", processes.transport()));
    }
    job.settings().forEach(setting -> words.addAll(List.of("--set", setting)));
    jars.forEach(jar -> words.addAll(List.of("--jar", jar.toString())));
    words.addAll(List.of("--out", job.folder().toString()));
    return words;
  }

  /** Returns whether it was ended, since it had reached what it was to reach. */
  private static boolean awaitEnd(ScaleJob job, Process process) throws InterruptedException {
    if (job.until() == null) {
      process.waitFor();
      return false;
    }
    MetricsFollower metrics = new MetricsFollower(job.folder().resolve(RunFolder.METRICS));
    while (!process.waitFor(LOOK_EVERY)) {
      if (job.until().firstIn(metrics.more()).isPresent()) {
        process.destroy();
        process.waitFor();
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

  /** The JVM ends, for instance by Ctrl-C: so does the run, which saves nothing more. */
  private static void end(Process process) {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void letGo(Thread ending) {
    try {
      Runtime.getRuntime().removeShutdownHook(ending);
    } catch (IllegalStateException shuttingDown) {
      // It is what runs, and it ends the process.
    }
  }
}
