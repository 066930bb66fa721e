package io.lockstep.forecast.run;

import io.lockstep.forecast.AggregationCosts;
import io.lockstep.kernels.Updates;

/**
 * Updates nothing, and has whoever asks pay for it. Every update yields finite weights, and a dot
 * product is as long as its vectors: above 0, as the norms of optimizers need it.
 */
final class MeteredUpdates implements Updates {

  private final Meter meter;
  private final AggregationCosts costs;

  MeteredUpdates(Meter meter, AggregationCosts costs) {
    this.meter = meter;
    this.costs = costs;
  }

  private boolean update(Range range) {
    meter.chargeArithmetic(costs.updateNanos() * range.length);
    return true;
  }

  /** Part of the update that was measured. */
  @Override
  public void clip(Range range, float limit) {}

  /** Part of the update that was measured. */
  @Override
  public void shrink(Range range, float amount) {}

  @Override
  public double dot(float[] x, int xAt, float[] y, int yAt, int length) {
    meter.chargeArithmetic(costs.addNanos() * length);
    return length;
  }

  @Override
  public boolean sgd(Range range, float rate) {
    return update(range);
  }

  @Override
  public boolean momentum(Range range, float rate, float momentum, boolean nesterov) {
    return update(range);
  }

  @Override
  public boolean rmsprop(Range range, float rate, double rho, float epsilon, float momentum) {
    return update(range);
  }

  @Override
  public boolean adagrad(Range range, float rate, float epsilon) {
    return update(range);
  }

  @Override
  public boolean adadelta(Range range, float rate, double rho, float epsilon) {
    return update(range);
  }

  @Override
  public boolean nadam(
      Range range,
      float gradientRate,
      float momentRate,
      float inverseRootCorrection2,
      double beta1,
      double beta2,
      float epsilon) {
    return update(range);
  }

  @Override
  public boolean adam(
      Range range,
      float rateOverCorrection1,
      float inverseRootCorrection2,
      double beta1,
      double beta2,
      float epsilon,
      float decoupledDecay) {
    return update(range);
  }
}
