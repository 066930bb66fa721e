package io.lockstep.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.kernels.Kernels;
import org.junit.jupiter.api.Test;

/**
 * As {@link PassAllocationTest}, with the widest vectors: these are objects until the JIT compiler
 * has done away with them. Alone in its JVM, where each call of a kernel has one receiver as in any
 * training.
 */
class VectorPassAllocationTest {

  @Test
  void compiledVectorKernelsAllocateNothingPerCall() {
    Kernels widest = KernelSets.all().getLast();
    widest.warmUp();
    assertThat(PassAllocationTest.leastAllocated(widest, PassAllocationTest.network()))
        .as("bytes of 50 calls")
        .isLessThan(50);
  }
}
