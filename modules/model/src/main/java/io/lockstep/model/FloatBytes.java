package io.lockstep.model;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;

/** Floats as little-endian bytes, in bulk; the bits stay as they are. */
final class FloatBytes {

  private static final int CHUNK_FLOATS = 1 << 16;

  private FloatBytes() {}

  static void write(FileChannel channel, float[] values, int length) throws IOException {
    ByteBuffer bytes = chunk(length);
    for (int done = 0; done < length; ) {
      int count = fill(bytes, values, done, length - done);
      AtomicFile.writeAll(channel, bytes);
      done += count;
    }
  }

  /** Reads from the channel's position. */
  static void read(FileChannel channel, float[] values, int length) throws IOException {
    ByteBuffer bytes = chunk(length);
    for (int done = 0; done < length; ) {
      int count = Math.min(CHUNK_FLOATS, length - done);
      bytes.clear().limit(count * Float.BYTES);
      readAll(channel, bytes);
      bytes.flip().asFloatBuffer().get(values, done, count);
      done += count;
    }
  }

  /** Fills all that remains. */
  static void readAll(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new EOFException("the file ended while it was read");
      }
    }
  }

  static void digest(MessageDigest digest, float[] values, int length) {
    ByteBuffer bytes = chunk(length);
    for (int done = 0; done < length; ) {
      int count = fill(bytes, values, done, length - done);
      digest.update(bytes);
      done += count;
    }
  }

  private static int fill(ByteBuffer bytes, float[] values, int from, int remaining) {
    int count = Math.min(CHUNK_FLOATS, remaining);
    bytes.clear().limit(count * Float.BYTES);
    bytes.asFloatBuffer().put(values, from, count);
    return count;
  }

  private static ByteBuffer chunk(int floats) {
    int bytes = Math.min(CHUNK_FLOATS, floats) * Float.BYTES;
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
