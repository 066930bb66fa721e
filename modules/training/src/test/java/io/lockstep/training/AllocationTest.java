package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Sums;
import io.lockstep.training.trace.TraceWindow;
import io.lockstep.training.trace.Tracer;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

class AllocationTest {

  private static final int WINDOW = 100;

  /** Until the JIT compiler is done; it is usually within seconds. */
  private static final long COMPILING_LIMIT_NANOS = 90_000_000_000L;

  /** What the JVM's own counter and this loop may cost. */
  private static final double BYTES_PER_STEP = 16;

  private static final double LEARNING_RATE = 0.0001;
  private static final int EPOCHS = 40;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Few enough steps for the time of each to be measured ({@link StepTimes}). */
  private static final int MEASURED_EPOCHS = 1_000;

  /**
   * Vector code boxes until it is compiled, so windows of steps are taken until one is free; where
   * a run is over, of the next one.
   */
  @Test
  void aStepAllocatesNothingOnceItsCodeIsCompiled() {
    Job job = SmallJob.of(6, 7, LEARNING_RATE, MEASURED_EPOCHS);
    Replica replica = replica(job, Kernels.select(Kernels.Choice.AUTO), Tracer.OFF);

    double least = Double.MAX_VALUE;
    long step = 0;
    long limit = System.nanoTime() + COMPILING_LIMIT_NANOS;
    while (least > BYTES_PER_STEP && System.nanoTime() < limit) {
      if (step + WINDOW > job.epochs().steps()) {
        replica = replica(job, Kernels.select(Kernels.Choice.AUTO), Tracer.OFF);
        step = 0;
      }
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < WINDOW; i++) {
        replica.step(step++);
      }
      least =
          Math.min(least, (THREADS.getCurrentThreadAllocatedBytes() - before) / (double) WINDOW);
    }

    System.out.printf(
        "A step allocates %.2f bytes, from step %,d of a run on%n", least, step - WINDOW);
    assertThat(least).isLessThanOrEqualTo(BYTES_PER_STEP);
  }

  /**
   * Scalar kernels, which allocate nothing when interpreted either: so what a run allocates does
   * not depend on when the JIT compiler gets to it.
   */
  @Test
  void aRunOfTwiceTheStepsAllocatesNoMore() {
    assertNoGrowth(TraceWindow.NONE);
  }

  /** But for the memory of what is noted. */
  @Test
  void aTracedRunOfTwiceTheStepsAllocatesNoMore() {
    assertNoGrowth(new TraceWindow(0, TraceWindow.MOST_STEPS));
  }

  private static void assertNoGrowth(TraceWindow traced) {
    allocatedByRun(1, traced); // Loads classes.
    long once = allocatedByRun(EPOCHS, traced);
    long twice = allocatedByRun(2 * EPOCHS, traced);

    long steps = SmallJob.of(6, 7, LEARNING_RATE, EPOCHS).epochs().steps();
    double growth = (twice - once) / (double) steps;
    System.out.printf(
        "A run allocates %,d bytes in %d steps, %,d in %d: %.2f for each further step%n",
        once, steps, twice, 2 * steps, growth);
    assertThat(growth).isLessThanOrEqualTo(BYTES_PER_STEP);
  }

  /** All steps and validations of a run, from its first to its last, without what is noted. */
  private static long allocatedByRun(int epochs, TraceWindow traced) {
    Job job = SmallJob.of(6, 7, LEARNING_RATE, epochs);
    Tracer tracer = traced.isEmpty() ? Tracer.OFF : new Tracer(traced);
    Replica replica = replica(job, Kernels.select(Kernels.Choice.SCALAR), tracer);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    replica.run();
    return THREADS.getCurrentThreadAllocatedBytes() - before - tracer.bytes();
  }

  /** The one worker of a run with two shards, whose listener keeps nothing. */
  private static Replica replica(Job job, Kernels kernels, Tracer tracer) {
    ThreadedRun run =
        new ThreadedRun(job, 1, 2, 1, List.of(kernels)) {
          @Override
          public void stepDone(long step, int layer, Sums sums) {}

          @Override
          public void evaluated(Evaluation evaluation, long version, Sums sums) {}
        };
    run.exchange.noteTo(tracer);
    run.shards.forEach(shard -> shard.noteTo(tracer));
    return run.replicas.getFirst();
  }
}
