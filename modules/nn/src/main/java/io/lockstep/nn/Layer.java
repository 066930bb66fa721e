package io.lockstep.nn;

import io.lockstep.kernels.Activation;
import java.util.List;

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

  /** The parameters in the order of θ, running statistics included. */
  default List<Parameter> parameters() {
    return List.of();
  }

  /** Number of trainable parameters, padding and running statistics not counted. */
  default long parameterCount() {
    return parameters().stream()
        .filter(p -> p.role() != ParameterLayout.Role.STATISTIC)
        .mapToLong(p -> (long) p.rows() * p.columns())
        .sum();
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
    public List<Parameter> parameters() {
      return List.of(
          Parameter.matrix("W", in, units, initializer), Parameter.vector("b", units, 0));
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

  /**
   * The end of a residual connection (He, Zhang, Ren and Sun 2016): y = x + f(x), with f(x) the
   * output of the layer before it.
   *
   * @param name for instance {@code residual1}
   * @param in columns of x, f(x) and y
   * @param from index of the layer whose output is x; −1 for the input of the network
   */
  record Residual(String name, int in, int from) implements Layer {
    @Override
    public int width() {
      return in;
    }

    @Override
    public String kind() {
      return "residual";
    }
  }

  /**
   * A layer of a user's own, or a built-in one that is computed like one.
   *
   * @param name for instance {@code scale1}
   * @param in columns of its input
   * @param custom computes it
   * @param width columns of its output
   * @param savedColumns see {@link CustomLayer#savedColumns}
   * @param parameters see {@link CustomLayer#parameters}
   */
  record Custom(
      String name,
      int in,
      CustomLayer custom,
      int width,
      int savedColumns,
      List<Parameter> parameters)
      implements Layer {

    /** Copies the list. */
    public Custom {
      parameters = List.copyOf(parameters);
    }

    @Override
    public String kind() {
      return custom.kind();
    }
  }
}
