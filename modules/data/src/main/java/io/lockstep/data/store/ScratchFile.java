package io.lockstep.data.store;

import io.lockstep.data.DataException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A file for one process and no longer than it.
 *
 * <p>It has no name from its first byte on: {@code DELETE_ON_CLOSE} removes the name as soon as the
 * file is open (on Unix), so that nothing is left behind even of a process that is killed; the disk
 * has its room again when the last mapping is gone. It is written through its channel and not
 * through a mapping, since a full disk is then an exception, and not a signal.
 */
final class ScratchFile implements AutoCloseable {

  /** So that numbers of all types are aligned in a mapping. */
  private static final long ALIGNMENT = 64;

  private static final int LONGEST_WAIT_MS = 128;

  private final Path folder;
  private final String name;
  private final FileChannel channel;
  private long reserved;

  private ScratchFile(Path folder, String name, FileChannel channel) {
    this.folder = folder;
    this.name = name;
    this.channel = channel;
  }

  static ScratchFile create(Path folder, String name, long bytes) {
    try {
      FileStore disk = Files.getFileStore(folder);
      long free = disk.getUsableSpace();
      if (bytes > free) {
        free = freeAfterCollection(bytes, disk);
      }
      requireFree(folder, name, bytes, free);
      Path file = Files.createTempFile(folder, "lockstep-", ".scratch");
      return new ScratchFile(folder, name, open(file));
    } catch (IOException failure) {
      throw unusable(folder, name, failure);
    }
  }

  private static FileChannel open(Path file) throws IOException {
    try {
      return FileChannel.open(
          file,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          StandardOpenOption.DELETE_ON_CLOSE);
    } catch (IOException failure) {
      Files.deleteIfExists(file);
      throw failure;
    }
  }

  /**
   * Files of this process that nobody refers to any more have their room on the disk until they are
   * unmapped, which a collection of garbage leads to, soon after it.
   */
  private static long freeAfterCollection(long bytes, FileStore disk) throws IOException {
    System.gc();
    long free = disk.getUsableSpace();
    for (int waitMs = 1; bytes > free && waitMs <= LONGEST_WAIT_MS; waitMs *= 2) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(waitMs));
      free = disk.getUsableSpace();
    }
    return free;
  }

  /** Refuses a folder on a disk that is too full. */
  static void requireFree(Path folder, String name, long bytes, long free) {
    if (bytes > free) {
      throw new DataException(
          "%s: its numbers need a scratch file of %d MB, but %s has room for %d MB; -Djava.io.tmpdir=FOLDER in LOCKSTEP_JAVA_OPTS names another folder, and factors of many levels make many columns"
              .formatted(name, bytes >> 20, folder, free >> 20));
    }
  }

  private static DataException unusable(Path folder, String name, IOException failure) {
    return new DataException(
        "%s: its numbers need a scratch file, but in %s there can be none: %s; -Djava.io.tmpdir=FOLDER in LOCKSTEP_JAVA_OPTS names another folder"
            .formatted(name, folder, failure.getMessage()),
        failure);
  }

  /** The next free range. */
  ScratchRoom reserve(long bytes) {
    long begin = reserved;
    reserved = Math.ceilDiv(begin + bytes, ALIGNMENT) * ALIGNMENT;
    return new ScratchRoom(this, begin, bytes);
  }

  void write(ByteBuffer bytes, long at) {
    try {
      long next = at;
      while (bytes.hasRemaining()) {
        next += channel.write(bytes, next);
      }
    } catch (IOException failure) {
      throw unusable(folder, name, failure);
    }
  }

  /** A range that was written; unmapped when nobody refers to it. */
  MemorySegment map(long begin, long bytes) {
    try {
      return channel.map(MapMode.READ_ONLY, begin, bytes, Arena.ofAuto());
    } catch (IOException failure) {
      throw unusable(folder, name, failure);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException failure) {
      throw unusable(folder, name, failure);
    }
  }
}
