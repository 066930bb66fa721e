package io.lockstep.training;

import io.lockstep.config.Configuration;
import io.lockstep.data.Dataset;
import io.lockstep.data.Partitions;
import io.lockstep.data.Sampler;
import io.lockstep.data.Scaling;
import io.lockstep.data.Split;
import io.lockstep.kernels.Panels;
import io.lockstep.nn.Categorical;
import io.lockstep.nn.Network;
import io.lockstep.optim.LearningRateSchedule;
import io.lockstep.optim.Momentum;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A run whose θ has about so many bytes, of one micro-batch a step, for the round trips of its
 * gradient and weights: between {@link RoundTripServer} and {@link RoundTripWorker}.
 *
 * @param bytes of θ
 */
record RoundTripRun(int bytes) {

  /** Bytes of θ of the runs that one server serves at once. */
  static final List<Integer> BYTES = List.of(4_096, 1_000_000, 10_000_000, 40_000_000);

  private static final int ROWS = 32;

  /** All of them. */
  static List<RoundTripRun> all() {
    return BYTES.stream().map(RoundTripRun::new).toList();
  }

  RunIdentity identity() {
    return new RunIdentity(bytes, 1);
  }

  /** Training of a linear model about as wide as it is deep: θ is (inputs + 1) · outputs floats. */
  Job job() {
    int floats = bytes / Float.BYTES;
    int classes = Panels.paddedColumns((int) Math.sqrt(floats) / 2);
    int inputs = floats / classes - 1;
    int[] labels = IntStream.range(0, ROWS).map(row -> row % classes).toArray();
    Dataset rows = Dataset.ofBytes("rows", ROWS, inputs, new byte[ROWS * inputs], labels, classes);
    Network network = Network.builder(inputs).output(new Categorical(), classes);
    return new Job(
        network,
        Partitions.of(rows, rows, Split.NONE, Scaling.Kind.UNIT),
        MicroBatches.ofBatch(ROWS),
        new Epochs(new Sampler(1, ROWS, ROWS), Integer.MAX_VALUE, 0),
        new Momentum(0.9, false, 0),
        new LearningRateSchedule.Constant(0.001),
        GradientFormat.FLOAT32,
        EarlyStopping.OFF,
        1);
  }

  /** θ in buckets as large as a run has them by default, of one shard. */
  static Buckets buckets(Job job) {
    int bucketBytes = Configuration.parse("", "round trips").cluster().bucketBytes();
    return new Buckets(job.network().parameters().packedLength(), bucketBytes, 1);
  }
}
