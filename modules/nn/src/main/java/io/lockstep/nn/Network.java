package io.lockstep.nn;

import io.lockstep.kernels.Activation;
import io.lockstep.kernels.Panels;
import io.lockstep.nn.ParameterLayout.Range;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A feed-forward network: layers, the family of its output, and the layout of its parameters.
 * Immutable and thread-safe; {@link Pass} computes with it.
 *
 * <pre>
 *   Network network = Network.builder(784)
 *       .dense(256, Activation.RELU).dropout(0.4)
 *       .dense(128, Activation.RELU).dropout(0.3)
 *       .output(new Categorical(), 10);
 * </pre>
 */
public final class Network {

  private final int inputWidth;
  private final List<Layer> layers;
  private final OutputFamily family;
  private final int outputs;
  private final ParameterLayout parameters;
  private final Graph graph;

  private Network(int inputWidth, List<Layer> layers, OutputFamily family, int outputs) {
    this.inputWidth = inputWidth;
    this.layers = List.copyOf(layers);
    this.family = family;
    this.outputs = outputs;
    this.parameters = new ParameterLayout(this.layers);
    this.graph = Graph.ofChain(inputWidth, this.layers, parameters, family);
  }

  /**
   * Starts a network.
   *
   * @param inputWidth columns of a row of the data
   * @throws IllegalArgumentException if below 1
   */
  public static Builder builder(int inputWidth) {
    return new Builder(inputWidth);
  }

  /** Columns of the input. */
  public int inputWidth() {
    return inputWidth;
  }

  /** Columns of the output: values to predict, or classes. */
  public int outputs() {
    return outputs;
  }

  /** What the output means and how it is scored. */
  public OutputFamily family() {
    return family;
  }

  /**
   * The layers in order; the last one is the linear layer of the output, but for one more where the
   * family learns its shape.
   */
  public List<Layer> layers() {
    return layers;
  }

  /**
   * Whether the linear predictor is a linear function of the input, as that of a generalized linear
   * model: no layer below the output has parameters or an activation.
   */
  public boolean isLinear() {
    return layers.subList(0, parameters.range("output.W").layer()).stream()
        .allMatch(Layer.Dropout.class::isInstance);
  }

  /** The layout of θ. */
  public ParameterLayout parameters() {
    return parameters;
  }

  Graph graph() {
    return graph;
  }

  /**
   * The first weights, drawn by each layer's initializer, biases of dense layers zero: a new packed
   * θ, a function of this network and the seed alone.
   */
  public float[] initialWeights(long seed) {
    float[] packed = new float[parameters.packedLength()];
    initialWeights(seed, 0, packed.length, packed, 0);
    return packed;
  }

  /**
   * Draws the part [{@code from}, {@code to}) of {@link #initialWeights(long)}; padding is left as
   * it is.
   *
   * @param from position in packed θ, like {@code to} where a row of a panel begins or the last
   *     ends
   * @param values take position {@code from} at {@code at}
   * @throws IllegalArgumentException if it begins or ends within a row of a panel
   */
  public void initialWeights(long seed, int from, int to, float[] values, int at) {
    if (from % Panels.WIDTH != 0 || to % Panels.WIDTH != 0) {
      throw new IllegalArgumentException(
          "weights: expected a range cut on %d floats but found [%d, %d)"
              .formatted(Panels.WIDTH, from, to));
    }
    for (int index = 0; index < layers.size(); index++) {
      List<Parameter> own = layers.get(index).parameters();
      List<Range> ranges = parameters.ofLayer(index);
      for (int i = 0; i < own.size(); i++) {
        own.get(i).fill(seed, ranges.get(i), from, to, values, at);
      }
    }
  }

  /** One line per layer, for people. */
  public List<LayerSummary> summary() {
    return layers.stream().map(LayerSummary::of).toList();
  }

  /**
   * Widths, activations and family in one line, for instance {@code 784-256-128-10 relu, dropout,
   * categorical}.
   */
  @Override
  public String toString() {
    StringBuilder widths = new StringBuilder().append(inputWidth);
    Set<String> kinds = new LinkedHashSet<>();
    for (Layer layer : layers) {
      if (layer instanceof Layer.Dense dense) {
        widths.append('-').append(dense.units());
        if (dense.activation() != Activation.IDENTITY) {
          kinds.add(LayerSummary.lower(dense.activation()));
        }
      } else if (!(layer instanceof Layer.Custom own && own.custom() instanceof ShapeLayer)) {
        if (layer.width() != layer.in()) {
          widths.append('-').append(layer.width());
        }
        kinds.add(layer.kind());
      }
    }
    kinds.add(family.name() + family.shape().describe());
    return widths + " " + String.join(", ", kinds);
  }

  /** Bytes of memory that a {@link Pass} needs for each row, θ and gradients not counted. */
  public long bytesPerRow() {
    return graph.bytesPerRow();
  }

  /** About the bytes of a {@link Pass} for {@code maxRows} rows, θ and gradients not counted. */
  public long passBytes(int maxRows) {
    return graph.fixedBytes() + maxRows * graph.bytesPerRow();
  }

  /**
   * A layer for people.
   *
   * @param name for instance {@code dense1}
   * @param kind for instance {@code dense}
   * @param detail for instance {@code relu, he_uniform}
   * @param width columns of the output
   * @param parameters number of trained parameters, padding and statistics not counted
   */
  public record LayerSummary(String name, String kind, String detail, int width, long parameters) {
    private static LayerSummary of(Layer layer) {
      String detail =
          switch (layer) {
            case Layer.Dense dense -> lower(dense.activation()) + ", " + lower(dense.initializer());
            case Layer.Dropout dropout -> "rate " + dropout.rate();
            case Layer.Residual residual -> "";
            case Layer.Custom own -> own.custom().detail();
          };
      return new LayerSummary(
          layer.name(), layer.kind(), detail, layer.width(), layer.parameterCount());
    }

    private static String lower(Enum<?> constant) {
      return constant.name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** Collects the layers of a network; {@link #output} ends it. */
  public static final class Builder {

    private final int inputWidth;
    private final List<Layer> layers = new ArrayList<>();

    private Builder(int inputWidth) {
      require(inputWidth >= 1, "network input", "at least 1 column", inputWidth);
      this.inputWidth = inputWidth;
    }

    /** Adds a dense layer whose initializer is {@link Initializer#forActivation}. */
    public Builder dense(int units, Activation activation) {
      return dense(units, activation, Initializer.forActivation(activation));
    }

    /**
     * Adds a dense layer, named {@code dense1}, {@code dense2}, ….
     *
     * @throws IllegalArgumentException if units is below 1
     */
    public Builder dense(int units, Activation activation, Initializer initializer) {
      Objects.requireNonNull(activation, "activation");
      Objects.requireNonNull(initializer, "initializer");
      String name = nextName("dense");
      require(units >= 1, name, "at least 1 unit", units);
      layers.add(new Layer.Dense(name, width(), units, activation, initializer));
      return this;
    }

    /**
     * Adds dropout, named {@code dropout1}, {@code dropout2}, ….
     *
     * @throws IllegalArgumentException if rate is not in [0, 1) as a float
     */
    public Builder dropout(double rate) {
      String name = nextName("dropout");
      require(rate >= 0 && (float) rate < 1, name, "a rate in [0, 1)", rate);
      layers.add(new Layer.Dropout(name, width(), rate));
      return this;
    }

    /**
     * Adds layer normalization (Ba, Kiros and Hinton 2016) of each row over its columns, named
     * {@code layerNorm1}, …, with parameters {@code gain} and {@code bias}.
     *
     * @param epsilon added to the variance; above 0
     * @throws IllegalArgumentException if epsilon is not above 0, or not finite
     */
    public Builder layerNorm(double epsilon) {
      requireEpsilon("layerNorm", epsilon);
      return custom(new LayerNorm(width(), epsilon));
    }

    /**
     * Adds batch normalization (Ioffe and Szegedy 2015) of each column over the rows of a
     * micro-batch, named {@code batchNorm1}, …, with parameters {@code gain} and {@code bias} and
     * the running statistics {@code running_mean} and {@code running_var}, by which evaluation and
     * prediction go.
     *
     * @param momentum share of the running statistics that stays in a step; from 0 to less than 1
     * @param epsilon added to the variance; above 0
     * @throws IllegalArgumentException if momentum or epsilon is not in these ranges
     */
    public Builder batchNorm(double momentum, double epsilon) {
      require(
          momentum >= 0 && momentum < 1, nextName("batchNorm"), "a momentum in [0, 1)", momentum);
      requireEpsilon("batchNorm", epsilon);
      return custom(new BatchNorm(width(), momentum, epsilon));
    }

    private void requireEpsilon(String kind, double epsilon) {
      require(
          epsilon > 0 && Double.isFinite(epsilon),
          nextName(kind),
          "a finite epsilon above 0",
          epsilon);
    }

    /**
     * Adds an embedding of one column of codes, whole numbers from 0 to levels − 1, named {@code
     * embedding1}, …, with parameter {@code E} [levels][units], at first standard normal. Its
     * output is the other columns, then the row of E that belongs to the code.
     *
     * @param column of the input, from 0
     * @param unseenIsZero whether any other number is embedded as zeros; else it ends the pass with
     *     an exception
     * @throws IllegalArgumentException if there is no such column, or levels or units are below 1
     */
    public Builder embedding(int column, int levels, int units, boolean unseenIsZero) {
      return embedding(Codes.of(column, levels, unseenIsZero), units);
    }

    /**
     * As above; where rows were counted ({@link Codes#counted}) E is 0 at first, and other numbers
     * are embedded as its mean.
     *
     * @param units numbers in a row of E
     * @throws IllegalArgumentException if there is no such column, or levels or units are below 1
     */
    public Builder embedding(Codes codes, int units) {
      String name = nextName("embedding");
      int last = width() - 1;
      require(
          codes.column() >= 0 && codes.column() <= last,
          name,
          "a column from 0 to " + last,
          codes.column());
      require(codes.levels() >= 1, name, "at least 1 level", codes.levels());
      require(units >= 1, name, "at least 1 unit", units);
      return custom(new Embedding(width(), codes, units));
    }

    /**
     * Adds a residual connection, y = x + f(x), around the layers of f, which may have such
     * connections in them; named {@code residual1}, … where it ends.
     *
     * @param f adds its layers to this builder
     * @throws IllegalArgumentException if it adds none, or their last has not as many columns as x
     */
    public Builder residual(Consumer<Builder> f) {
      int from = layers.size() - 1;
      int columns = width();
      f.accept(this);
      String name = nextName("residual");
      require(layers.size() - 1 > from, name, "at least 1 layer in it", 0);
      require(width() == columns, name, columns + " columns after its layers, as before", width());
      layers.add(new Layer.Residual(name, columns, from));
      return this;
    }

    /**
     * Adds a layer of your own, made for an input of {@link #width} columns, named by its kind:
     * {@code scale1}, {@code scale2}, ….
     *
     * @throws IllegalArgumentException if the columns of its output are below 1, or those that it
     *     saves below 0, or two of its parameters have the same name
     */
    public Builder custom(CustomLayer layer) {
      String name = nextName(layer.kind());
      int width = layer.width();
      int saved = layer.savedColumns();
      List<Parameter> parameters = List.copyOf(layer.parameters());
      List<String> names = parameters.stream().map(Parameter::name).toList();
      require(width >= 1, name + " width", "at least 1 column", width);
      require(saved >= 0, name + " savedColumns", "at least 0 columns", saved);
      require(
          Set.copyOf(names).size() == names.size(), name, "parameters of different names", names);
      layers.add(new Layer.Custom(name, width(), layer, width, saved, parameters));
      return this;
    }

    /** Ends the network with Glorot's uniform initializer for the output's layer. */
    public Network output(OutputFamily family, int outputs) {
      return output(family, outputs, Initializer.GLOROT_UNIFORM);
    }

    /**
     * Ends the network with the linear layer {@code output}, η = x W + b, and its family; if the
     * family learns its shape, with a layer that adds it as one more column of η. This builder
     * stays as it was.
     *
     * @throws IllegalArgumentException if outputs is below 1, or below 2 where they are classes
     */
    public Network output(OutputFamily family, int outputs, Initializer initializer) {
      Objects.requireNonNull(family, "family");
      Objects.requireNonNull(initializer, "initializer");
      require(outputs >= 1, "network output", "at least 1 column", outputs);
      require(
          outputs >= 2 || !family.classification(),
          "network output",
          "at least 2 classes",
          outputs);
      List<Layer> all = new ArrayList<>(layers);
      all.add(new Layer.Dense("output", width(), outputs, Activation.IDENTITY, initializer));
      if (family.shape().learned()) {
        all.add(shapeLayer(new ShapeLayer(outputs, family.shape())));
      }
      return new Network(inputWidth, all, family, outputs);
    }

    private Layer shapeLayer(ShapeLayer layer) {
      return new Layer.Custom(
          nextName("shape"), layer.width() - 1, layer, layer.width(), 0, layer.parameters());
    }

    /** Columns of the last layer so far, or of the input: what the next layer reads. */
    public int width() {
      return layers.isEmpty() ? inputWidth : layers.getLast().width();
    }

    private String nextName(String kind) {
      int number = 1;
      while (isTaken(kind + number)) {
        number++;
      }
      return kind + number;
    }

    private boolean isTaken(String name) {
      return layers.stream().anyMatch(layer -> layer.name().equals(name));
    }

    private static void require(boolean holds, String where, String expected, Object found) {
      if (!holds) {
        throw new IllegalArgumentException(
            where + ": expected " + expected + " but found " + found);
      }
    }
  }
}
