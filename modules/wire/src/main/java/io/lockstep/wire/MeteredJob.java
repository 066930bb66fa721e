package io.lockstep.wire;

import io.lockstep.data.Dataset;
import io.lockstep.data.Partitions;
import io.lockstep.data.Sampler;
import io.lockstep.data.Scaling;
import io.lockstep.data.Split;
import io.lockstep.data.SplitMethod;
import io.lockstep.nn.Categorical;
import io.lockstep.nn.Network;
import io.lockstep.optim.LearningRateSchedule;
import io.lockstep.optim.Sgd;
import io.lockstep.training.EarlyStopping;
import io.lockstep.training.Epochs;
import io.lockstep.training.GradientFormat;
import io.lockstep.training.Job;
import io.lockstep.training.MicroBatches;

/** A job whose weights are a mebibyte, and of which nothing is ever computed. */
final class MeteredJob {

  private static final int WIDTH = 511;
  private static final int CLASSES = 512;

  private MeteredJob() {}

  /** With steps of so many leaves. */
  static Job of(int leaves) {
    Network network = Network.builder(WIDTH).output(new Categorical(), CLASSES);
    Partitions data =
        Partitions.of(
            rows("train", leaves),
            rows("test", 1),
            new Split(0, SplitMethod.LAST, 0),
            Scaling.Kind.NONE);
    return new Job(
        network,
        data,
        new MicroBatches(leaves, leaves),
        new Epochs(new Sampler(1, leaves, leaves), 1, 0),
        new Sgd(),
        new LearningRateSchedule.Constant(1),
        GradientFormat.FLOAT32,
        EarlyStopping.OFF,
        1);
  }

  private static Dataset rows(String name, int rows) {
    return Dataset.ofFloats(name, rows, WIDTH, new float[rows * WIDTH], new int[rows], CLASSES);
  }
}
