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
import io.lockstep.training.Epochs;
import io.lockstep.training.Evaluation;
import io.lockstep.training.InProcessExchange;
import io.lockstep.training.Job;
import io.lockstep.training.MicroBatches;
import io.lockstep.training.Plan;
import io.lockstep.training.Replica;
import io.lockstep.training.RunObserver;
import io.lockstep.training.Shard;
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
            1);
    int parameters = job.network().parameters().packedLength();
    Buckets buckets = new Buckets(parameters, BUCKET_BYTES, 1);
    float[] initial = job.network().initialWeights(1);
    InProcessExchange exchange =
        new InProcessExchange(job, buckets, initial, workers, new Silent());
    int leaves = job.microBatches().count();
    exchange.open(
        0,
        new Shard(
            kernels,
            job.network().parameters(),
            job.optimizer(),
            job.schedule(),
            buckets,
            0,
            leaves));
    Plan plan = new Plan(1, workers);
    return IntStream.range(0, workers)
        .mapToObj(worker -> new Replica(job, buckets, kernels, exchange, plan, worker))
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
  private static final class Silent implements RunObserver {
    @Override
    public void started() {}

    @Override
    public void trained(long version, float[] weights) {}

    @Override
    public void stepCommitted(long step, Sums sums) {}

    @Override
    public void evaluated(Evaluation evaluation, long version, Sums sums) {}

    @Override
    public void diverged(long step, int layer) {
      throw new IllegalStateException("step " + step + " diverged in layer " + layer);
    }
  }
}
