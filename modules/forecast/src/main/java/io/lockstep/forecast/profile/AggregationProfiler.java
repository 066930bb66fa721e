package io.lockstep.forecast.profile;

import io.lockstep.forecast.AggregationCosts;
import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Updates;
import io.lockstep.optim.Optimizer;
import io.lockstep.training.Buckets;
import io.lockstep.training.Job;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Measures what a parameter server computes, bucket by bucket through arrays that no cache holds:
 * what has come by a network or waits for its sibling is not in one either.
 */
public final class AggregationProfiler {

  /** 16 MB each, of which an update takes at least three. */
  private static final int LEAST_FLOATS = 1 << 22;

  private static final Repetitions ROUNDS = new Repetitions(1, 15, 200);
  private static final Repetitions WARM_UP = new Repetitions(0.3, 2, 20);
  private static final float GRADIENT = 0.001f;

  private final Kernels kernels;
  private final Optimizer optimizer;
  private final int piece;
  private final int length;
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
    this.piece = buckets.to(0);
    this.length = Math.ceilDiv(LEAST_FLOATS, piece) * piece;
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
    range.states(new float[optimizer.stateArrays()][length]);
  }

  private float[] filled(float value) {
    float[] values = new float[length];
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
      added.add(perFloat(at -> kernels.elementwise().add(other, at, gradient, at, piece)));
      rounded.add(perFloat(at -> kernels.elementwise().roundToBfloat16(other, at, piece)));
      updated.add(perFloat(at -> update(at, round)));
    }
  }

  /** Without the norm that clipping needs of all gradients before: that is charged apart. */
  private void update(int at, int step) {
    range.thetaAt = at;
    range.nextAt = at;
    range.gradientAt = at;
    range.stateAt = at;
    range.length = piece;
    if (!optimizer.apply(kernels, range, step, GRADIENT, totals)) {
      throw new IllegalStateException(
          "the update that is measured gave a weight that is not finite");
    }
  }

  private double perFloat(IntConsumer work) {
    long since = System.nanoTime();
    for (int at = 0; at < length; at += piece) {
      work.accept(at);
    }
    return (double) (System.nanoTime() - since) / length;
  }
}
