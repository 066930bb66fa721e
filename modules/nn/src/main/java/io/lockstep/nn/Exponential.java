package io.lockstep.nn;

import static java.lang.StrictMath.exp;

import java.util.function.DoubleSupplier;

/**
 * Positive numbers y, such as waiting times, with mean μ = exp η: {@link Gamma} of shape 1. The
 * loss is y / μ + η, its gradient 1 − y / μ, the deviance 2 ((y − μ) / μ − log(y / μ)).
 */
public record Exponential() implements UnivariateFamily {

  private static final Gamma GAMMA = new Gamma(1);

  @Override
  public String name() {
    return "exponential";
  }

  @Override
  public double negativeLogLikelihood(double y, double eta, double shape) {
    return y * exp(-eta) + eta;
  }

  @Override
  public double gradient(double y, double eta, double shape) {
    return 1 - y * exp(-eta);
  }

  @Override
  public double mean(double eta) {
    return exp(eta);
  }

  @Override
  public double deviance(double y, double eta, double shape) {
    return GAMMA.deviance(y, eta, 1);
  }

  @Override
  public double sample(double eta, double shape, DoubleSupplier uniforms) {
    return exp(eta) * Variates.exponential(uniforms);
  }

  @Override
  public boolean supports(double y) {
    return GAMMA.supports(y);
  }

  @Override
  public String support() {
    return GAMMA.support();
  }
}
