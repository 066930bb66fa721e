package io.lockstep.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.kernels.Activation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** As {@link PassAllocationTest}, and for the same reason in a JVM of its own. */
class EmbeddingAllocationTest {

  @Test
  void embeddingsAllocateNothing() {
    Network network =
        Network.builder(13)
            .embedding(Codes.counted("seller", 3, List.of(7, 0, 5, 8)), 5)
            .embedding(0, 6, 3, true)
            .dense(20, Activation.RELU)
            .output(new Categorical(), 10);
    Samples samples = Samples.random(1, 20, network);
    for (int row = 0; row < samples.rows(); row++) {
      samples.x()[row][3] = row % 6 - 1; // All levels, and what is none.
      samples.x()[row][0] = row % 7;
    }
    assertThat(PassAllocationTest.leastAllocated(KernelSets.scalar(), network, samples))
        .as("bytes of 50 calls")
        .isLessThan(50);
  }
}
