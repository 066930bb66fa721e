package io.lockstep.forecast.run;

import io.lockstep.training.GradientFormat;

/** Bytes of frames, as docs/wire-protocol.md has them. */
final class FrameSizes {

  /** A frame that has no payload. */
  static final int EMPTY = 64;

  /** Sums of a node of the tree. */
  static final int SUMS = EMPTY + 1 + 4 * Double.BYTES + Integer.BYTES;

  private static final int FLOATS_AT = 72;

  private FrameSizes() {}

  /** Weights. */
  static int weights(int floats) {
    return FLOATS_AT + Float.BYTES * floats;
  }

  /** A gradient. */
  static int gradient(GradientFormat format, int floats) {
    int each = format == GradientFormat.BFLOAT16 ? Short.BYTES : Float.BYTES;
    return FLOATS_AT + each * floats;
  }
}
