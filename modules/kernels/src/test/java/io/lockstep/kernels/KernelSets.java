package io.lockstep.kernels;

import java.util.ArrayList;
import java.util.List;

/**
 * The sets of kernels that tests compare: the scalar twin, and the SIMD sets that this machine's
 * CPU has.
 */
final class KernelSets {
  /** Bits of the vectors that there are kernels for. */
  static final List<Integer> WIDTHS = List.of(128, 256, 512);

  private KernelSets() {}

  static Kernels scalar() {
    return Kernels.select(Kernels.Choice.SCALAR);
  }

  static List<Kernels> vector() {
    List<Kernels> sets = new ArrayList<>();
    for (int bits : WIDTHS) {
      if (bits <= VectorKernels.widestBits()) {
        sets.add(VectorKernels.ofBits(bits));
      }
    }
    return sets;
  }
}
