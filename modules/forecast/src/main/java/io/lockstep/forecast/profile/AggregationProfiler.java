package io.lockstep.forecast.profile;

import io.lockstep.forecast.AggregationCosts;
import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Updates;
import io.lockstep.optim.Optimizer;
import io.lockstep.training.Buckets;
import io.lockstep.training.Job;
import io.lockstep.training.Median;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Measures what a parameter server computes, bucket by bucket through all of θ, its state and
 * gradients: those of a small model stay in a cache from one step to the next, those of a large one
 * do not, here as there.
 */
public final class AggregationProfiler {

  /** Of one figure: fewer take too short a time to be told by a clock. */
  private static final int LEAST_FLOATS = 1 << 18;

  private static final Repetitions ROUNDS = new Repetitions(1, 15, 200);
  private static final Repetitions WARM_UP = new Repetitions(0.3, 2, 20);
  private static final float GRADIENT = 0.001f;

  private final Kernels kernels;
  private final Optimizer optimizer;
  private final Buckets buckets;
  private final int sweeps;
  private final float[] theta;
  private final float[] next;
  private final float[] gradient;
  private final float[] other;
  private final Updates.Range range = new Updates.Range();
  private final double[] totals;

  /**
   * @param buckets that are added and updated as one
   */
  public AggregationProfiler(Job job, Buckets buckets, Kernels kernels) {
    this.kernels = kernels;
    this.optimizer = job.optimizer();
    this.buckets = buckets;
    this.sweeps = Math.ceilDiv(LEAST_FLOATS, buckets.parameters());
    this.theta = filled(1);
    this.next = filled(1);
    this.gradient = filled(GRADIENT);
    this.other = filled(GRADIENT);
    this.totals = new double[optimizer.totals()];
    Arrays.fill(totals, 1);
    range.theta = theta;
    range.next = next;
    range.gradient = gradient;
    range.scale = 1;
    range.decay = (float) optimizer.weightDecay();
    range.lasso = (float) optimizer.lasso();
    range.states(new float[optimizer.stateArrays()][buckets.parameters()]);
  }

  private float[] filled(float value) {
    float[] values = new float[buckets.parameters()];
    Arrays.fill(values, value);
    return values;
  }

  /** Measures for a second or so. */
  public AggregationCosts measure() {
    Rounds rounds = new Rounds();
    WARM_UP.run(rounds);
    rounds.clear();
    ROUNDS.run(rounds);
    return new AggregationCosts(
        median(rounds.added), median(rounds.rounded), median(rounds.updated));
  }

  private static double median(List<Double> figures) {
    return Median.of(figures.stream().mapToDouble(n -> n));
  }

  private final class Rounds implements IntConsumer {

    private final List<Double> added = new ArrayList<>();
    private final List<Double> rounded = new ArrayList<>();
    private final List<Double> updated = new ArrayList<>();

    void clear() {
      added.clear();
      rounded.clear();
      updated.clear();
    }

    @Override
    public void accept(int round) {
      added.add(perFloat(AggregationProfiler.this::add));
      rounded.add(perFloat(AggregationProfiler.this::round));
      updated.add(perFloat((at, length) -> update(at, length, round)));
    }
  }

  private void add(int at, int length) {
    kernels.elementwise().add(other, at, gradient, at, length);
  }

  private void round(int at, int length) {
    kernels.elementwise().roundToBfloat16(other, at, length);
  }

  /** Without the norm that clipping needs of all gradients before: that is charged apart. */
  private void update(int at, int length, int step) {
    range.thetaAt = at;
    range.nextAt = at;
    range.gradientAt = at;
    range.stateAt = at;
    range.length = length;
    if (!optimizer.apply(kernels, range, step, GRADIENT, totals)) {
      throw new IllegalStateException(
          "the update that is measured gave a weight that is not finite");
    }
  }

  /** What is done with a bucket. */
  private interface OfBucket {
    void at(int at, int length);
  }

  private double perFloat(OfBucket work) {
    long since = System.nanoTime();
    for (int sweep = 0; sweep < sweeps; sweep++) {
      for (int bucket = buckets.count() - 1; bucket >= 0; bucket--) { // As gradients come.
        work.at(buckets.from(bucket), buckets.to(bucket) - buckets.from(bucket));
      }
    }
    return (double) (System.nanoTime() - since) / sweeps / buckets.parameters();
  }
}
