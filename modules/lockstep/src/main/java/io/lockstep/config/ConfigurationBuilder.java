package io.lockstep.config;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.lockstep.config.NetworkSettings.BatchNorm;
import io.lockstep.config.NetworkSettings.Dense;
import io.lockstep.config.NetworkSettings.Dropout;
import io.lockstep.config.NetworkSettings.Embedding;
import io.lockstep.config.NetworkSettings.LayerNorm;
import io.lockstep.config.NetworkSettings.LayerSettings;
import io.lockstep.config.NetworkSettings.Residual;
import io.lockstep.data.Scaling;
import io.lockstep.kernels.Activation;
import io.lockstep.nn.CustomLayer;
import io.lockstep.nn.Initializer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts a {@link Configuration} together in Java; what is not set has its default. Values are
 * checked by {@link #build}, by the same rules as those of a file. Not thread-safe.
 *
 * <pre>
 *   Configuration configuration = Configuration.builder()
 *       .data("mnist").dense(128, Activation.RELU).epochs(5).build();
 * </pre>
 */
public final class ConfigurationBuilder {

  private final Map<String, ConfigValue> values = new LinkedHashMap<>();
  private final List<ConfigValue> layers = new ArrayList<>();

  ConfigurationBuilder() {}

  /**
   * Sets any key of {@code lockstep-reference.conf}.
   *
   * @param value a number, a text, a boolean, or a list or map of them
   */
  public ConfigurationBuilder set(String key, Object value) {
    return set(key, value, Place.ofCall("set", '"' + key + '"', "…"));
  }

  private ConfigurationBuilder set(String key, Object value, String place) {
    values.put(key, ConfigValueFactory.fromAnyRef(value, place));
    return this;
  }

  /** Name of the run: {@code name}. */
  public ConfigurationBuilder name(String name) {
    return set("name", name, Place.ofCall("name", name));
  }

  /** The data to learn from: {@code data.name}. */
  public ConfigurationBuilder data(String name) {
    return set("data.name", name, Place.ofCall("data", name));
  }

  /** The folder of the data sets: {@code data.dir}. */
  public ConfigurationBuilder dataDir(Path dir) {
    return set("data.dir", dir.toString(), Place.ofCall("dataDir", dir));
  }

  /** Share of the training rows put aside: {@code data.validation}. */
  public ConfigurationBuilder validation(double share) {
    return set("data.validation", share, Place.ofCall("validation", share));
  }

  /** How features become inputs: {@code data.scaling}. */
  public ConfigurationBuilder scaling(Scaling.Kind scaling) {
    return set("data.scaling", Choices.nameOf(scaling), Place.ofCall("scaling", scaling));
  }

  /** Adds a dense layer with the activation's usual initializer. */
  public ConfigurationBuilder dense(int units, Activation activation) {
    return layer(
        new Dense(units, activation, Initializer.forActivation(activation)),
        Place.ofCall("dense", units, activation));
  }

  /** Adds a dense layer. */
  public ConfigurationBuilder dense(int units, Activation activation, Initializer initializer) {
    return layer(
        new Dense(units, activation, initializer),
        Place.ofCall("dense", units, activation, initializer));
  }

  /** Adds dropout. */
  public ConfigurationBuilder dropout(double rate) {
    return layer(new Dropout(rate), Place.ofCall("dropout", rate));
  }

  /** Adds layer normalization. */
  public ConfigurationBuilder layerNorm(double epsilon) {
    return layer(new LayerNorm(epsilon), Place.ofCall("layerNorm", epsilon));
  }

  /** Adds batch normalization. */
  public ConfigurationBuilder batchNorm(double momentum, double epsilon) {
    return layer(new BatchNorm(momentum, epsilon), Place.ofCall("batchNorm", momentum, epsilon));
  }

  /**
   * Adds an embedding of a column of codes.
   *
   * @param unseenIsZero whether codes that are not below {@code levels} become zeros; else they are
   *     an error
   */
  public ConfigurationBuilder embedding(int column, int levels, int units, boolean unseenIsZero) {
    return layer(
        new Embedding(column, levels, units, unseenIsZero),
        Place.ofCall("embedding", column, levels, units));
  }

  /**
   * Adds a residual connection, y = x + f(x).
   *
   * @param f its layers, the last as wide as what comes before the first
   */
  public ConfigurationBuilder residual(List<LayerSettings> f) {
    return layer(new Residual(f), Place.ofCall("residual", "…"));
  }

  /**
   * Adds a layer of your own.
   *
   * @param type its class, with a public constructor {@code (int, LayerOptions)}
   * @param options its keys: numbers, texts, booleans
   */
  public ConfigurationBuilder custom(Class<? extends CustomLayer> type, Map<String, ?> options) {
    Map<String, Object> layer = new LinkedHashMap<>(options);
    layer.put("type", type.getName());
    return layer(layer, Place.ofCall("custom", type.getSimpleName() + ".class", "…"));
  }

  private ConfigurationBuilder layer(LayerSettings layer, String place) {
    return layer(NetworkSettings.layerMap(layer), place);
  }

  private ConfigurationBuilder layer(Map<String, Object> layer, String place) {
    layers.add(ConfigValueFactory.fromMap(layer, place));
    return set("network.layers", layers, place);
  }

  /** What the output means: {@code network.output}. */
  public ConfigurationBuilder output(Family family, Initializer initializer) {
    String place = Place.ofCall("output", family, initializer);
    set("network.output.family", Choices.nameOf(family), place);
    return set("network.output.initializer", Choices.nameOf(initializer), place);
  }

  /** The optimizer and the learning rate; its other keys by {@link #set}. */
  public ConfigurationBuilder optimizer(OptimizerSettings.Name name, double learningRate) {
    String place = Place.ofCall("optimizer", name, learningRate);
    set("optimizer.name", Choices.nameOf(name), place);
    return set("optimizer.learningRate", learningRate, place);
  }

  /** How the learning rate goes on; its other keys by {@link #set}. */
  public ConfigurationBuilder schedule(ScheduleSettings.Name name) {
    return set("schedule.name", Choices.nameOf(name), Place.ofCall("schedule", name));
  }

  /** How often each row is seen: {@code train.epochs}. */
  public ConfigurationBuilder epochs(int epochs) {
    return set("train.epochs", epochs, Place.ofCall("epochs", epochs));
  }

  /** Rows of a step over all workers: {@code train.batch}. */
  public ConfigurationBuilder batch(int rows) {
    return set("train.batch", rows, Place.ofCall("batch", rows));
  }

  /** Pieces of a step: {@code train.microBatches}. */
  public ConfigurationBuilder microBatches(int count) {
    return set("train.microBatches", count, Place.ofCall("microBatches", count));
  }

  /** Steps after which the run ends: {@code train.maxSteps}. */
  public ConfigurationBuilder maxSteps(long steps) {
    return set("train.maxSteps", steps, Place.ofCall("maxSteps", steps));
  }

  /** Seed: {@code train.seed}. */
  public ConfigurationBuilder seed(long seed) {
    return set("train.seed", seed, Place.ofCall("seed", seed));
  }

  /** Workers: {@code cluster.workers}. */
  public ConfigurationBuilder workers(int count) {
    return set("cluster.workers", count, Place.ofCall("workers", count));
  }

  /** Parameter servers: {@code cluster.servers}. */
  public ConfigurationBuilder servers(int count) {
    return set("cluster.servers", count, Place.ofCall("servers", count));
  }

  /**
   * The checked configuration; this builder can go on to another.
   *
   * @throws ConfigurationException as {@link Configuration#load(Path, List)}
   */
  public Configuration build() {
    return new ConfigurationReader().values("run", values);
  }
}
