package io.lockstep.data;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.lockstep.kernels.Elementwise;
import io.lockstep.kernels.Panels;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Finite floats in a mapped file, more than the heap has room for: row-major [rows][width], in the
 * machine's byte order.
 */
record MappedFeatures(int rows, int width, MemorySegment values) implements Features {

  @Override
  public float value(int row, int column) {
    return values.getAtIndex(JAVA_FLOAT, (long) row * width + column);
  }

  /**
   * Copies each row, panel by panel, straight to where it belongs, and scales it there: the same
   * fused multiply-add as {@link Elementwise#gatherFloats}, so the same bits, and no room besides.
   */
  @Override
  public void gather(
      Elementwise elementwise,
      Scaling scaling,
      int[] indices,
      int from,
      int count,
      float[] x,
      int xAt) {
    for (int i = 0; i < count; i++) {
      long row = (long) indices[from + i] * width;
      for (int column = 0; column < width; column += Panels.WIDTH) {
        int columns = Math.min(Panels.WIDTH, width - column);
        int at = xAt + Panels.index(count, i, column);
        MemorySegment.copy(values, JAVA_FLOAT, (row + column) * Float.BYTES, x, at, columns);
        scale(scaling, column, columns, x, at);
        Arrays.fill(x, at + columns, at + Panels.WIDTH, 0f);
      }
    }
  }

  private static void scale(Scaling scaling, int column, int columns, float[] x, int at) {
    float[] scale = scaling.scale();
    float[] shift = scaling.shift();
    for (int lane = 0; lane < columns; lane++) {
      x[at + lane] = Math.fma(x[at + lane], scale[column + lane], shift[column + lane]);
    }
  }

  @Override
  public void digest(MessageDigest digest) {
    Features.digestFloats(values, digest);
  }
}
