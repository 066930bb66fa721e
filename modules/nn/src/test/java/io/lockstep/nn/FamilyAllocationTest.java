package io.lockstep.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.kernels.Activation;
import org.junit.jupiter.api.Test;

/** As {@link PassAllocationTest}, and for the same reason in a JVM of its own. */
class FamilyAllocationTest {

  @Test
  void familiesThatComputeOneNumberAtATimeAllocateNothing() {
    Network network =
        Network.builder(13).dense(20, Activation.TANH).output(NegativeBinomial.learned(), 3);
    assertThat(PassAllocationTest.leastAllocated(KernelSets.scalar(), network))
        .as("bytes of 50 calls")
        .isLessThan(50);
  }
}
