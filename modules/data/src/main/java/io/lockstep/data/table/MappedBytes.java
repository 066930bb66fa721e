package io.lockstep.data.table;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * The bytes of a file, of any size, from a mapping: none of them is on the heap. Used by one
 * thread, which closes it, and so unmaps the file.
 */
final class MappedBytes extends InputStream {

  private static final int GZIP_FIRST = 0x1f;
  private static final int GZIP_SECOND = 0x8b;

  private final Arena arena;
  private final MemorySegment bytes;
  private long next;

  private MappedBytes(Arena arena, MemorySegment bytes) {
    this.arena = arena;
    this.bytes = bytes;
  }

  @SuppressWarnings("MustBeClosedChecker") // close() closes the arena
  static MappedBytes open(Path file) throws IOException {
    Arena arena = Arena.ofConfined();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return new MappedBytes(
          arena, channel.map(MapMode.READ_ONLY, 0, channel.size(), arena)); // mapped beyond close
    } catch (IOException failure) {
      arena.close();
      throw failure;
    }
  }

  /** Whether the file begins as a gzip file does. */
  boolean isGzip() {
    return bytes.byteSize() >= 2 && at(0) == GZIP_FIRST && at(1) == GZIP_SECOND;
  }

  private int at(long index) {
    return bytes.get(ValueLayout.JAVA_BYTE, index) & 0xFF;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, to.length);
    int count = Math.min(length, available());
    if (count == 0) {
      return length == 0 ? 0 : -1;
    }
    try {
      MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, next, to, offset, count);
    } catch (InternalError shorter) { // as the JVM reports a page beyond the end of the file
      throw (IOException)
          new EOFException("the file has become shorter while it was read").initCause(shorter);
    }
    next += count;
    return count;
  }

  /** What is left: by it {@code GZIPInputStream} knows whether another member follows. */
  @Override
  public int available() {
    return (int) Math.min(Integer.MAX_VALUE, bytes.byteSize() - next);
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
