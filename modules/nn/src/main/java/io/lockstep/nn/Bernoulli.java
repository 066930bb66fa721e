package io.lockstep.nn;

import static java.lang.StrictMath.abs;
import static java.lang.StrictMath.exp;
import static java.lang.StrictMath.expm1;
import static java.lang.StrictMath.log;
import static java.lang.StrictMath.log1p;

import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Panels;
import java.util.function.DoubleSupplier;

/**
 * Yes (1) or no (0) with probability μ of yes: the loss is −log μ for 1 and −log(1 − μ) for 0, its
 * gradient that of each {@link Link}. The deviance is twice the loss. A prediction is right if μ is
 * on the same side of ½ as y.
 *
 * @param link how μ depends on η
 */
public record Bernoulli(Link link) implements UnivariateFamily {

  /** How the probability μ depends on the linear predictor η. */
  public enum Link {
    /** μ = 1 / (1 + exp(−η)). */
    LOGIT {
      @Override
      double logOfMean(double eta) {
        return eta < 0 ? eta - log1p(exp(eta)) : -log1p(exp(-eta));
      }

      @Override
      double logOfRest(double eta) {
        return logOfMean(-eta);
      }

      @Override
      double slopeOfLogMean(double eta) {
        return SpecialFunctions.sigmoid(-eta);
      }

      @Override
      double slopeOfLogRest(double eta) {
        return -SpecialFunctions.sigmoid(eta);
      }
    },

    /** μ = Φ(η), the standard normal distribution function. */
    PROBIT {
      @Override
      double logOfMean(double eta) {
        return SpecialFunctions.logNormalCdf(eta);
      }

      @Override
      double logOfRest(double eta) {
        return SpecialFunctions.logNormalCdf(-eta);
      }

      @Override
      double slopeOfLogMean(double eta) {
        return SpecialFunctions.normalHazard(eta);
      }

      @Override
      double slopeOfLogRest(double eta) {
        return -SpecialFunctions.normalHazard(-eta);
      }
    },

    /** μ = 1 − exp(−exp η): of whether an event of a Poisson process happened at all. */
    CLOGLOG {
      @Override
      double logOfMean(double eta) {
        double t = exp(eta);
        return eta < TINY ? eta : t < 1 ? log(-expm1(-t)) : log1p(-exp(-t));
      }

      @Override
      double logOfRest(double eta) {
        return -exp(eta);
      }

      /** t / (exp t − 1) with t = exp η: 1 where t is near 0, and 0 where exp t overflows. */
      @Override
      double slopeOfLogMean(double eta) {
        double t = exp(eta);
        return eta < TINY ? 1 : t > LARGE ? 0 : t / expm1(t);
      }

      @Override
      double slopeOfLogRest(double eta) {
        return -exp(eta);
      }
    };

    /** Below this, exp η is no part of 1 in double precision. */
    private static final double TINY = -37;

    /** From here on, exp overflows, nearly. */
    private static final double LARGE = 700;

    /** log μ. */
    abstract double logOfMean(double eta);

    /** log(1 − μ). */
    abstract double logOfRest(double eta);

    /** d log μ / dη. */
    abstract double slopeOfLogMean(double eta);

    /** d log(1 − μ) / dη. */
    abstract double slopeOfLogRest(double eta);

    double mean(double eta) {
      return exp(logOfMean(eta));
    }
  }

  /** With the logit link. */
  public Bernoulli() {
    this(Link.LOGIT);
  }

  @Override
  public String name() {
    return "bernoulli";
  }

  @Override
  public boolean hasAccuracy() {
    return true;
  }

  @Override
  public boolean yieldsProbabilities() {
    return true;
  }

  @Override
  public double negativeLogLikelihood(double y, double eta, double shape) {
    return -(y == 1 ? link.logOfMean(eta) : link.logOfRest(eta));
  }

  @Override
  public double gradient(double y, double eta, double shape) {
    return -(y == 1 ? link.slopeOfLogMean(eta) : link.slopeOfLogRest(eta));
  }

  @Override
  public double mean(double eta) {
    return link.mean(eta);
  }

  @Override
  public double deviance(double y, double eta, double shape) {
    return 2 * negativeLogLikelihood(y, eta, shape);
  }

  @Override
  public double sample(double eta, double shape, DoubleSupplier uniforms) {
    return uniforms.getAsDouble() < mean(eta) ? 1 : 0;
  }

  @Override
  public boolean supports(double y) {
    return y == 0 || y == 1;
  }

  @Override
  public String support() {
    return "0 or 1";
  }

  @Override
  public void loss(
      Kernels kernels,
      int rows,
      int outputs,
      float[] eta,
      int etaAt,
      Targets targets,
      float[] dEta,
      int dEtaAt,
      float[] loss) {
    for (int row = 0; row < rows; row++) {
      targets.labels()[row] = 0;
      targets.predicted()[row] = wrong(rows, outputs, eta, etaAt, targets.values(), row);
    }
    UnivariateFamily.super.loss(kernels, rows, outputs, eta, etaAt, targets, dEta, dEtaAt, loss);
  }

  private int wrong(int rows, int outputs, float[] eta, int etaAt, float[] y, int row) {
    int wrong = 0;
    for (int output = 0; output < outputs; output++) {
      int offset = Panels.index(rows, row, output);
      boolean yes = link.mean(eta[etaAt + offset]) >= 0.5;
      wrong += abs(y[offset] - (yes ? 1 : 0)) > 0.5 ? 1 : 0;
    }
    return wrong;
  }
}
