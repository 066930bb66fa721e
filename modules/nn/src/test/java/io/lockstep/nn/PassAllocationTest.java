package io.lockstep.nn;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.lockstep.kernels.Activation;
import io.lockstep.kernels.Kernels;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/**
 * A pass allocates nothing once its code is compiled. Runs in a JVM of its own: what all other
 * tests make of the profiles that the JIT compiler goes by, with every vector width and odd shape
 * at once, no program does.
 */
class PassAllocationTest {

  private static final int LEAF_ROWS = 5;
  private static final long SEED = 42;
  private static final long COMPILING_LIMIT_NANOS = 90_000_000_000L;

  @Test
  void scalarKernelsAllocateNothingPerCall() {
    assertThat(leastAllocated(KernelSets.scalar(), network()))
        .as("bytes of 50 calls")
        .isLessThan(50);
  }

  @Test
  void customLayersAreShownTheirLeavesWithoutAllocating() {
    Network network =
        Network.builder(13)
            .dense(20, Activation.RELU)
            .custom(new Quadratic(20, 6))
            .output(new Categorical(), 10);
    assertThat(leastAllocated(KernelSets.scalar(), network)).as("bytes of 50 calls").isLessThan(50);
  }

  /**
   * The least of many windows: until the JIT compiler is done, which on a busy machine takes long,
   * others may allocate.
   */
  static long leastAllocated(Kernels kernels, Network network) {
    return leastAllocated(kernels, network, Samples.random(1, 4 * LEAF_ROWS, network));
  }

  static long leastAllocated(Kernels kernels, Network network, Samples samples) {
    float[] theta = network.initialWeights(SEED);
    float[] gradient = new float[theta.length];
    Sums sums = new Sums();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().threadId();
    Pass pass = new Pass(network, kernels, samples.rows());
    samples.fill(pass, 0, samples.rows());
    long least = Long.MAX_VALUE;
    long limit = System.nanoTime() + COMPILING_LIMIT_NANOS;
    while (least >= 50 && System.nanoTime() < limit) {
      long before = threads.getThreadAllocatedBytes(thread);
      for (int call = 0; call < 50; call++) {
        pass.train(
            theta, samples.rows(), LEAF_ROWS, 0, call, SEED, gradient, sums, PassListener.NONE);
        pass.evaluate(theta, samples.rows(), LEAF_ROWS, sums);
      }
      least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
    }
    return least;
  }

  static Network network() {
    return Network.builder(13)
        .dense(37, Activation.RELU)
        .dropout(0.4)
        .dense(20, Activation.SOFTPLUS)
        .dropout(0.3)
        .output(new Categorical(), 10);
  }
}
