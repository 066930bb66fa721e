package io.lockstep.nn;

import static io.lockstep.nn.SpecialFunctions.digammaRemainder;
import static io.lockstep.nn.SpecialFunctions.expm1Minus;
import static io.lockstep.nn.SpecialFunctions.logGammaRemainder;
import static java.lang.StrictMath.exp;
import static java.lang.StrictMath.log;

import java.util.function.DoubleSupplier;

/**
 * Positive numbers y with mean μ = exp η and variance μ² / k, where k is the shape. The loss is k
 * (y / μ + η) − (k − 1) log y − k log k + log Γ(k), its gradient k (1 − y / μ), the deviance 2 ((y
 * − μ) / μ − log(y / μ)).
 *
 * @param shape k, given or learned
 */
public record Gamma(Shape shape) implements UnivariateFamily {

  /** Of a given shape. */
  public Gamma(double shape) {
    this(Shape.fixed("shape", shape));
  }

  /** Of a shape that is learned, from 1. */
  public static Gamma learned() {
    return new Gamma(Shape.learned("shape", 1));
  }

  @Override
  public String name() {
    return "gamma";
  }

  @Override
  public double negativeLogLikelihood(double y, double eta, double k) {
    double logRatio = log(y) - eta;
    return k * expm1Minus(logRatio) + log(y) + logGammaRemainder(k);
  }

  @Override
  public double gradient(double y, double eta, double k) {
    return k * (1 - y * exp(-eta));
  }

  @Override
  public double shapeGradient(double y, double eta, double k) {
    double logRatio = log(y) - eta;
    return k * (expm1Minus(logRatio) + digammaRemainder(k));
  }

  @Override
  public double mean(double eta) {
    return exp(eta);
  }

  @Override
  public double deviance(double y, double eta, double k) {
    double logRatio = log(y) - eta;
    return 2 * expm1Minus(logRatio);
  }

  @Override
  public double sample(double eta, double k, DoubleSupplier uniforms) {
    return exp(eta) / k * Variates.gamma(k, uniforms);
  }

  @Override
  public boolean supports(double y) {
    return y > 0;
  }

  @Override
  public String support() {
    return "numbers above 0";
  }
}
