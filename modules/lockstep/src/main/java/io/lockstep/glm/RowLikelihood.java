package io.lockstep.glm;

import static java.lang.StrictMath.exp;
import static java.lang.StrictMath.log;

import io.lockstep.nn.Bernoulli;
import io.lockstep.nn.Categorical;
import io.lockstep.nn.Exponential;
import io.lockstep.nn.Gamma;
import io.lockstep.nn.Gaussian;
import io.lockstep.nn.NegativeBinomial;
import io.lockstep.nn.OutputFamily;
import io.lockstep.nn.Poisson;
import io.lockstep.nn.UnivariateFamily;
import java.util.Optional;

/**
 * The log-likelihood of one row as a function of its linear predictors η[0 .. K), in units of the
 * dispersion where R has one (Gaussian, Gamma).
 */
interface RowLikelihood {

  /** The number K of linear predictors. */
  default int predictors() {
    return 1;
  }

  /** Whether the dispersion is estimated, so that R has t values. */
  default boolean hasDispersion() {
    return false;
  }

  /**
   * The derivative of −log p in η, by the dispersion.
   *
   * @param gradient [K], overwritten
   */
  void gradient(double y, double[] eta, double[] gradient);

  /**
   * The expected second derivative of −log p in η, by the dispersion: Fisher's information.
   *
   * @param fisher [K][K], overwritten
   */
  void fisher(double[] eta, double[][] fisher);

  /** As {@link UnivariateFamily#deviance}. */
  double deviance(double y, double[] eta);

  /** log p(y); of families with a dispersion for the given one. */
  double logLikelihood(double y, double[] eta, double dispersion);

  /** (y − μ)² by the variance, in units of the dispersion; of families that have one. */
  default double pearson(double y, double[] eta) {
    throw new UnsupportedOperationException("no dispersion to estimate");
  }

  /** The one predictor, of those with one, where the mean is {@code mean}. */
  double link(double mean);

  /**
   * Of a family with one output, or of classes.
   *
   * @param shape the family's second parameter
   * @return empty if the family is none that is known here
   */
  static Optional<RowLikelihood> of(OutputFamily family, int outputs, double shape) {
    if (family instanceof Categorical) {
      return Optional.of(new Softmax(outputs));
    }
    if (outputs != 1) {
      return Optional.empty();
    }
    return switch (family) {
      case Gaussian gaussian -> Optional.of(new Normal());
      case Gamma gamma -> Optional.of(new Univariate(gamma, 1));
      case NegativeBinomial counts -> Optional.of(new Univariate(counts, shape));
      case Bernoulli bernoulli -> Optional.of(new Univariate(bernoulli, 1));
      case Poisson poisson -> Optional.of(new Univariate(poisson, 1));
      case Exponential exponential -> Optional.of(new Univariate(exponential, 1));
      default -> Optional.empty();
    };
  }

  /** A built-in univariate family; the Gamma family in units of its dispersion 1 / shape. */
  record Univariate(UnivariateFamily family, double shape) implements RowLikelihood {

    @Override
    public boolean hasDispersion() {
      return family instanceof Gamma;
    }

    @Override
    public void gradient(double y, double[] eta, double[] gradient) {
      gradient[0] = family.gradient(y, eta[0], shape);
    }

    @Override
    public void fisher(double[] eta, double[][] fisher) {
      fisher[0][0] =
          switch (family) {
            case Bernoulli bernoulli -> fisher(bernoulli, eta[0]);
            case NegativeBinomial counts -> 1 / (exp(-eta[0]) + 1 / shape);
            case Poisson counts -> exp(eta[0]);
            default -> 1;
          };
    }

    /** The mean of the squared gradient over y. */
    private static double fisher(Bernoulli family, double eta) {
      double yes = family.gradient(1, eta, 1);
      double no = family.gradient(0, eta, 1);
      double mean = family.mean(eta);
      return mean * yes * yes + (1 - mean) * no * no;
    }

    @Override
    public double deviance(double y, double[] eta) {
      return family.deviance(y, eta[0], shape);
    }

    @Override
    public double logLikelihood(double y, double[] eta, double dispersion) {
      return -family.negativeLogLikelihood(y, eta[0], hasDispersion() ? 1 / dispersion : shape);
    }

    @Override
    public double pearson(double y, double[] eta) {
      double error = y * exp(-eta[0]) - 1;
      return error * error;
    }

    /** Of Bernoulli a place to begin at. */
    @Override
    public double link(double mean) {
      return family instanceof Bernoulli ? 0 : log(mean);
    }
  }

  /** The Gaussian family with the identity link. */
  record Normal() implements RowLikelihood {

    private static final double LOG_TWO_PI = 1.8378770664093454836;

    @Override
    public boolean hasDispersion() {
      return true;
    }

    @Override
    public void gradient(double y, double[] eta, double[] gradient) {
      gradient[0] = eta[0] - y;
    }

    @Override
    public void fisher(double[] eta, double[][] fisher) {
      fisher[0][0] = 1;
    }

    @Override
    public double deviance(double y, double[] eta) {
      return (y - eta[0]) * (y - eta[0]);
    }

    @Override
    public double logLikelihood(double y, double[] eta, double dispersion) {
      return -0.5 * (LOG_TWO_PI + log(dispersion) + deviance(y, eta) / dispersion);
    }

    @Override
    public double pearson(double y, double[] eta) {
      return deviance(y, eta);
    }

    @Override
    public double link(double mean) {
      return mean;
    }
  }

  /**
   * Classes: η[k] is that of class k + 1; the first class's is 0.
   *
   * @param classes how many
   */
  record Softmax(int classes) implements RowLikelihood {

    @Override
    public int predictors() {
      return classes - 1;
    }

    @Override
    public void gradient(double y, double[] eta, double[] gradient) {
      double logSum = logSum(eta);
      for (int k = 0; k < eta.length; k++) {
        gradient[k] = exp(eta[k] - logSum) - (y == k + 1 ? 1 : 0);
      }
    }

    @Override
    public void fisher(double[] eta, double[][] fisher) {
      double logSum = logSum(eta);
      for (int k = 0; k < eta.length; k++) {
        double p = exp(eta[k] - logSum);
        for (int l = 0; l < eta.length; l++) {
          fisher[k][l] = l == k ? p * (1 - p) : -p * exp(eta[l] - logSum);
        }
      }
    }

    @Override
    public double deviance(double y, double[] eta) {
      return -2 * logLikelihood(y, eta, 1);
    }

    @Override
    public double logLikelihood(double y, double[] eta, double dispersion) {
      return (y == 0 ? 0 : eta[(int) y - 1]) - logSum(eta);
    }

    @Override
    public double link(double mean) {
      throw new UnsupportedOperationException("classes have several predictors");
    }

    private static double logSum(double[] eta) {
      double most = 0;
      for (double one : eta) {
        most = Math.max(most, one);
      }
      double sum = exp(-most);
      for (double one : eta) {
        sum += exp(one - most);
      }
      return most + log(sum);
    }
  }
}
