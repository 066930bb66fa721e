package io.lockstep.nn;

import static java.lang.StrictMath.exp;
import static java.lang.StrictMath.floor;
import static java.lang.StrictMath.log;
import static java.lang.StrictMath.pow;
import static java.lang.StrictMath.sqrt;

import java.util.function.DoubleSupplier;

/**
 * Draws from distributions, from independent numbers that are uniform from 0 to less than 1; by
 * {@link StrictMath}, so the same ones on every machine.
 */
public final class Variates {

  /** Up to this mean, counts are searched from 0. */
  private static final double SEARCHED_MEAN = 10;

  private Variates() {}

  /** Standard normal (Box and Muller 1958). */
  public static double normal(DoubleSupplier uniforms) {
    double radius = sqrt(-2 * log(positive(uniforms)));
    return radius * StrictMath.cos(2 * StrictMath.PI * uniforms.getAsDouble());
  }

  /** Exponential of mean 1. */
  public static double exponential(DoubleSupplier uniforms) {
    return -log(positive(uniforms));
  }

  /**
   * Gamma of that shape and scale 1, so of that mean (Marsaglia and Tsang 2000).
   *
   * @param shape above 0
   */
  public static double gamma(double shape, DoubleSupplier uniforms) {
    if (shape < 1) {
      return gamma(shape + 1, uniforms) * pow(positive(uniforms), 1 / shape);
    }
    double d = shape - 1.0 / 3;
    double c = 1 / sqrt(9 * d);
    while (true) {
      double x = normal(uniforms);
      double root = 1 + c * x;
      double v = root * root * root;
      if (v > 0 && log(positive(uniforms)) < 0.5 * x * x + d - d * v + d * log(v)) {
        return d * v;
      }
    }
  }

  /**
   * Poisson of that mean: by inversion, from a mean of 10 on by transformed rejection (Hörmann
   * 1993).
   *
   * @param mean at least 0; where it is not finite, so is the draw
   */
  public static double poisson(double mean, DoubleSupplier uniforms) {
    if (!Double.isFinite(mean)) {
      return mean;
    }
    return mean < SEARCHED_MEAN ? searched(mean, uniforms) : rejected(mean, uniforms);
  }

  private static double searched(double mean, DoubleSupplier uniforms) {
    double u = uniforms.getAsDouble();
    double p = exp(-mean);
    double sum = p;
    int k = 0;
    while (u >= sum && p > 0) {
      k++;
      p *= mean / k;
      sum += p;
    }
    return k;
  }

  private static double rejected(double mean, DoubleSupplier uniforms) {
    double b = 0.931 + 2.53 * sqrt(mean);
    double a = -0.059 + 0.02483 * b;
    double inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
    double squeeze = 0.9277 - 3.6224 / (b - 2);
    while (true) {
      double u = uniforms.getAsDouble() - 0.5;
      double v = positive(uniforms);
      double us = 0.5 - StrictMath.abs(u);
      double k = floor((2 * a / us + b) * u + mean + 0.43);
      if (us >= 0.07 && v <= squeeze) {
        return k;
      }
      boolean outside = k < 0 || (us < 0.013 && v > us);
      if (!outside
          && log(v) + log(inverseAlpha) - log(a / (us * us) + b)
              <= k * log(mean) - mean - SpecialFunctions.logGamma(k + 1)) {
        return k;
      }
    }
  }

  /** In (0, 1]. */
  private static double positive(DoubleSupplier uniforms) {
    return 1 - uniforms.getAsDouble();
  }
}
