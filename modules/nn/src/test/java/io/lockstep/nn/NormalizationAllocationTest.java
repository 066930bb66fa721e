package io.lockstep.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.kernels.Activation;
import io.lockstep.kernels.Kernels;
import org.junit.jupiter.api.Test;

/** As {@link PassAllocationTest}, and for the same reason in a JVM of its own. */
class NormalizationAllocationTest {

  private static Network network() {
    return Network.builder(13)
        .dense(20, Activation.RELU)
        .batchNorm(0.9, 1e-5)
        .residual(f -> f.layerNorm(1e-5).dense(20, Activation.RELU))
        .output(new Categorical(), 10);
  }

  @Test
  void normalizationAndResidualConnectionsAllocateNothingOnScalarKernels() {
    assertThat(PassAllocationTest.leastAllocated(KernelSets.scalar(), network()))
        .as("bytes of 50 calls")
        .isLessThan(50);
  }

  @Test
  void normalizationAndResidualConnectionsAllocateNothingOnCompiledVectorKernels() {
    Kernels widest = KernelSets.all().getLast();
    widest.warmUp();
    assertThat(PassAllocationTest.leastAllocated(widest, network()))
        .as("bytes of 50 calls")
        .isLessThan(50);
  }
}
