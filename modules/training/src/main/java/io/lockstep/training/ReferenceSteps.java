package io.lockstep.training;

import io.lockstep.data.Partitions;
import io.lockstep.data.Sampler;
import io.lockstep.data.Split;
import io.lockstep.data.SplitMethod;
import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Updates;
import io.lockstep.nn.ParameterLayout;
import io.lockstep.nn.Pass;
import io.lockstep.nn.PassListener;
import io.lockstep.nn.Sums;
import io.lockstep.optim.Optimizer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;

/**
 * The steps of a {@link ReferenceTraining}, from its rows to its last weights, as plain code: no
 * exchange, no threads, and nothing to wait for. Used once, by one thread.
 *
 * <p>Each step is cut into three micro-batches, of which two go through the network together: so
 * the tree is summed within a pass and outside of one. The second step of an epoch is a short one.
 */
final class ReferenceSteps {

  static final long SEED = 20_260_301;

  private static final int STEPS = 4;
  private static final MicroBatches CUT = new MicroBatches(16, 3);
  private static final Split SPLIT = new Split(0.2, SplitMethod.RANDOM, SEED);

  /** Nodes of this level go through the network at once. */
  private static final int LEVEL = 1;

  private final ReferenceTraining training;
  private final Kernels kernels;
  private final MessageDigest digest;
  private final ParameterLayout layout;
  private final Partitions data;
  private final Sampler sampler;
  private final Pass pass;
  private final RowLoader loader;
  private final Sums sums = new Sums();
  private final Sums nodeSums = new Sums();
  private final float[] gradient;
  private final float[] nodeGradient;
  private final Updates.Range range = new Updates.Range();
  private final BlockSums blocks;
  private final double[] totals;
  private float[] theta;
  private float[] next;

  /**
   * @param digest takes losses and weights
   */
  ReferenceSteps(ReferenceTraining training, Kernels kernels, MessageDigest digest) {
    this.training = training;
    this.kernels = kernels;
    this.digest = digest;
    this.layout = training.network().parameters();
    this.data = Partitions.of(training.rows(), null, SPLIT, training.scaling());
    this.sampler = new Sampler(SEED, data.train().size(), CUT.batch());
    this.pass = new Pass(training.network(), kernels, CUT.batch());
    this.loader = new RowLoader(training.network(), pass, kernels, data.scaling());
    this.theta = training.network().initialWeights(SEED);
    this.next = new float[theta.length];
    this.gradient = new float[theta.length];
    this.nodeGradient = new float[theta.length];
    this.blocks = new BlockSums(training.optimizer().totals(), theta.length, 0, theta.length);
    this.totals = new double[blocks.totals()];
    this.range.states(new float[training.optimizer().stateArrays()][theta.length]);
  }

  void run() {
    for (long step = 0; step < STEPS; step++) {
      computeGradient(step);
      update(step);
      add(sums);
    }
    evaluate();
    add(layout.toCanonical(theta));
  }

  private void computeGradient(long step) {
    int leaves = CUT.leaves(sampler.rowsOf(step));
    computeNode(step, new Node(LEVEL, 0), leaves, gradient, sums);
    if (Node.nodesAt(LEVEL, leaves) > 1) {
      computeNode(step, new Node(LEVEL, 1), leaves, nodeGradient, nodeSums);
      kernels.elementwise().add(gradient, 0, nodeGradient, 0, gradient.length);
      sums.add(nodeSums);
    }
  }

  private void computeNode(long step, Node node, int leaves, float[] toGradient, Sums toSums) {
    int firstRow = node.first() * CUT.leafRows();
    int end = Math.min(node.end(leaves) * CUT.leafRows(), sampler.rowsOf(step));
    int count = end - firstRow;
    sampler.positions(step, firstRow, count, loader.positions());
    loader.load(data.train(), count);
    pass.train(
        theta, count, CUT.leafRows(), firstRow, step, SEED, toGradient, toSums, PassListener.NONE);
  }

  private void update(long step) {
    Optimizer optimizer = training.optimizer();
    range.theta = theta;
    range.next = next;
    range.gradient = gradient;
    range.scale = (float) (1.0 / sums.weight);
    measure();
    for (ParameterLayout.Range named : layout.ranges()) {
      range.thetaAt = named.packedAt();
      range.nextAt = named.packedAt();
      range.gradientAt = named.packedAt();
      range.stateAt = named.packedAt();
      range.length = named.packedLength();
      double rate = training.schedule().rate(step);
      requireFinite(RangeUpdate.apply(optimizer, kernels, range, named, step, rate, totals), step);
    }
    float[] last = theta;
    theta = next;
    next = last;
  }

  private void measure() {
    for (int block = 0; block < theta.length; block += Buckets.BLOCK) {
      range.thetaAt = block;
      range.gradientAt = block;
      range.stateAt = block;
      range.length = Math.min(Buckets.BLOCK, theta.length - block);
      RangeUpdate.measure(
          training.optimizer(), kernels, range, layout, block, blocks.parts(), blocks.at(block));
    }
    blocks.sum(totals);
  }

  /** The bits of a NaN differ between processors. */
  private void requireFinite(boolean finite, long step) {
    if (!finite) {
      throw new ArithmeticException(
          "numerics revision: expected finite weights but found others after step %d of %s"
              .formatted(step, training.network()));
    }
  }

  private void evaluate() {
    loader.loadRange(data.validation(), 0, data.validation().size());
    pass.evaluate(theta, data.validation().size(), CUT.leafRows(), sums);
    add(sums);
  }

  private void add(Sums of) {
    ByteBuffer bytes = littleEndian(4 * Double.BYTES);
    bytes.putDouble(of.weight).putDouble(of.loss).putDouble(of.correct).putDouble(of.deviance);
    digest.update(bytes.flip());
  }

  private void add(float[] values) {
    ByteBuffer bytes = littleEndian(values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
    digest.update(bytes);
  }

  private static ByteBuffer littleEndian(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
