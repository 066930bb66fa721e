package io.lockstep.training;

import io.lockstep.data.Dataset;
import io.lockstep.data.Partitions;
import io.lockstep.data.Sampler;
import io.lockstep.data.Scaling;
import io.lockstep.data.Split;
import io.lockstep.data.SplitMethod;
import io.lockstep.kernels.Activation;
import io.lockstep.nn.Categorical;
import io.lockstep.nn.Network;
import io.lockstep.nn.Sums;
import io.lockstep.optim.LearningRateSchedule;
import io.lockstep.optim.Optimizer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A job of short steps over three buckets, and in place of a network a function that is far
 * cheaper: a leaf's gradient depends on all weights, on the step and on the leaf, and its floats
 * are such that every other order of addition gives other bits.
 */
final class ModelJob {

  private static final int BATCH = 6;
  private static final int TRAINING_ROWS = 16;

  /** Several units of an evaluation. */
  static final int VALIDATION_ROWS = 300;

  private static final int WIDTH = 37;
  private static final int HIDDEN = 200;
  private static final int CLASSES = 5;
  private static final long SEED = 7;

  /** Of the weights of a bucket, one in so many is read by the forward pass. */
  private static final int STRIDE = 61;

  private static final int NOISE = 1 << 10;
  private static final float[] noise = new float[NOISE];

  static {
    Random random = new Random(SEED);
    for (int i = 0; i < NOISE; i++) {
      noise[i] = (float) random.nextGaussian();
    }
  }

  final Job job;
  private final float[][] scratch = new float[Integer.SIZE][Buckets.BLOCK];

  ModelJob(
      int epochs,
      int validationRows,
      GradientFormat format,
      EarlyStopping stopping,
      Optimizer optimizer) {
    Network network =
        Network.builder(WIDTH).dense(HIDDEN, Activation.RELU).output(new Categorical(), CLASSES);
    int rows = TRAINING_ROWS + validationRows;
    Split split = new Split(validationRows / (double) rows, SplitMethod.LAST, 0);
    Dataset data =
        Dataset.ofFloats("rows", rows, WIDTH, new float[rows * WIDTH], new int[rows], CLASSES);
    Partitions parts = Partitions.of(data, data, split, Scaling.Kind.NONE);
    this.job =
        new Job(
            network,
            parts,
            new MicroBatches(BATCH, BATCH),
            new Epochs(new Sampler(SEED, TRAINING_ROWS, BATCH), epochs, 0),
            optimizer,
            new LearningRateSchedule.Constant(0.01),
            format,
            stopping,
            SEED);
  }

  /** Those that have rows. */
  List<Evaluation> evaluations() {
    return Arrays.stream(Evaluation.values()).filter(e -> e.rows(job).size() > 0).toList();
  }

  int leaves(long step) {
    return job.leavesOf(step);
  }

  /** What the forward pass makes of a bucket, after the buckets before it. */
  static double forward(double before, float[] theta, int from, int to) {
    double sum = 0.75 * before;
    for (int i = from; i < to; i += STRIDE) {
      sum += theta[i] * noise[i % NOISE];
    }
    return sum;
  }

  /** The sums of the leaves [first, end) of a node, in the tree's order. */
  static void sums(double forward, long of, Node node, int units, Sums sums) {
    if (node.end(units) - node.first() == 1) {
      sums.clear();
      sums.weight = 1;
      sums.loss = Math.abs(forward * noise(of, node.first())) + 1;
      sums.correct = node.first() & 1;
      return;
    }
    sums(forward, of, new Node(node.level() - 1, 2 * node.index()), units, sums);
    Node right = new Node(node.level() - 1, 2 * node.index() + 1);
    if (right.first() < units) {
      Sums other = new Sums();
      sums(forward, of, right, units, other);
      sums.add(other);
    }
  }

  private static float noise(long step, int leaf) {
    return noise[(int) ((31 * step + 7L * leaf) % NOISE)];
  }

  /** The gradient of a node's leaves in [from, to), added in the tree's order. */
  void gradient(
      double forward, float[] theta, long step, Node node, int from, int to, float[] gradient) {
    gradient(forward, theta, from, step, node, leaves(step), gradient, from, to - from);
  }

  private void gradient(
      double forward,
      float[] theta,
      int from,
      long step,
      Node node,
      int leaves,
      float[] target,
      int at,
      int length) {
    if (node.end(leaves) - node.first() == 1) {
      float scale = noise(step, node.first()) * (float) forward;
      int shift = (int) (step * 131 + node.first() * 17);
      for (int i = 0; i < length; i++) {
        target[at + i] = scale * theta[from + i] + noise[(from + i + shift) % NOISE];
      }
      return;
    }
    Node left = new Node(node.level() - 1, 2 * node.index());
    Node right = new Node(node.level() - 1, 2 * node.index() + 1);
    gradient(forward, theta, from, step, left, leaves, target, at, length);
    if (right.first() < leaves) {
      float[] other = scratch[right.level()];
      gradient(forward, theta, from, step, right, leaves, other, 0, length);
      for (int i = 0; i < length; i++) {
        target[at + i] += other[i];
      }
    }
  }
}
