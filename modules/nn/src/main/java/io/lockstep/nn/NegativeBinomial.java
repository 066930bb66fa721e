package io.lockstep.nn;

import static io.lockstep.nn.SpecialFunctions.log1pMinus;
import static io.lockstep.nn.SpecialFunctions.logGamma;
import static io.lockstep.nn.SpecialFunctions.logGammaRise;
import static io.lockstep.nn.SpecialFunctions.scaledDigammaRise;
import static io.lockstep.nn.SpecialFunctions.sigmoid;
import static io.lockstep.nn.SpecialFunctions.softplus;
import static java.lang.StrictMath.exp;
import static java.lang.StrictMath.log;
import static java.lang.StrictMath.log1p;

import java.util.function.DoubleSupplier;

/**
 * Counts y with mean μ = exp η and variance μ + μ² / r, where r is the size (theta of R's {@code
 * glm.nb}); with r to infinity it is {@link Poisson}. With s(x) = log(1 + exp x) and ρ = log r, the
 * loss is r s(η − ρ) + y s(ρ − η) − log Γ(y + r) + log Γ(r) + log y!, its gradient (μ − y) / (1 + μ
 * / r), the deviance 2 (y log(y / μ) − (y + r) log((y + r) / (μ + r))).
 *
 * @param shape the size r, given or learned
 */
public record NegativeBinomial(Shape shape) implements UnivariateFamily {

  /** Of a given size. */
  public NegativeBinomial(double size) {
    this(Shape.fixed("size", size));
  }

  /** Of a size that is learned, from 1. */
  public static NegativeBinomial learned() {
    return new NegativeBinomial(Shape.learned("size", 1));
  }

  @Override
  public String name() {
    return "negative-binomial";
  }

  @Override
  public double negativeLogLikelihood(double y, double eta, double size) {
    double choices = logGammaRise(size, y) - logGamma(y + 1);
    return kernel(y, eta - log(size), size) - choices;
  }

  /** r log(1 + μ / r) + y log(1 + r / μ), from log(μ / r). */
  private static double kernel(double y, double logRatio, double size) {
    return size * softplus(logRatio) + (y == 0 ? 0 : y * softplus(-logRatio));
  }

  @Override
  public double gradient(double y, double eta, double size) {
    double logRatio = eta - log(size);
    return size * sigmoid(logRatio) - y * sigmoid(-logRatio);
  }

  @Override
  public double shapeGradient(double y, double eta, double size) {
    double mean = exp(eta);
    double ratio = mean / size;
    if (ratio > 1) {
      double rise = scaledDigammaRise(size, y) + y;
      return size * softplus(eta - log(size)) - rise - gradient(y, eta, size);
    }
    return size * log1pMinus(ratio)
        - scaledDigammaRise(size, y)
        + (mean - y) * (ratio / (1 + ratio)); // With a large size only what is left of μ − y.
  }

  @Override
  public double mean(double eta) {
    return exp(eta);
  }

  @Override
  public double deviance(double y, double eta, double size) {
    double saturated = y == 0 ? 0 : size * log1p(y / size) + y * log1p(size / y);
    return 2 * (kernel(y, eta - log(size), size) - saturated);
  }

  @Override
  public double sample(double eta, double size, DoubleSupplier uniforms) {
    double rate = exp(eta) / size * Variates.gamma(size, uniforms);
    return Variates.poisson(rate, uniforms);
  }

  @Override
  public boolean supports(double y) {
    return Poisson.isCount(y);
  }

  @Override
  public String support() {
    return Poisson.COUNTS;
  }
}
