package io.lockstep.benchmarks;

import io.lockstep.data.Dataset;
import io.lockstep.data.Partitions;
import io.lockstep.data.Sampler;
import io.lockstep.data.Scaling;
import io.lockstep.data.Split;
import io.lockstep.kernels.CounterRandom;
import io.lockstep.kernels.CounterRandom.Purpose;
import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Sums;
import io.lockstep.optim.LearningRateSchedule;
import io.lockstep.optim.Momentum;
import io.lockstep.training.Buckets;
import io.lockstep.training.EarlyStopping;
import io.lockstep.training.Epochs;
import io.lockstep.training.Evaluation;
import io.lockstep.training.GradientFormat;
import io.lockstep.training.InProcessDataPlane;
import io.lockstep.training.Job;
import io.lockstep.training.MicroBatches;
import io.lockstep.training.NodeExchange;
import io.lockstep.training.Plan;
import io.lockstep.training.Replica;
import io.lockstep.training.RunIdentity;
import io.lockstep.training.ShardHost;
import io.lockstep.training.ShardListener;
import io.lockstep.training.Slowdown;
import io.lockstep.training.Theta;
import io.lockstep.training.Workplaces;
import java.util.List;
import java.util.stream.IntStream;

/** Training of a benchmark network by SGD with momentum 0.9 on made-up images, without actors. */
final class BenchmarkJob {

  private static final int ROWS = 60_000;
  private static final long BUCKET_BYTES = 256 * 1024;

  private BenchmarkJob() {}

  /** Replicas that train together, to be stepped each by a thread of its own. */
  static List<Replica> replicas(
      BenchmarkNetwork net, Dataset images, int batch, int workers, Kernels kernels) {
    Partitions data = Partitions.of(images, images, Split.NONE, Scaling.Kind.UNIT);
    Job job =
        new Job(
            net.network(),
            data,
            MicroBatches.ofBatch(batch),
            new Epochs(new Sampler(1, ROWS, batch), 1 << 20, 0),
            new Momentum(0.9, false, 0),
            new LearningRateSchedule.Constant(0.001),
            GradientFormat.FLOAT32,
            EarlyStopping.OFF,
            1);
    int parameters = job.network().parameters().packedLength();
    Buckets buckets = new Buckets(parameters, BUCKET_BYTES, 1);
    InProcessDataPlane plane = new InProcessDataPlane();
    Theta theta = plane.theta(buckets, 0);
    ShardHost shard =
        new ShardHost(
            job, buckets, kernels, 0, theta, job.network().initialWeights(1), new Silent());
    RunIdentity run = new RunIdentity(1, 1);
    plane.serve(run, shard);
    NodeExchange exchange =
        plane.connect(
            run, "benchmark", job, buckets, kernels, 0, workers, List.of(plane.endpoint()));
    exchange.know(new Plan(1, List.of(new Plan.Share(0, workers))));
    shard.activate(1);
    shard.start();
    Workplaces workplaces = new Workplaces(job, buckets, kernels, workers);
    return IntStream.range(0, workers)
        .mapToObj(worker -> new Replica(workplaces, exchange, worker, new Slowdown()))
        .toList();
  }

  /** Bytes of which four in five are zero, as in MNIST, with random labels. */
  static Dataset images() {
    byte[] features = new byte[ROWS * BenchmarkNetwork.INPUTS];
    int[] labels = new int[ROWS];
    for (int i = 0; i < features.length; i++) {
      long bits = CounterRandom.bits(1, Purpose.DIGITS, 0, i);
      features[i] = bits % 5 == 0 ? (byte) (bits >> 32) : 0;
    }
    for (int row = 0; row < ROWS; row++) {
      labels[row] = (int) (CounterRandom.bits(1, Purpose.DIGITS, 1, row) & 7);
    }
    return Dataset.ofBytes(
        "images", ROWS, BenchmarkNetwork.INPUTS, features, labels, BenchmarkNetwork.CLASSES);
  }

  /** A run that nobody watches. */
  private static final class Silent implements ShardListener {
    @Override
    public void stepDone(long step, int layer, Sums sums) {
      if (layer != Sums.NONE) {
        throw new IllegalStateException("step " + step + " diverged in layer " + layer);
      }
    }

    @Override
    public void evaluated(Evaluation evaluation, long version, Sums sums) {}

    @Override
    public void begun(long version, int plan) {}
  }
}
