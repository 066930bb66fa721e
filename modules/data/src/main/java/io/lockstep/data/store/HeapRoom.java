package io.lockstep.data.store;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** An array. */
record HeapRoom(MemorySegment content) implements Room {

  @Override
  public void write(ByteBuffer bytes, long at) {
    MemorySegment.copy(MemorySegment.ofBuffer(bytes), 0, content, at, bytes.remaining());
  }
}
