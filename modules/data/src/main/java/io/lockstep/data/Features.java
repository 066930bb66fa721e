package io.lockstep.data;

import io.lockstep.kernels.Elementwise;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;

/** The storage of a dataset's features, row-major. Hidden behind {@link Dataset}. */
sealed interface Features permits Features.Bytes, Features.Floats, MappedFeatures {

  /**
   * Finite floats.
   *
   * @param values of a {@code float[]}, or of a mapped file; every thread may read it, as long as
   *     the data are used
   */
  static Features of(int rows, int width, MemorySegment values) {
    return values.heapBase().orElse(null) instanceof float[] array
            && (long) array.length * Float.BYTES == values.byteSize()
        ? new Floats(rows, width, array)
        : new MappedFeatures(rows, width, values);
  }

  int rows();

  int width();

  float value(int row, int column);

  void gather(
      Elementwise elementwise,
      Scaling scaling,
      int[] rows,
      int from,
      int count,
      float[] x,
      int xAt);

  /** Adds the content, row-major, floats as little-endian. */
  void digest(MessageDigest digest);

  /** Unsigned bytes, for instance pixels. */
  record Bytes(int rows, int width, byte[] values) implements Features {

    @Override
    public float value(int row, int column) {
      return values[row * width + column] & 0xFF;
    }

    @Override
    public void gather(
        Elementwise elementwise,
        Scaling scaling,
        int[] indices,
        int from,
        int count,
        float[] x,
        int xAt) {
      elementwise.gatherBytes(
          values, width, indices, from, count, scaling.scale(), scaling.shift(), x, xAt);
    }

    @Override
    public void digest(MessageDigest digest) {
      digest.update(values);
    }
  }

  /** Finite floats. */
  record Floats(int rows, int width, float[] values) implements Features {

    @Override
    public float value(int row, int column) {
      return values[row * width + column];
    }

    @Override
    public void gather(
        Elementwise elementwise,
        Scaling scaling,
        int[] indices,
        int from,
        int count,
        float[] x,
        int xAt) {
      elementwise.gatherFloats(
          values, width, indices, from, count, scaling.scale(), scaling.shift(), x, xAt);
    }

    @Override
    public void digest(MessageDigest digest) {
      Features.digestFloats(values, digest);
    }
  }

  /** Adds floats as little-endian to the digest. */
  static void digestFloats(float[] values, MessageDigest digest) {
    digestFloats(MemorySegment.ofArray(values), digest);
  }

  /** Adds floats as little-endian to the digest. */
  static void digestFloats(MemorySegment values, MessageDigest digest) {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    long count = values.byteSize() / Float.BYTES;
    for (long i = 0; i < count; i++) {
      if (!buffer.hasRemaining()) {
        digest.update(buffer.flip());
        buffer.clear();
      }
      buffer.putFloat(values.getAtIndex(ValueLayout.JAVA_FLOAT, i));
    }
    digest.update(buffer.flip());
  }
}
