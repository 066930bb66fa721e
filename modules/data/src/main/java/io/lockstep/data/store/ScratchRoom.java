package io.lockstep.data.store;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** A range of a scratch file. */
record ScratchRoom(ScratchFile file, long begin, long bytes) implements Room {

  @Override
  public void write(ByteBuffer written, long at) {
    file.write(written, begin + at);
  }

  @Override
  public MemorySegment content() {
    return file.map(begin, bytes);
  }
}
