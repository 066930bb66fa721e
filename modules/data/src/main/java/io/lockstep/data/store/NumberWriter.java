package io.lockstep.data.store;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes a sequence of numbers of one type, in the machine's byte order, one after the other. Used
 * by one thread.
 */
public final class NumberWriter {

  /** A table has many columns, and each a writer. */
  private static final int PENDING_BYTES = 1 << 13;

  private final Room room;
  private final ByteBuffer pending =
      ByteBuffer.allocate(PENDING_BYTES).order(ByteOrder.nativeOrder());
  private long flushed;

  NumberWriter(Room room) {
    this.room = room;
  }

  /** Appends a float. */
  public void putFloat(float number) {
    makeRoom().putFloat(number);
  }

  /** Appends a double. */
  public void putDouble(double number) {
    makeRoom().putDouble(number);
  }

  /** Appends an int. */
  public void putInt(int number) {
    makeRoom().putInt(number);
  }

  /** Appends a long. */
  public void putLong(long number) {
    makeRoom().putLong(number);
  }

  private ByteBuffer makeRoom() {
    if (pending.remaining() < Long.BYTES) {
      flush();
    }
    return pending;
  }

  private void flush() {
    int bytes = pending.flip().remaining();
    room.write(pending, flushed);
    flushed += bytes;
    pending.clear();
  }

  /**
   * The numbers, when all have been appended; readable by any thread, for as long as it is referred
   * to.
   *
   * @throws io.lockstep.data.DataException if they cannot be written
   */
  public MemorySegment finish() {
    flush();
    return room.content();
  }
}
