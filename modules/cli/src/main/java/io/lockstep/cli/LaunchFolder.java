package io.lockstep.cli;

import io.lockstep.RunInfo;
import io.lockstep.TrainingListener;
import io.lockstep.model.RunFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder of a run while its launcher works: keeps {@code launch.json} up to date. Thread-safe:
 * the end of a node's process is told by a thread of its own.
 */
final class LaunchFolder implements TrainingListener {

  private final Path path;
  private LaunchRecord record;

  private LaunchFolder(Path path, LaunchRecord record) {
    this.path = path;
    this.record = record;
    record.write(path);
  }

  /**
   * Takes a new or empty folder for a launch, of which there may be one only.
   *
   * @throws BadInputException if it holds something, or cannot be made
   */
  static void claim(Path path) {
    try {
      Files.createDirectories(path);
      try (Stream<Path> files = Files.list(path)) {
        if (files.findAny().isPresent()) {
          throw taken(path, null);
        }
      }
      Files.createFile(RunFolder.launchFile(path));
      Files.createDirectory(RunFolder.logsFolder(path));
    } catch (FileAlreadyExistsException exists) {
      throw taken(path, exists);
    } catch (IOException failure) {
      throw new BadInputException(
          "%s: the folder of the run cannot be made: %s; name another".formatted(path, failure),
          failure);
    }
  }

  /**
   * Takes the folder of an earlier run, to go on with it.
   *
   * @throws BadInputException if it is none, or its launcher is still at work
   */
  static void reclaim(Path path) {
    RunFolder.open(path);
    if (Files.exists(RunFolder.launchFile(path)) && LaunchRecord.read(path).isAlive()) {
      throw new BadInputException(
          path + ": the run is still going on; lockstep attach shows it, lockstep stop ends it");
    }
    try {
      Files.createDirectories(RunFolder.logsFolder(path));
    } catch (IOException failure) {
      throw new BadInputException(
          "%s: the folder cannot be written: %s".formatted(path, failure), failure);
    }
  }

  private static BadInputException taken(Path path, Exception cause) {
    return new BadInputException(
        path + ": expected an empty or new folder for the run, but it holds files; name another",
        cause);
  }

  /** The claimed folder, now of the launcher in this process. */
  static LaunchFolder ofProcess(Path path) {
    return new LaunchFolder(path, LaunchRecord.starting(ProcessHandle.current()));
  }

  Path path() {
    return path;
  }

  Path logs() {
    return RunFolder.logsFolder(path);
  }

  /** Keeps the logs of nodes that have ended beside those of the nodes that follow. */
  private void keepLogs() {
    int attempt = 1;
    while (Files.exists(logs().resolve("attempt-" + attempt))) {
      attempt++;
    }
    Path kept = logs().resolve("attempt-" + attempt);
    try (Stream<Path> files = Files.list(logs())) {
      Files.createDirectory(kept);
      for (Path log : files.filter(f -> f.toString().endsWith(".log")).toList()) {
        Files.move(log, kept.resolve(log.getFileName()));
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** One more node listens. */
  synchronized void nodeIsUp(LaunchRecord.Node node) {
    keep(record.withNodes(Stream.concat(record.nodes().stream(), Stream.of(node)).toList()));
  }

  /** The process of a node has ended. */
  synchronized void nodeIsGone(String name) {
    keep(
        record.withNodes(
            record.nodes().stream()
                .map(node -> node.name().equals(name) ? node.ended() : node)
                .toList()));
  }

  /** Others take the place of all nodes. */
  synchronized void startOver() {
    keep(record.withNodes(List.of()));
    keepLogs();
  }

  @Override
  public synchronized void onStart(RunInfo run) {
    keep(record.running(run));
  }

  synchronized void ended(int exitCode) {
    keep(record.ended(exitCode));
  }

  private void keep(LaunchRecord newer) {
    record = newer;
    record.write(path);
  }
}
