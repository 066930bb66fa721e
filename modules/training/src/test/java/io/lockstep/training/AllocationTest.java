package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Sums;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

class AllocationTest {

  private static final int WINDOW = 100;

  /** Until the JIT compiler is done; it is usually within seconds. */
  private static final long COMPILING_LIMIT_NANOS = 90_000_000_000L;

  /** What the JVM's own counter and this loop may cost. */
  private static final double BYTES_PER_STEP = 16;

  /** Vector code boxes until it is compiled, so windows of steps are taken until one is free. */
  @Test
  void aStepAllocatesNothingOnceItsCodeIsCompiled() {
    Job job = SmallJob.of(6, 7, 0.0001, 1_000_000);
    List<Kernels> kernels = List.of(Kernels.select(Kernels.Choice.AUTO));
    ThreadedRun unwatched =
        new ThreadedRun(job, 1, 2, 1, kernels) {
          @Override
          public void stepDone(long step, int layer, Sums sums) {}
        };
    Replica replica = unwatched.replicas.getFirst();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    double least = Double.MAX_VALUE;
    long step = 0;
    long limit = System.nanoTime() + COMPILING_LIMIT_NANOS;
    while (least > BYTES_PER_STEP && System.nanoTime() < limit) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < WINDOW; i++) {
        replica.step(step++);
      }
      least =
          Math.min(least, (threads.getCurrentThreadAllocatedBytes() - before) / (double) WINDOW);
    }

    assertThat(least).isLessThanOrEqualTo(BYTES_PER_STEP);
  }
}
