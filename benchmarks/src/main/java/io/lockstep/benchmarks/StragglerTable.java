package io.lockstep.benchmarks;

import io.lockstep.cluster.LocalRun;
import io.lockstep.cluster.NodeFault;
import io.lockstep.cluster.RunObserver;
import io.lockstep.cluster.RunResult;
import io.lockstep.cluster.RunSettings;
import io.lockstep.data.Partitions;
import io.lockstep.data.Sampler;
import io.lockstep.data.Scaling;
import io.lockstep.data.Split;
import io.lockstep.kernels.Activation;
import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Categorical;
import io.lockstep.nn.Network;
import io.lockstep.nn.Sums;
import io.lockstep.optim.LearningRateSchedule;
import io.lockstep.optim.Momentum;
import io.lockstep.training.EarlyStopping;
import io.lockstep.training.Epochs;
import io.lockstep.training.GradientFormat;
import io.lockstep.training.Job;
import io.lockstep.training.MicroBatches;
import io.lockstep.training.RunEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * One worker of three is slower than the others: the time of a step while all get equal shares, and
 * after plans have followed their speeds, beside what the three speeds add up to.
 *
 * <p>Three nodes and a parameter server in one JVM, over sockets. Computing is replayed as a wait
 * ({@link WaitingLayer}), and the slow worker's by a fault that is made on purpose; all else is as
 * in any run. It begins with equal shares; when the plan by speed comes is up to the run.
 *
 * <p>Arguments: ms of a micro-batch, of the slow worker's, steps that are measured.
 */
public final class StragglerTable {

  private static final int BATCH = 512;
  private static final int MICRO_BATCHES = 16;
  private static final int WORKERS = 3;
  private static final int HIDDEN = 128;
  private static final long BUCKET_BYTES = 256 * 1024;

  private static final String SLOW = "worker-2";

  /** Until the code is compiled, and after another plan. */
  private static final int FIRST_STEPS = 5;

  private StragglerTable() {}

  /** Runs it. */
  public static void main(String[] arguments) {
    long ms = arguments.length > 0 ? Long.parseLong(arguments[0]) : 12;
    long slowMs = arguments.length > 1 ? Long.parseLong(arguments[1]) : 3 * ms;
    int steps = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 200;
    Kernels kernels = Kernels.select(Kernels.Choice.AUTO);
    kernels.warmUp();
    Watch watch = new Watch(steps);
    RunSettings settings = new RunSettings(WORKERS, 1, BUCKET_BYTES, kernels, true);
    RunResult result;
    try (LocalRun run = LocalRun.start(job(ms), settings, watch)) {
      run.suffer(SLOW, new NodeFault.Slow(slowMs / (double) ms, NodeFault.FOR_GOOD));
      CompletableFuture<Void> stopped = watch.enough.thenRun(run::stop);
      result = run.result().toCompletableFuture().join();
      stopped.join();
    }
    print(ms, slowMs, watch, result);
  }

  private static Job job(long ms) {
    Partitions data =
        Partitions.of(BenchmarkJob.images(), BenchmarkJob.images(), Split.NONE, Scaling.Kind.UNIT);
    Network network =
        Network.builder(BenchmarkNetwork.INPUTS)
            .dense(HIDDEN, Activation.RELU)
            .custom(new WaitingLayer(HIDDEN, ms))
            .output(new Categorical(), BenchmarkNetwork.CLASSES);
    return new Job(
        network,
        data,
        new MicroBatches(BATCH, MICRO_BATCHES),
        new Epochs(new Sampler(1, data.train().size(), BATCH), 1 << 20, 0),
        new Momentum(0.9, false, 0),
        new LearningRateSchedule.Constant(0.001),
        GradientFormat.FLOAT32,
        EarlyStopping.OFF,
        1);
  }

  private static void print(long ms, long slowMs, Watch watch, RunResult result) {
    double perMs = (WORKERS - 1.0) / ms + 1.0 / slowMs;
    double ideal = MICRO_BATCHES / perMs;
    System.out.printf(
        Locale.ROOT,
        "%d workers, one takes %d ms for a micro-batch, the others %d ms; %d rows in %d%n"
            + "what the speeds add up to: %.1f ms a step%n",
        WORKERS,
        slowMs,
        ms,
        BATCH,
        MICRO_BATCHES,
        ideal);
    result.events().forEach(e -> System.out.println("step " + e.step() + ": " + e));
    row("equal shares", Spread.median(watch.equal), ideal);
    row("by speed", Spread.median(watch.bySpeed), ideal);
  }

  private static void row(String plan, double ms, double ideal) {
    System.out.printf(
        Locale.ROOT,
        "%-14s %6.1f ms a step  %6.0f samples/s  %3.0f %% of what the speeds add up to%n",
        plan,
        ms,
        1e3 * BATCH / ms,
        100 * ideal / ms);
  }

  /** Keeps the time of each step, until enough followed a plan by speed. */
  private static final class Watch implements RunObserver {

    private final int wanted;
    final CompletableFuture<Void> enough = new CompletableFuture<>();
    final List<Double> equal = new ArrayList<>();
    final List<Double> bySpeed = new ArrayList<>();
    private long planned = Long.MAX_VALUE;
    private long before;

    Watch(int wanted) {
      this.wanted = wanted;
    }

    @Override
    public void event(RunEvent event) {
      if (event.what() == RunEvent.What.REPLANNED) {
        planned = event.step();
        bySpeed.clear();
      }
    }

    @Override
    public void stepCommitted(long step, Sums sums, long nanos) {
      double ms = (nanos - before) * 1e-6;
      before = nanos;
      if (step >= FIRST_STEPS && planned == Long.MAX_VALUE) {
        equal.add(ms);
      } else if (step - FIRST_STEPS >= planned) {
        bySpeed.add(ms);
      }
      if (bySpeed.size() >= wanted) {
        enough.complete(null);
      }
    }
  }
}
