package io.lockstep.training;

import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Updates;
import io.lockstep.nn.ParameterLayout;
import io.lockstep.optim.LearningRateSchedule;
import io.lockstep.optim.Optimizer;
import io.lockstep.training.trace.TraceKind;
import io.lockstep.training.trace.Tracer;

/**
 * The buckets of one parameter server: completes their reduction trees, applies the optimizer once,
 * and keeps the optimizer's state.
 *
 * <p>Different threads may deliver partials of the same bucket; of one bucket only one thread
 * updates at a time, since a step has one root.
 */
final class Shard {

  private final Kernels kernels;
  private final ParameterLayout layout;
  private final Optimizer optimizer;
  private final LearningRateSchedule schedule;
  private final Buckets buckets;
  private final int firstBucket;
  private final int start;
  private final int length;
  private final GradientTree[] trees;
  private final Updates.Range[] ranges;
  private final float[][] state;
  private final StepTimes times;
  private volatile Tracer tracer = Tracer.OFF;

  /**
   * @param shard which of the buckets' shards
   * @param theta the weights that it updates
   */
  Shard(Job job, Buckets buckets, Kernels kernels, int shard, Theta theta) {
    this.kernels = kernels;
    this.layout = job.network().parameters();
    this.optimizer = job.optimizer();
    this.schedule = job.schedule();
    this.buckets = buckets;
    this.firstBucket = buckets.firstBucket(shard);
    int count = buckets.firstBucket(shard + 1) - firstBucket;
    this.start = count == 0 ? 0 : buckets.from(firstBucket);
    this.length = count == 0 ? 0 : buckets.to(firstBucket + count - 1) - start;
    this.times = new StepTimes(job.epochs().steps(), 0);
    this.state = new float[optimizer.stateArrays()][theta.held(length)];
    this.trees = new GradientTree[count];
    this.ranges = new Updates.Range[count];
    for (int i = 0; i < count; i++) {
      int bucket = firstBucket + i;
      trees[i] =
          new GradientTree(
              kernels.elementwise(),
              job.gradients(),
              bucket,
              buckets.from(bucket),
              buckets.to(bucket),
              job.mostLeaves());
      ranges[i] = new Updates.Range();
      ranges[i].states(state);
    }
  }

  /** How long it adds and updates. */
  StepTimes times() {
    return times;
  }

  /** Has what it does be noted. */
  void noteTo(Tracer of) {
    tracer = of;
  }

  /** Notes what it does. */
  Tracer tracer() {
    return tracer;
  }

  /** The optimizer's state arrays, each over the floats owned. */
  float[][] state() {
    return state;
  }

  /** Position in packed θ of the first float owned. */
  int from() {
    return start;
  }

  /** Number of floats owned. */
  int length() {
    return length;
  }

  /** Number of buckets owned. */
  int bucketCount() {
    return trees.length;
  }

  /** The first bucket owned. */
  int firstBucket() {
    return firstBucket;
  }

  /**
   * Takes one bucket of a node's partial, by reference.
   *
   * @return the sum over the whole step if this completed it, to be passed to {@link #update} and
   *     released; else null
   */
  Partial accept(long step, int bucket, int level, int index, int leaves, Partial partial) {
    long since = times.begin(step);
    long noted = tracer.begin(step);
    GradientTree tree = trees[bucket - firstBucket];
    Partial sum = tree.accept(step, level, index, leaves, Node.rootLevel(leaves), partial);
    times.served(step, since);
    tracer.end(TraceKind.SUM, step, noted, bucket, level, index);
    return sum;
  }

  /**
   * Computes what the blocks of a bucket add to the totals of {@code step}.
   *
   * @param gradient sum of the step's gradients
   * @param sums take it
   */
  void measure(int bucket, long step, Theta theta, Partial gradient, BlockSums sums) {
    long since = times.begin(step);
    long noted = tracer.begin(step);
    Updates.Range range = ranges[bucket - firstBucket];
    range.theta = theta.array(step);
    range.gradient = gradient.values();
    int to = buckets.to(bucket);
    for (int begin = buckets.from(bucket); begin < to; begin += Buckets.BLOCK) {
      range.thetaAt = begin - theta.from();
      range.gradientAt = begin - gradient.from();
      range.stateAt = begin - start;
      range.length = Math.min(Buckets.BLOCK, to - begin);
      RangeUpdate.measure(optimizer, kernels, range, layout, begin, sums.parts(), sums.at(begin));
    }
    times.served(step, since);
    tracer.end(TraceKind.MEASURE, step, noted, bucket, 0, 0);
  }

  /**
   * Applies the update of {@code step} to a bucket of {@code theta}: from version step to version
   * step + 1.
   *
   * @param gradient sum of the step's gradients
   * @param weight the step's sum of weights, which the gradient is divided by
   * @param totals those of the step
   * @return -1 if every new weight is finite, else the layer (see {@link
   *     ParameterLayout.Range#layer}) of one that is not
   */
  int update(int bucket, long step, Theta theta, Partial gradient, double weight, double[] totals) {
    long since = times.begin(step);
    long noted = tracer.begin(step);
    int layer = apply(bucket, step, theta, gradient, weight, totals);
    times.served(step, since);
    tracer.end(TraceKind.UPDATE, step, noted, bucket, 0, 0);
    return layer;
  }

  private int apply(
      int bucket, long step, Theta theta, Partial gradient, double weight, double[] totals) {
    Updates.Range range = ranges[bucket - firstBucket];
    range.theta = theta.array(step);
    range.next = theta.array(step + 1);
    range.gradient = gradient.values();
    range.scale = (float) (1.0 / weight);
    double rate = schedule.rate(step);
    int from = buckets.from(bucket);
    int to = buckets.to(bucket);
    for (int r = 0; r < layout.ranges().size(); r++) {
      ParameterLayout.Range named = layout.ranges().get(r);
      int begin = Math.max(from, named.packedAt());
      int end = Math.min(to, named.packedAt() + named.packedLength());
      range.thetaAt = begin - theta.from();
      range.nextAt = begin - theta.from();
      range.gradientAt = begin - gradient.from();
      if (begin < end && !update(range, named, begin, end, step, rate, totals)) {
        return named.layer();
      }
    }
    return -1;
  }

  private boolean update(
      Updates.Range range,
      ParameterLayout.Range named,
      int begin,
      int end,
      long step,
      double rate,
      double[] totals) {
    range.stateAt = begin - start;
    range.length = end - begin;
    return RangeUpdate.apply(optimizer, kernels, range, named, step, rate, totals);
  }

  /** Drops partials that still wait for a sibling; for a run that ended within a step. */
  void clear() {
    for (GradientTree tree : trees) {
      tree.clear();
    }
  }
}
