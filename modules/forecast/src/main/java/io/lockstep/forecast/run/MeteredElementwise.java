package io.lockstep.forecast.run;

import io.lockstep.forecast.AggregationCosts;
import io.lockstep.kernels.Activation;
import io.lockstep.kernels.Elementwise;

/** Adds and rounds nothing, and has whoever asks pay for it: nobody looks into hollow arrays. */
final class MeteredElementwise implements Elementwise {

  private static final String OF_PASSES = "kernels of passes: a simulated pass computes nothing";

  private final Meter meter;
  private final AggregationCosts costs;

  MeteredElementwise(Meter meter, AggregationCosts costs) {
    this.meter = meter;
    this.costs = costs;
  }

  @Override
  public void add(float[] x, int xAt, float[] y, int yAt, int length) {
    meter.chargeArithmetic(costs.addNanos() * length);
  }

  @Override
  public void roundToBfloat16(float[] x, int xAt, int length) {
    meter.chargeArithmetic(costs.roundNanos() * length);
  }

  @Override
  public void apply(Function f, float[] x, int xAt, float[] y, int yAt, int length) {
    throw new UnsupportedOperationException(OF_PASSES);
  }

  @Override
  public void biasActivate(
      Activation h,
      int rows,
      int panels,
      float[] bias,
      int biasAt,
      float[] z,
      int zAt,
      float[] a,
      int aAt) {
    throw new UnsupportedOperationException(OF_PASSES);
  }

  @Override
  public void activate(Activation h, float[] z, int zAt, float[] a, int aAt, int length) {
    throw new UnsupportedOperationException(OF_PASSES);
  }

  @Override
  public void activationGradient(
      Activation h,
      float[] z,
      int zAt,
      float[] a,
      int aAt,
      float[] dA,
      int dAAt,
      float[] dZ,
      int dZAt,
      int length) {
    throw new UnsupportedOperationException(OF_PASSES);
  }

  @Override
  public void dropout(
      int rows, int columns, long key, int firstRow, float rate, float[] x, int xAt) {
    throw new UnsupportedOperationException(OF_PASSES);
  }

  @Override
  public void gatherBytes(
      byte[] source,
      int width,
      int[] rowIndices,
      int from,
      int count,
      float[] scale,
      float[] shift,
      float[] x,
      int xAt) {
    throw new UnsupportedOperationException(OF_PASSES);
  }

  @Override
  public void gatherFloats(
      float[] source,
      int width,
      int[] rowIndices,
      int from,
      int count,
      float[] scale,
      float[] shift,
      float[] x,
      int xAt) {
    throw new UnsupportedOperationException(OF_PASSES);
  }
}
