package io.lockstep.forecast.time;

import io.lockstep.kernels.CounterRandom;
import io.lockstep.kernels.CounterRandom.Purpose;

/**
 * What is drawn by lot in a simulation: each draw is a function of (seed, purpose, node, step), so
 * the order in which things happen changes none of them. Computed by {@link StrictMath}: the same
 * on any machine. Draws of one purpose are to be of one distribution: the normal ones are made of
 * uniform ones of the same purpose.
 */
public record Draws(long seed) {

  /** Uniform in [0, 1). */
  public double uniform(Purpose purpose, long node, long step) {
    return CounterRandom.uniform(CounterRandom.bits(seed, purpose, node, step));
  }

  /**
   * Of the normal distribution with mean 0 and variance 1: √(−2 ln(1 − u)) · cos(2π v), of two
   * uniform draws u and v (Box, Muller 1958).
   */
  public double normal(Purpose purpose, long node, long step) {
    double u = uniform(purpose, 2 * node, step);
    double v = uniform(purpose, 2 * node + 1, step);
    return StrictMath.sqrt(-2 * StrictMath.log(1 - u)) * StrictMath.cos(2 * Math.PI * v);
  }

  /**
   * Of the lognormal distribution with mean 1: exp(σZ − σ²/2), with Z normal.
   *
   * @param sigma σ, from 0 on
   */
  public double lognormal(double sigma, Purpose purpose, long node, long step) {
    return StrictMath.exp(sigma * normal(purpose, node, step) - sigma * sigma / 2);
  }
}
