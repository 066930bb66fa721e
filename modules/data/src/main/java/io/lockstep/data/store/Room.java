package io.lockstep.data.store;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Bytes of a fixed number that are written once, from the first to the last, and then read. */
sealed interface Room permits HeapRoom, ScratchRoom {

  /** Writes what remains in a buffer at a place, counted in bytes from the first. */
  void write(ByteBuffer bytes, long at);

  /** What was written. */
  MemorySegment content();
}
