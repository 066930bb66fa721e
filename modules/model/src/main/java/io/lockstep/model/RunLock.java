package io.lockstep.model;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps all but one process from training in the folder of a run. The system's lock on a file ends
 * with its process, however that ends; the file stays, and names the last holder. Thread-safe;
 * whoever has it closes it.
 */
public final class RunLock implements AutoCloseable {

  private static final String FILE = "run.lock";

  /** Behind the text, which others can then read on systems whose locks forbid it. */
  private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

  /**
   * Folders that this JVM holds: on POSIX systems closing a second channel of the file would give
   * up the lock of the first.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final FileChannel channel;

  private RunLock(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /**
   * Takes the folder of a run.
   *
   * @throws ModelException if another process has it, or another training of this one, or it cannot
   *     be locked
   */
  public static RunLock take(Path run) {
    Path folder;
    try {
      folder = run.toRealPath();
    } catch (IOException failure) {
      throw cannotBeLocked(run, failure);
    }
    if (!HELD.add(folder)) {
      throw inUse(run, "another training of this process");
    }
    try {
      return new RunLock(folder, lock(run, folder.resolve(FILE)));
    } catch (RuntimeException refused) {
      HELD.remove(folder);
      throw refused;
    }
  }

  private static FileChannel lock(Path run, Path file) {
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
        if (lock == null) {
          throw inUse(run, Files.readString(file).strip());
        }
        byte[] holder = (holder() + "\n").getBytes(StandardCharsets.UTF_8);
        channel.truncate(0);
        AtomicFile.writeAll(channel, ByteBuffer.wrap(holder));
        return channel;
      } catch (IOException | RuntimeException failure) {
        channel.close();
        throw failure;
      }
    } catch (IOException failure) {
      throw cannotBeLocked(run, failure);
    }
  }

  private static String holder() {
    String machine;
    try {
      machine = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException nameless) {
      machine = "localhost";
    }
    return "process %d on %s".formatted(ProcessHandle.current().pid(), machine);
  }

  private static ModelException inUse(Path run, String holder) {
    return new ModelException(
        "%s: the run is still going on, in %s; end that first"
            .formatted(run, holder.isEmpty() ? "another process" : holder));
  }

  private static ModelException cannotBeLocked(Path run, IOException failure) {
    return new ModelException(
        "%s: the folder of the run cannot be locked: %s".formatted(run, AtomicFile.reason(failure)),
        failure);
  }

  /** Lets another process have the folder. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException failure) {
      throw cannotBeLocked(folder, failure);
    } finally {
      HELD.remove(folder);
    }
  }
}
