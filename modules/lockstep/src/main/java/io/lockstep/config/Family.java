package io.lockstep.config;

import io.lockstep.nn.Bernoulli;
import io.lockstep.nn.Categorical;
import io.lockstep.nn.Exponential;
import io.lockstep.nn.Gamma;
import io.lockstep.nn.Gaussian;
import io.lockstep.nn.NegativeBinomial;
import io.lockstep.nn.OneHotSquaredError;
import io.lockstep.nn.OutputFamily;
import io.lockstep.nn.Poisson;
import io.lockstep.nn.SquaredError;
import java.util.List;
import java.util.Map;

/** The values of {@code network.output.family}: what an output means. */
public enum Family {
  /** One of several classes: softmax, cross-entropy. */
  CATEGORICAL(Link.SOFTMAX),
  /** 0 or 1. */
  BERNOULLI(Link.LOGIT, Link.PROBIT, Link.CLOGLOG),
  /** Counts whose variance is the mean. */
  POISSON(Link.LOG),
  /** Counts whose variance is larger. */
  NEGATIVE_BINOMIAL(Link.LOG),
  /** Positive numbers whose deviation grows with the mean. */
  GAMMA(Link.LOG),
  /** Positive numbers such as waiting times. */
  EXPONENTIAL(Link.LOG),
  /** Mean of a normal distribution with variance 1. */
  GAUSSIAN(Link.IDENTITY),
  /** The plain loss. */
  SQUARED_ERROR(Link.IDENTITY),
  /** One of several classes: a logistic output for each, squared error. */
  ONE_HOT_SQUARED_ERROR(Link.LOGIT);

  /** The names that R has for some of them. */
  static final Map<String, Family> ALIASES =
      Map.of(
          "multinomial", CATEGORICAL,
          "binomial", BERNOULLI,
          "nb", NEGATIVE_BINOMIAL,
          "negbin", NEGATIVE_BINOMIAL,
          "negative.binomial", NEGATIVE_BINOMIAL,
          "normal", GAUSSIAN);

  private final List<Link> links;

  Family(Link... links) {
    this.links = List.of(links);
  }

  /** The links that it may have, the usual one first. */
  List<Link> links() {
    return links;
  }

  /** Whether it has a second parameter. */
  boolean hasShape() {
    return this == NEGATIVE_BINOMIAL || this == GAMMA;
  }

  /**
   * The family.
   *
   * @param link one of {@link #links}
   * @param shape null if it is learned, or there is none
   */
  OutputFamily toFamily(Link link, Double shape) {
    return switch (this) {
      case CATEGORICAL -> new Categorical();
      case BERNOULLI -> new Bernoulli(Bernoulli.Link.valueOf(link.name()));
      case POISSON -> new Poisson();
      case NEGATIVE_BINOMIAL ->
          shape == null ? NegativeBinomial.learned() : new NegativeBinomial(shape);
      case GAMMA -> shape == null ? Gamma.learned() : new Gamma(shape);
      case EXPONENTIAL -> new Exponential();
      case GAUSSIAN -> new Gaussian();
      case SQUARED_ERROR -> new SquaredError();
      case ONE_HOT_SQUARED_ERROR -> new OneHotSquaredError();
    };
  }
}
