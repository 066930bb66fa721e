package io.lockstep.config;

import io.lockstep.kernels.Activation;
import io.lockstep.nn.CustomLayer;
import io.lockstep.nn.Initializer;
import io.lockstep.nn.Network;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The keys {@code network.*}: the layers between the data's columns and its outputs.
 *
 * @param input expected columns of a row; empty: as many as the data has
 * @param layers hidden layers in order
 * @param output the output
 */
public record NetworkSettings(
    OptionalInt input, List<LayerSettings> layers, OutputSettings output) {

  private static final double USUAL_MOMENTUM = 0.9;
  private static final double USUAL_EPSILON = 1e-5;

  /** An element of {@code network.layers}. */
  public sealed interface LayerSettings {}

  /** {@code type = dense}: a = activation(x W + b) with {@code units} columns. */
  public record Dense(int units, Activation activation, Initializer initializer)
      implements LayerSettings {}

  /** {@code type = dropout}: in training each value is dropped with probability {@code rate}. */
  public record Dropout(double rate) implements LayerSettings {}

  /** {@code type = layer-norm}: each row to mean 0 and variance 1. */
  public record LayerNorm(double epsilon) implements LayerSettings {}

  /** {@code type = batch-norm}: each column to mean 0 and variance 1 over a micro-batch. */
  public record BatchNorm(double momentum, double epsilon) implements LayerSettings {}

  /**
   * {@code type = embedding}: a learned row of {@code units} numbers for each code of a column;
   * with {@code unseenIsZero} zeros for other codes.
   */
  public record Embedding(int column, int levels, int units, boolean unseenIsZero)
      implements LayerSettings {}

  /** {@code type = residual}: y = x + f(x), with f these layers. */
  public record Residual(List<LayerSettings> layers) implements LayerSettings {

    /** Makes the list unmodifiable. */
    public Residual {
      layers = List.copyOf(layers);
    }
  }

  /** {@code type = com.example.MyLayer}: a class of the user's, with keys of its own. */
  public static final class Custom implements LayerSettings {

    private final Section section;

    private Custom(Section section) {
      this.section = section;
    }

    /** The name of the class. */
    public String type() {
      return section.text("type");
    }

    /** All keys, {@code type} included. */
    public Map<String, Object> options() {
      return section.unwrapped();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Custom that && options().equals(that.options());
    }

    @Override
    public int hashCode() {
      return options().hashCode();
    }

    @Override
    public String toString() {
      return "Custom" + options();
    }
  }

  /** Makes the list of layers unmodifiable. */
  public NetworkSettings {
    layers = List.copyOf(layers);
  }

  static NetworkSettings read(Section network) {
    return new NetworkSettings(
        network.countOrAuto("input"),
        network.sections("layers").stream().map(NetworkSettings::readLayer).toList(),
        OutputSettings.read(network.section("output")));
  }

  private static LayerSettings readLayer(Section layer) {
    Map<String, String> builtIn =
        Choices.of(
            List.of("dense", "dropout", "layer-norm", "batch-norm", "residual", "embedding"));
    String type =
        layer.has("type") && layer.text("type").contains(".")
            ? "custom"
            : layer.choiceOr("a class such as com.example.MyLayer", "type", builtIn);
    return switch (type) {
      case "custom" -> new Custom(layer);
      case "dropout" -> {
        layer.requireKnown("type", "rate");
        yield new Dropout(layer.share("rate"));
      }
      case "layer-norm" -> {
        layer.requireKnown("type", "epsilon");
        yield new LayerNorm(epsilon(layer));
      }
      case "batch-norm" -> {
        layer.requireKnown("type", "momentum", "epsilon");
        double momentum = layer.has("momentum") ? layer.share("momentum") : USUAL_MOMENTUM;
        yield new BatchNorm(momentum, epsilon(layer));
      }
      case "residual" -> readResidual(layer);
      case "embedding" -> readEmbedding(layer);
      default -> readDense(layer);
    };
  }

  private static double epsilon(Section layer) {
    return layer.has("epsilon") ? layer.positive("epsilon") : USUAL_EPSILON;
  }

  private static Embedding readEmbedding(Section layer) {
    layer.requireKnown("type", "column", "levels", "units", "unseen");
    double column =
        layer.real("column", "a whole number of at least 0", c -> c >= 0 && c == (int) c);
    boolean unseenIsZero =
        layer.has("unseen")
            && layer.choice("unseen", Choices.of(List.of("fail", "other"))).equals("other");
    return new Embedding((int) column, layer.count("levels"), layer.count("units"), unseenIsZero);
  }

  private static Residual readResidual(Section layer) {
    layer.requireKnown("type", "layers");
    List<LayerSettings> layers =
        layer.sections("layers").stream().map(NetworkSettings::readLayer).toList();
    if (layers.isEmpty()) {
      throw layer.wrong("layers", "at least one layer");
    }
    return new Residual(layers);
  }

  private static Dense readDense(Section layer) {
    layer.requireKnown("type", "units", "activation", "initializer");
    int units = layer.count("units");
    Activation activation =
        layer.has("activation")
            ? layer.choice("activation", Choices.of(Activation.values()))
            : Activation.RELU;
    Initializer usual = Initializer.forActivation(activation);
    Initializer initializer =
        layer.has("initializer")
            ? layer.choiceOrAuto("initializer", Choices.of(Initializer.values())).orElse(usual)
            : usual;
    return new Dense(units, activation, initializer);
  }

  /**
   * Ends a network with these layers and the output.
   *
   * @param builder of the network, with what comes before these layers
   * @param custom makes layers and families of the user's own
   */
  Network toNetwork(Network.Builder builder, int outputs, CustomClasses custom) {
    add(layers, custom, builder);
    return builder.output(output.toFamily(custom), outputs, output.initializer());
  }

  private static void add(
      List<LayerSettings> layers, CustomClasses custom, Network.Builder builder) {
    for (LayerSettings layer : layers) {
      switch (layer) {
        case Dense(int units, Activation activation, Initializer initializer) ->
            builder.dense(units, activation, initializer);
        case Dropout(double rate) -> builder.dropout(rate);
        case LayerNorm(double epsilon) -> builder.layerNorm(epsilon);
        case BatchNorm(double momentum, double epsilon) -> builder.batchNorm(momentum, epsilon);
        case Embedding(int column, int levels, int units, boolean unseenIsZero) ->
            builder.embedding(column, levels, units, unseenIsZero);
        case Residual(List<LayerSettings> inner) -> addResidual(inner, custom, builder);
        case Custom own -> add(own.section, custom, builder);
      }
    }
  }

  private static void addResidual(
      List<LayerSettings> inner, CustomClasses custom, Network.Builder builder) {
    int before = builder.width();
    builder.residual(
        f -> {
          add(inner, custom, f);
          if (f.width() != before) {
            throw new ConfigurationException(
                ("network.layers: the layers of a residual connection: expected %d columns after"
                        + " the last, as before the first, but found %d")
                    .formatted(before, f.width()));
          }
        });
  }

  private static void add(Section section, CustomClasses custom, Network.Builder builder) {
    CustomLayer layer = custom.layer(section, builder.width());
    try {
      builder.custom(layer);
    } catch (RuntimeException doesNotFit) {
      throw section.wrong("type", "a layer whose shapes fit", doesNotFit);
    }
  }

  /** Whether no layer has parameters or an activation but the output. */
  public boolean isLinear() {
    return layers.stream().allMatch(Dropout.class::isInstance);
  }

  /** Whether a layer reads codes, which scaling would spoil. */
  boolean hasEmbedding() {
    return hasEmbedding(layers);
  }

  private static boolean hasEmbedding(List<LayerSettings> layers) {
    return layers.stream()
        .anyMatch(
            layer ->
                layer instanceof Embedding
                    || (layer instanceof Residual residual && hasEmbedding(residual.layers())));
  }

  Map<String, Object> toMap() {
    return Map.of(
        "input", input.isPresent() ? input.getAsInt() : Section.AUTO,
        "layers", layers.stream().map(NetworkSettings::layerMap).toList(),
        "output", output.toMap());
  }

  static Map<String, Object> layerMap(LayerSettings layer) {
    return switch (layer) {
      case Dense dense ->
          Map.of(
              "type", "dense",
              "units", dense.units(),
              "activation", Choices.nameOf(dense.activation()),
              "initializer", Choices.nameOf(dense.initializer()));
      case Dropout dropout -> Map.of("type", "dropout", "rate", dropout.rate());
      case LayerNorm norm -> Map.of("type", "layer-norm", "epsilon", norm.epsilon());
      case BatchNorm norm ->
          Map.of("type", "batch-norm", "momentum", norm.momentum(), "epsilon", norm.epsilon());
      case Embedding embedding ->
          Map.of(
              "type", "embedding",
              "column", embedding.column(),
              "levels", embedding.levels(),
              "units", embedding.units(),
              "unseen", embedding.unseenIsZero() ? "other" : "fail");
      case Residual residual ->
          Map.of(
              "type",
              "residual",
              "layers",
              residual.layers().stream().map(NetworkSettings::layerMap).toList());
      case Custom own -> own.options();
    };
  }
}
