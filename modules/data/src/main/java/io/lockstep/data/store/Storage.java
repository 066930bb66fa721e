package io.lockstep.data.store;

import java.nio.file.Path;

/**
 * Where numbers are kept: on the heap up to a size, beyond it in scratch files. Both hold the same
 * bits; a scratch file takes the page cache instead of the heap, which the operating system gives
 * back where memory is short.
 *
 * @param heapBytes most bytes of one {@link NumberStore} on the heap; 0: all go to scratch files
 * @param folder of the scratch files
 */
public record Storage(long heapBytes, Path folder) {

  /** A table's columns and the rows made of them, of two files: half of the heap at most. */
  private static final int PARTS_OF_HEAP = 8;

  /** So an array of the smallest numbers, of four bytes each, has fewer than 2³¹ elements. */
  private static final long MOST_HEAP_BYTES = 4L * (Integer.MAX_VALUE - 64);

  /** Caps what no array can hold. */
  public Storage {
    heapBytes = Math.min(heapBytes, MOST_HEAP_BYTES);
  }

  /** An eighth of the JVM's largest heap, and scratch files in its {@code java.io.tmpdir}. */
  public static Storage automatic() {
    return upTo(Runtime.getRuntime().maxMemory() / PARTS_OF_HEAP);
  }

  /** So many bytes on the heap, and scratch files in the JVM's {@code java.io.tmpdir}. */
  public static Storage upTo(long heapBytes) {
    return new Storage(heapBytes, Path.of(System.getProperty("java.io.tmpdir")));
  }

  /**
   * Makes room.
   *
   * @param name of what the numbers are of, for messages
   * @param bytes of all numbers that are going to be written
   * @throws io.lockstep.data.DataException if a scratch file is needed and the folder has not
   *     enough room
   */
  public NumberStore open(String name, long bytes) {
    return new NumberStore(bytes <= heapBytes ? null : ScratchFile.create(folder, name, bytes));
  }
}
