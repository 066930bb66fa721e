package io.lockstep.kernels;

import io.lockstep.kernels.Kernels.Choice;
import jdk.incubator.vector.FloatVector;

/**
 * The SIMD sets. Apart from the selection, so that a JVM without the incubator module need not load
 * this class.
 */
final class VectorKernels {
  private VectorKernels() {}

  /** Bits of the vectors that the JVM prefers on this CPU. */
  static int widestBits() {
    return FloatVector.SPECIES_PREFERRED.vectorBitSize();
  }

  static Kernels ofBits(int bits) {
    return switch (bits) {
      case 128 ->
          new Kernels(
              Choice.VECTOR128,
              new Vector128Products(),
              new Vector128Elementwise(),
              new Vector128Losses(),
              new Vector128Updates(),
              new Vector128Arithmetic());
      case 256 ->
          new Kernels(
              Choice.VECTOR256,
              new Vector256Products(),
              new Vector256Elementwise(),
              new Vector256Losses(),
              new Vector256Updates(),
              new Vector256Arithmetic());
      case 512 ->
          new Kernels(
              Choice.VECTOR512,
              new Vector512Products(),
              new Vector512Elementwise(),
              new Vector512Losses(),
              new Vector512Updates(),
              new Vector512Arithmetic());
      default -> throw new IllegalArgumentException("kernels: no vectors of " + bits + " bits");
    };
  }
}
