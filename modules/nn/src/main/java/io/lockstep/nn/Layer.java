package io.lockstep.nn;

import io.lockstep.kernels.Activation;

/** A layer of a network: a description only, immutable. Its computation is an {@code Operation}. */
public sealed interface Layer {

  /** The name that errors, parameters and summaries use, unique in the network. */
  String name();

  /** Columns of the layer's input. */
  int in();

  /** Columns of the layer's output. */
  int width();

  /** One word for what the layer is. */
  String kind();

  /** Number of trainable parameters, padding not counted. */
  default long parameterCount() {
    return 0;
  }

  /**
   * A fully connected layer a = h(x W + b).
   *
   * @param name for instance {@code dense1}
   * @param in columns of x; W is [in][units]
   * @param units columns of a; b is [units]
   * @param activation h
   * @param initializer draws W; b starts at zero
   */
  record Dense(String name, int in, int units, Activation activation, Initializer initializer)
      implements Layer {
    @Override
    public int width() {
      return units;
    }

    @Override
    public String kind() {
      return "dense";
    }

    @Override
    public long parameterCount() {
      return (long) in * units + units;
    }
  }

  /**
   * Inverted dropout (Srivastava et al. 2014): in training each element is zero with probability
   * {@code rate} and otherwise divided by 1 − rate; in evaluation and prediction the identity.
   *
   * @param name for instance {@code dropout1}
   * @param in columns of input and output
   * @param rate in [0, 1)
   */
  record Dropout(String name, int in, double rate) implements Layer {
    @Override
    public int width() {
      return in;
    }

    @Override
    public String kind() {
      return "dropout";
    }
  }
}
