package io.lockstep.model;

import io.lockstep.model.checkpoint.Checkpoint;
import io.lockstep.nn.ParameterLayout;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * A second copy of a run, on another disk or on storage that machines share: a folder of a run
 * itself, from which the run goes on when its own folder is gone. It is brought up to date with
 * each checkpoint; what nothing goes on from, such as a timeline, is in the run's own folder alone.
 * Used by one thread at a time; whoever has it closes it.
 */
public final class RunCopy implements AutoCloseable {

  private final RunFolder run;
  private final RunFolder copy;
  private final RunLock lock;

  private RunCopy(RunFolder run, RunFolder copy) {
    this.run = run;
    this.copy = copy;
    this.lock = RunLock.take(copy.path());
  }

  /** Where the copy of a run lies: in {@code dir}, in a folder that is named like the run's. */
  public static Path pathOf(RunFolder run, Path dir) {
    return dir.resolve(run.path().toAbsolutePath().normalize().getFileName());
  }

  /** Whether the run's folder is where its copy would be: it was resumed from its copy. */
  public static boolean isItself(RunFolder run, Path dir) {
    Path path = pathOf(run, dir);
    try {
      return Files.exists(path) && Files.isSameFile(path, run.path());
    } catch (IOException failure) {
      throw cannot("read", path, failure);
    }
  }

  /**
   * Begins the copy of a new run.
   *
   * @throws ModelException if its place holds something, or cannot be written
   */
  public static RunCopy create(RunFolder run, Path dir) {
    RunFolder copy = RunFolder.create(pathOf(run, dir), configuration(run));
    copy.writeJars(run.readJars());
    return new RunCopy(run, copy);
  }

  /**
   * Goes on with the copy of a run that goes on; makes it if it is not there.
   *
   * @throws ModelException if another run is in its place, or it cannot be written
   */
  public static RunCopy reopen(RunFolder run, Path dir) {
    Path path = pathOf(run, dir);
    if (!RunFolder.isRun(path)) {
      return create(run, dir);
    }
    RunFolder copy = RunFolder.open(path);
    if (!configuration(copy).equals(configuration(run))) {
      throw new ModelException(
          "%s: expected a copy of %s but found another run; name another checkpoint.dir"
              .formatted(path, run.path()));
    }
    return new RunCopy(run, copy);
  }

  private static String configuration(RunFolder run) {
    try {
      return Files.readString(run.configFile());
    } catch (IOException failure) {
      throw cannot("read", run.configFile(), failure);
    }
  }

  /**
   * Writes a checkpoint, and all that the run has reported up to it; old checkpoints go.
   *
   * @param last how many of the newest are kept
   * @param kept versions that are kept besides
   * @throws ModelException if that fails; the checkpoints before are then as they were
   */
  public void update(ParameterLayout layout, Checkpoint checkpoint, int last, Set<Long> kept) {
    copy.writeEncoding(run.readEncoding());
    copyMetrics(checkpoint.progress().metricsBytes());
    copy.checkpoints().write(layout, checkpoint);
    copy.checkpoints().prune(checkpoint.version(), last, kept);
  }

  /** What is there already stays; what an attempt left behind that was broken off is cut off. */
  private void copyMetrics(long bytes) {
    Path to = copy.metricsFile();
    try (FileChannel source = FileChannel.open(run.metricsFile(), StandardOpenOption.READ);
        FileChannel target =
            FileChannel.open(to, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      target.truncate(bytes);
      long at = target.size();
      target.position(at);
      while (at < bytes) {
        long copied = source.transferTo(at, bytes - at, target);
        if (copied <= 0) {
          throw new IOException("expected %d bytes, found %d".formatted(bytes, at));
        }
        at += copied;
      }
      target.force(true);
    } catch (IOException failure) {
      throw cannot("written", to, failure);
    }
  }

  private static ModelException cannot(String what, Path file, IOException failure) {
    return new ModelException(
        "%s: cannot be %s: %s".formatted(file, what, AtomicFile.reason(failure)), failure);
  }

  /** Lets another process have the copy. */
  @Override
  public void close() {
    lock.close();
  }
}
