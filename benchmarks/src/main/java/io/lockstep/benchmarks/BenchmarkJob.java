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
import io.lockstep.training.EarlyStopping;
import io.lockstep.training.Epochs;
import io.lockstep.training.Evaluation;
import io.lockstep.training.GradientFormat;
import io.lockstep.training.Job;
import io.lockstep.training.MicroBatches;
import io.lockstep.training.Replica;
import io.lockstep.training.ShardListener;
import java.util.List;

/** Training of a benchmark network by SGD with momentum 0.9 on made-up images, without actors. */
public final class BenchmarkJob {

  private static final int ROWS = 60_000;

  private BenchmarkJob() {}

  /** Replicas that train together, to be stepped each by a thread of its own. */
  public static List<Replica> replicas(
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
    return LocalReplicas.of(job, workers, kernels, new Silent());
  }

  /** Bytes of which four in five are zero, as in MNIST, with random labels. */
  public static Dataset images() {
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
