package io.lockstep.data.store;

import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;

/**
 * Room for some sequences of numbers, such as the columns of a table. What was written stays
 * readable after the store is closed: it is given back when nobody refers to it any more, or when
 * the process ends, however it does. Used, and closed, by one thread.
 */
public final class NumberStore implements AutoCloseable {

  private final ScratchFile file; // null: on the heap

  NumberStore(ScratchFile file) {
    this.file = file;
  }

  /** Room for {@code count} floats; on the heap a {@code float[]}. */
  public NumberWriter floats(long count) {
    return writer(count * Float.BYTES, () -> MemorySegment.ofArray(new float[length(count)]));
  }

  /** Room for {@code count} doubles. */
  public NumberWriter doubles(long count) {
    return writer(count * Double.BYTES, () -> MemorySegment.ofArray(new double[length(count)]));
  }

  /** Room for {@code count} ints. */
  public NumberWriter ints(long count) {
    return writer(count * Integer.BYTES, () -> MemorySegment.ofArray(new int[length(count)]));
  }

  /** Room for {@code count} longs. */
  public NumberWriter longs(long count) {
    return writer(count * Long.BYTES, () -> MemorySegment.ofArray(new long[length(count)]));
  }

  private static int length(long count) {
    return Math.toIntExact(count);
  }

  private NumberWriter writer(long bytes, Supplier<MemorySegment> array) {
    return new NumberWriter(file == null ? new HeapRoom(array.get()) : file.reserve(bytes));
  }

  /** Closes the scratch file, if there is one, which nobody can write to from then on. */
  @Override
  public void close() {
    if (file != null) {
      file.close();
    }
  }
}
