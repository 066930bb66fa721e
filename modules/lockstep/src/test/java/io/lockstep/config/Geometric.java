package io.lockstep.config;

import static java.lang.StrictMath.exp;

import io.lockstep.nn.LayerOptions;
import io.lockstep.nn.Poisson;
import io.lockstep.nn.SpecialFunctions;
import io.lockstep.nn.UnivariateFamily;
import java.util.function.DoubleSupplier;

/** Failures before the first success, p = 1 / (1 + exp(η + shift)): a family with an option. */
public final class Geometric implements UnivariateFamily {

  private static final Poisson COUNTS = new Poisson();

  private final double shift;

  public Geometric(LayerOptions options) {
    this.shift = options.real("shift", 0);
    if (shift < 0) {
      throw options.wrong("shift", "a number of at least 0");
    }
  }

  @Override
  public String name() {
    return "geometric";
  }

  @Override
  public double negativeLogLikelihood(double y, double eta, double shape) {
    return SpecialFunctions.softplus(eta + shift) * (y + 1) - y * (eta + shift);
  }

  @Override
  public double gradient(double y, double eta, double shape) {
    return SpecialFunctions.sigmoid(eta + shift) * (y + 1) - y;
  }

  @Override
  public double mean(double eta) {
    return exp(eta + shift);
  }

  @Override
  public double deviance(double y, double eta, double shape) {
    double best = y == 0 ? 0 : negativeLogLikelihood(y, StrictMath.log(y) - shift, shape);
    return 2 * (negativeLogLikelihood(y, eta, shape) - best);
  }

  @Override
  public double sample(double eta, double shape, DoubleSupplier uniforms) {
    double p = 1 / (1 + mean(eta));
    return StrictMath.floor(StrictMath.log1p(-uniforms.getAsDouble()) / StrictMath.log1p(-p));
  }

  @Override
  public boolean supports(double y) {
    return COUNTS.supports(y);
  }

  @Override
  public String support() {
    return COUNTS.support();
  }
}
