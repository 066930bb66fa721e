package io.lockstep.benchmarks.forecast;

import com.sun.management.OperatingSystemMXBean;
import io.lockstep.benchmarks.Spread;
import io.lockstep.cluster.LocalRun;
import io.lockstep.cluster.RunObserver;
import io.lockstep.cluster.RunSettings;
import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Network;
import io.lockstep.nn.Sums;
import io.lockstep.training.RunEvent;
import io.lockstep.wire.LinkShape;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A run of machines that are not there: each worker and each server with a data plane and a shaped
 * link of its own in this JVM. Frames, protocol and parameter servers are real; workers wait where
 * they would compute.
 */
final class EmulatedRun implements RunObserver {

  /** When enough is known; seconds of what comes before, and of what is measured. */
  private static final int WARM_STEPS = 10;

  private static final int STEPS = 30;
  private static final double LEAST_SECONDS = 2;
  private static final double MOST_WARM_SECONDS = 3;
  private static final double MOST_SECONDS = 8;
  private static final int LEAST_STEPS = 3;
  private static final long LIMIT_SECONDS = 120;

  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final CompletableFuture<Measured> measured = new CompletableFuture<>();
  private final List<Double> steps = new ArrayList<>();
  private long warmSteps;
  private double before;
  private double begun;
  private long cpuNanos;
  private long wallNanos;

  private EmulatedRun() {}

  /**
   * Trains until enough is known.
   *
   * @throws IllegalStateException if the run does not last as long, or changes its plan
   */
  static Measured measure(Cell cell, Network network, LinkShape shape, Kernels kernels)
      throws Exception {
    EmulatedRun watch = new EmulatedRun();
    RunSettings settings =
        new RunSettings(cell.nodes(), cell.servers(), ForecastNetwork.BUCKET_BYTES, kernels, true)
            .over(shape);
    try (LocalRun run =
        LocalRun.start(cell.network().job(network, cell.nodes()), settings, watch)) {
      run.result().whenComplete((ended, failure) -> watch.ended(cell, failure));
      Measured measured = watch.measured.get(LIMIT_SECONDS, TimeUnit.SECONDS);
      run.stop();
      run.result().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
      return measured;
    }
  }

  private void ended(Cell cell, Throwable failure) {
    measured.completeExceptionally(
        new IllegalStateException(
            cell.name() + ": expected the run to go on, but it has ended", failure));
  }

  @Override
  public void event(RunEvent event) {
    if (event.what() == RunEvent.What.REPLANNED) {
      measured.completeExceptionally(
          new IllegalStateException("expected nodes of equal speed, found " + event));
    }
  }

  @Override
  public void stepCommitted(long step, Sums sums, long nanos) {
    double seconds = nanos * 1e-9;
    if (wallNanos == 0) {
      warmSteps++;
      if (isOver(seconds, warmSteps, WARM_STEPS, MOST_WARM_SECONDS)) {
        begin(seconds);
      }
    } else if (!measured.isDone()) {
      steps.add(1e3 * (seconds - before));
      if (isOver(seconds - begun, steps.size(), STEPS, MOST_SECONDS)) {
        end(seconds);
      }
    }
    before = seconds;
  }

  private static boolean isOver(double seconds, long steps, int wanted, double mostSeconds) {
    return steps >= wanted && seconds >= LEAST_SECONDS
        || steps >= LEAST_STEPS && seconds >= mostSeconds;
  }

  private void begin(double seconds) {
    begun = seconds;
    cpuNanos = SYSTEM.getProcessCpuTime();
    wallNanos = System.nanoTime();
  }

  private void end(double seconds) {
    double cores =
        (double) (SYSTEM.getProcessCpuTime() - cpuNanos) / (System.nanoTime() - wallNanos);
    double mean = 1e3 * (seconds - begun) / steps.size();
    measured.complete(new Measured(Spread.median(steps), mean, steps.size(), cores));
  }
}
