package io.lockstep.nn;

import io.lockstep.kernels.Activation;
import io.lockstep.kernels.CounterRandom;
import io.lockstep.kernels.CounterRandom.Purpose;

/**
 * Draws the first weights of a layer with {@code fanIn} inputs and {@code fanOut} outputs, mean 0
 * and a variance that keeps signals alike from layer to layer. Biases start at zero.
 *
 * <table>
 *   <caption>Variance</caption>
 *   <tr><td>Glorot</td><td>2 / (fanIn + fanOut)</td><td>Glorot and Bengio 2010</td></tr>
 *   <tr><td>He</td><td>2 / fanIn</td><td>He, Zhang, Ren, Sun 2015</td></tr>
 *   <tr><td>LeCun</td><td>1 / fanIn</td><td>LeCun, Bottou, Orr, Müller 1998</td></tr>
 * </table>
 *
 * A uniform distribution of variance v has the range [−√(3v), √(3v)); the normal one is not
 * truncated. Each weight is a function of the seed and of its index in the canonical θ alone, and
 * {@link StrictMath} gives it the same bits on every machine.
 */
public enum Initializer {
  GLOROT_UNIFORM(false) {
    @Override
    double variance(int fanIn, int fanOut) {
      return 2.0 / ((double) fanIn + fanOut);
    }
  },
  GLOROT_NORMAL(true) {
    @Override
    double variance(int fanIn, int fanOut) {
      return 2.0 / ((double) fanIn + fanOut);
    }
  },
  HE_UNIFORM(false) {
    @Override
    double variance(int fanIn, int fanOut) {
      return 2.0 / fanIn;
    }
  },
  HE_NORMAL(true) {
    @Override
    double variance(int fanIn, int fanOut) {
      return 2.0 / fanIn;
    }
  },
  LECUN_UNIFORM(false) {
    @Override
    double variance(int fanIn, int fanOut) {
      return 1.0 / fanIn;
    }
  },
  LECUN_NORMAL(true) {
    @Override
    double variance(int fanIn, int fanOut) {
      return 1.0 / fanIn;
    }
  };

  private final boolean normal;

  Initializer(boolean normal) {
    this.normal = normal;
  }

  /** The initializer of a layer that names none: He for the rectifiers, else Glorot; uniform. */
  public static Initializer forActivation(Activation activation) {
    return switch (activation) {
      case RELU, LEAKY_RELU, ELU, GELU, SILU -> HE_UNIFORM;
      case IDENTITY, SIGMOID, TANH, SOFTPLUS -> GLOROT_UNIFORM;
    };
  }

  abstract double variance(int fanIn, int fanOut);

  /**
   * Fills weights [from, from + length) with the draws for the canonical indices that follow {@code
   * canonicalAt}.
   */
  void fill(
      long seed, int fanIn, int fanOut, float[] weights, int from, int length, int canonicalAt) {
    double deviation = StrictMath.sqrt(variance(fanIn, fanOut));
    for (int i = 0; i < length; i++) {
      double draw = normal ? normal(seed, canonicalAt + i) : uniform(seed, canonicalAt + i);
      weights[from + i] = (float) (deviation * draw);
    }
  }

  /** Uniform in [−√3, √3): variance 1. */
  private static double uniform(long seed, int index) {
    double u = CounterRandom.uniform(CounterRandom.bits(seed, Purpose.INITIAL_WEIGHTS, 0, index));
    return (2 * u - 1) * StrictMath.sqrt(3);
  }

  /** Standard normal: √(−2 ln(1 − u)) · cos(2πv) of two uniform numbers (Box and Muller 1958). */
  private static double normal(long seed, int index) {
    double u = CounterRandom.uniform(CounterRandom.bits(seed, Purpose.INITIAL_WEIGHTS, 0, index));
    double v = CounterRandom.uniform(CounterRandom.bits(seed, Purpose.INITIAL_WEIGHTS, 1, index));
    return StrictMath.sqrt(-2 * StrictMath.log(1 - u)) * StrictMath.cos(2 * StrictMath.PI * v);
  }
}
