package io.lockstep.nn;

import static java.lang.StrictMath.exp;
import static java.lang.StrictMath.log;

import java.util.function.DoubleSupplier;

/**
 * Counts y with mean μ = exp η: the loss is μ − y η + log y!, its gradient μ − y, the deviance 2 (y
 * log(y / μ) − (y − μ)).
 */
public record Poisson() implements UnivariateFamily {

  @Override
  public String name() {
    return "poisson";
  }

  @Override
  public double negativeLogLikelihood(double y, double eta, double shape) {
    return exp(eta) - y * eta + SpecialFunctions.logGamma(y + 1);
  }

  @Override
  public double gradient(double y, double eta, double shape) {
    return exp(eta) - y;
  }

  @Override
  public double mean(double eta) {
    return exp(eta);
  }

  @Override
  public double deviance(double y, double eta, double shape) {
    double mean = exp(eta);
    return 2 * (y == 0 ? mean : y * (log(y) - eta) - (y - mean));
  }

  @Override
  public double sample(double eta, double shape, DoubleSupplier uniforms) {
    return Variates.poisson(exp(eta), uniforms);
  }

  @Override
  public boolean supports(double y) {
    return isCount(y);
  }

  @Override
  public String support() {
    return COUNTS;
  }

  static final String COUNTS = "counts (0, 1, 2, …)";

  static boolean isCount(double y) {
    return y >= 0 && y == StrictMath.rint(y);
  }
}
