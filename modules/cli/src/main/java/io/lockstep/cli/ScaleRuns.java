package io.lockstep.cli;

import io.lockstep.config.Configuration;
import io.lockstep.model.Metrics;
import io.lockstep.model.MetricsLog;
import io.lockstep.model.RunFolder;
import io.lockstep.model.RunLock;
import io.lockstep.model.RunSummary;
import io.lockstep.report.scale.ScaleCell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The runs of a scaling experiment: where they are, which of them are there, and how others are
 * made. Those that are there already, whole and with the same configuration, are not made again.
 *
 * @param folder of all of them
 * @param grid the cells
 * @param runner makes runs
 */
record ScaleRuns(Path folder, ScaleGrid grid, ScaleRunner runner) {

  /** Runs that find out how long others are. */
  private static final String PILOT = "pilot";

  /** One that finds out how long those of a cell are. */
  ScaleJob pilot(ScaleCell cell, List<String> more, Predicate<List<Metrics>> until) {
    return job(cell, PILOT, more, until);
  }

  /** One that counts. */
  ScaleJob round(ScaleCell cell, int number, List<String> more) {
    return job(cell, name(number), more, null);
  }

  private ScaleJob job(
      ScaleCell cell, String name, List<String> more, Predicate<List<Metrics>> until) {
    List<String> settings = new ArrayList<>(grid.settings(cell));
    settings.addAll(more);
    return new ScaleJob(cell, path(cell, name), settings, until);
  }

  private static String name(int round) {
    return "round-" + round;
  }

  private Path path(ScaleCell cell, String name) {
    return folder
        .resolve(
            "workers-%d-servers-%d-batch-%d"
                .formatted(cell.workers(), cell.servers(), cell.batch()))
        .resolve(name);
  }

  /** Where the runs of so many rounds are, those that are there and those that are not. */
  List<Path> ofRounds(int rounds) {
    return grid.cells().stream()
        .flatMap(cell -> IntStream.rangeClosed(1, rounds).mapToObj(n -> path(cell, name(n))))
        .toList();
  }

  /**
   * Refuses to work beside a run that is still going on, such as one whose experiment was killed.
   *
   * @throws BadInputException or {@link io.lockstep.model.ModelException} if there is one
   */
  void requireRest(int rounds) {
    Stream.concat(grid.cells().stream().map(cell -> path(cell, PILOT)), ofRounds(rounds).stream())
        .filter(path -> isThere(path) && !hasEnded(path))
        .forEach(path -> hold(path).close());
  }

  /**
   * Takes the folder of a run that nobody is at work on.
   *
   * @throws BadInputException or {@link io.lockstep.model.ModelException} if somebody is
   */
  private static RunLock hold(Path run) {
    requireNoLauncher(run);
    return RunLock.take(run);
  }

  /** Before its first step a launcher has not locked the folder, and nobody else must. */
  private static void requireNoLauncher(Path run) {
    if (!isFilled(RunFolder.launchFile(run))) {
      return;
    }
    LaunchRecord launch = LaunchRecord.read(run);
    boolean atWork =
        launch.state() != LaunchRecord.State.ENDED
            && launch.isHere()
            && launch.process().isPresent();
    if (atWork) {
      throw new BadInputException(
          "%s: the run is still going on, in process %d; end that first"
              .formatted(run, launch.pid()));
    }
  }

  /** One that is empty was broken off while it was made. */
  private static boolean isFilled(Path file) {
    try {
      return Files.isRegularFile(file) && Files.size(file) > 0;
    } catch (IOException failure) {
      throw new BadInputException("%s: cannot be read: %s".formatted(file, failure), failure);
    }
  }

  /** Whether somebody has begun to make a run, be it only to start its processes. */
  private static boolean isThere(Path run) {
    return RunFolder.isRun(run) || Files.exists(RunFolder.launchFile(run));
  }

  /** Whether a run's folder tells what it is a run of. */
  static boolean hasBegun(Path run) {
    return RunFolder.isRun(run) && isFilled(RunFolder.open(run).configFile());
  }

  /** Whether a run has come to an end, be it before its last step. */
  static boolean hasEnded(Path run) {
    return RunFolder.isRun(run) && Files.exists(RunFolder.open(run).summaryFile());
  }

  /** Whether one that has ended has done all its steps. */
  static boolean isFinished(RunFolder run) {
    return run.readSummary().status() == RunSummary.Status.FINISHED;
  }

  /** Whether a run is there and counts; one that cannot be read, for whatever reason, does not. */
  boolean isFinished(ScaleJob job) {
    try {
      if (!hasEnded(job.folder())) {
        return false;
      }
      requireSame(job);
      return isFinished(RunFolder.open(job.folder()));
    } catch (RuntimeException unreadable) {
      return false; // Such as one that is being deleted.
    }
  }

  /**
   * Refuses a run that was made otherwise, if it is there.
   *
   * @throws BadInputException that names a key that differs
   */
  void requireSame(ScaleJob job) {
    if (hasBegun(job.folder())) {
      new EarlierRun(job.folder()).requireSame(configuration(job));
    }
  }

  /** That of a run. */
  Configuration configuration(ScaleJob job) {
    return grid.configuration(job.cell(), job.settings());
  }

  /** What a run told while it went on. */
  static List<Metrics> metrics(ScaleJob job) {
    return MetricsLog.read(RunFolder.open(job.folder()).metricsFile());
  }

  /**
   * Makes a run, unless it is there and {@code whole}; one that was broken off, wherever, is made
   * anew, and what was found in it is forgotten. Returns whether it did.
   *
   * @throws ScaleException if it does not end well
   * @throws BadInputException if there is one of another configuration
   * @throws io.lockstep.model.ModelException if there is one that is still going on
   */
  boolean make(ScaleJob job, Predicate<RunFolder> whole) {
    Path path = job.folder();
    requireSame(job);
    if (hasEnded(path) && whole.test(RunFolder.open(path))) {
      return false;
    }
    if (isThere(path)) {
      try (RunLock held = hold(path)) {
        delete(path);
      }
    }
    ScaleFinding.forget(path);
    runner.run(job);
    return true;
  }

  /** Its configuration last: what is left of a folder that is half deleted is a run. */
  static void delete(Path folder) {
    Path config = RunFolder.isRun(folder) ? RunFolder.open(folder).configFile() : folder;
    Comparator<Path> order = Comparator.comparing(file -> config.startsWith(file));
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(order.thenComparing(Comparator.reverseOrder())).toList()) {
        Files.delete(file);
      }
    } catch (IOException failure) {
      throw new BadInputException(
          "%s: a run that was broken off cannot be deleted: %s".formatted(folder, failure),
          failure);
    }
  }
}
