package io.lockstep.config;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import io.lockstep.data.CodeColumn;
import io.lockstep.data.DataRequest;
import io.lockstep.data.Dataset;
import io.lockstep.data.Partitions;
import io.lockstep.data.Scaling;
import io.lockstep.kernels.Kernels;
import io.lockstep.model.Encoding;
import io.lockstep.model.Jar;
import io.lockstep.nn.Codes;
import io.lockstep.nn.Network;
import io.lockstep.nn.OutputFamily;
import io.lockstep.optim.LearningRateSchedule;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All settings of a run: checked, complete, immutable and thread-safe. It comes from a HOCON file
 * and overrides, or from a {@link ConfigurationBuilder}; {@code lockstep-reference.conf} documents
 * every key. Two are equal if all settings and jars are, wherever they come from.
 */
public final class Configuration {

  record Settings(
      String name,
      DataSettings data,
      NetworkSettings network,
      OptimizerSettings optimizer,
      ScheduleSettings schedule,
      TrainSettings train,
      CheckpointSettings checkpoint,
      ClusterSettings cluster,
      Kernels.Choice kernels) {

    Map<String, Object> toMap() {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("name", name);
      map.put("data", data.toMap());
      map.put("network", network.toMap());
      map.put("optimizer", optimizer.toMap());
      map.put("schedule", schedule.toMap());
      map.put("train", train.toMap());
      map.put("checkpoint", checkpoint.toMap());
      map.put("cluster", cluster.toMap());
      map.put("kernels", Choices.nameOf(kernels));
      return map;
    }
  }

  private final Settings settings;
  private final Map<String, String> places;
  private final List<Jar> jars;
  private final CustomClasses custom;

  Configuration(Settings settings, Map<String, String> places) {
    this(settings, Map.copyOf(places), List.of(), Configuration.class.getClassLoader());
  }

  private Configuration(
      Settings settings, Map<String, String> places, List<Jar> jars, ClassLoader classes) {
    this.settings = settings;
    this.places = places;
    this.jars = jars;
    this.custom = new CustomClasses(classes);
  }

  /**
   * The same with layers of the user's own that are in jars. Their classes are those of this
   * configuration alone.
   *
   * @throws io.lockstep.model.ModelException if a jar is damaged
   */
  public Configuration withJars(List<Jar> more) {
    if (more.isEmpty()) {
      return this;
    }
    List<Jar> all = Stream.concat(jars.stream(), more.stream()).toList();
    return new Configuration(
        settings, places, all, new JarClasses(all, Configuration.class.getClassLoader()));
  }

  /** As {@link #load(Path, List)} without overrides. */
  public static Configuration load(Path file) {
    return load(file, Overrides.NONE);
  }

  /**
   * Reads a HOCON file.
   *
   * @param overrides each {@code key=value}, the later ones before the earlier ones and the file
   * @throws ConfigurationException for a file that is missing or no HOCON, an unknown key, or a
   *     value of a wrong type or out of its range
   */
  public static Configuration load(Path file, List<String> overrides) {
    return load(file, Overrides.of(overrides));
  }

  /** As {@link #load(Path, List)}, with values of which messages say what set them. */
  public static Configuration load(Path file, Overrides overrides) {
    return new ConfigurationReader().file(file, overrides);
  }

  /**
   * Reads a configuration that comes with the program, such as {@code digits}.
   *
   * @throws ConfigurationException as {@link #load(Path, List)}
   */
  public static Configuration bundled(String name, List<String> overrides) {
    return bundled(name, Overrides.of(overrides));
  }

  /** As {@link #bundled(String, List)}, with values of which messages say what set them. */
  public static Configuration bundled(String name, Overrides overrides) {
    return new ConfigurationReader().bundled(name, overrides);
  }

  /**
   * A configuration without a file.
   *
   * @param name of the run, unless an override names it
   * @param overrides all that is not by default
   * @throws ConfigurationException as {@link #load(Path, List)}
   */
  public static Configuration of(String name, Overrides overrides) {
    return new ConfigurationReader().overrides(name, overrides);
  }

  /**
   * Reads HOCON from a text.
   *
   * @param place what messages call the text
   * @throws ConfigurationException as {@link #load(Path, List)}
   */
  public static Configuration parse(String hocon, String place) {
    return new ConfigurationReader().text("run", hocon, place);
  }

  /** The text of {@code lockstep-reference.conf}: every key, its default and what it means. */
  public static String reference() {
    return ConfigurationReader.referenceText();
  }

  /** Starts a configuration in Java, from the defaults. */
  public static ConfigurationBuilder builder() {
    return new ConfigurationBuilder();
  }

  /** Name of the run, by default the file's name without {@code .conf}. */
  public String name() {
    return settings.name();
  }

  /** What to learn from. */
  public DataSettings data() {
    return settings.data();
  }

  /** The layers. */
  public NetworkSettings network() {
    return settings.network();
  }

  /** How gradients change weights. */
  public OptimizerSettings optimizer() {
    return settings.optimizer();
  }

  /** How the learning rate goes on. */
  public ScheduleSettings schedule() {
    return settings.schedule();
  }

  /** Epochs, batch, micro-batches, seed. */
  public TrainSettings train() {
    return settings.train();
  }

  /** What is kept while a run goes on. */
  public CheckpointSettings checkpoint() {
    return settings.checkpoint();
  }

  /** Workers and parameter servers. */
  public ClusterSettings cluster() {
    return settings.cluster();
  }

  /** Which kernels compute. */
  public Kernels.Choice kernels() {
    return settings.kernels();
  }

  /** The jars with layers of the user's own. */
  public List<Jar> jars() {
    return jars;
  }

  /**
   * The network for these data, with the embeddings of {@code data.table.embeddings} in front.
   *
   * @throws ConfigurationException if {@code network.input} is not the data's width, the family
   *     does not fit the kind of outputs, or the network is too large
   * @throws io.lockstep.data.DataException if an embedding reads a column that holds no codes
   */
  public Network toNetwork(Partitions data) {
    Dataset train = data.train().data();
    requireFitting(train);
    Network network = toNetwork(train.width(), train.outputs(), data.codes());
    List<Codes> codes = Codes.ofInput(network);
    CodeChecks.require(train, codes);
    CodeChecks.require(data.test().data(), codes);
    return network;
  }

  /**
   * The network for rows of data without codes.
   *
   * @throws ConfigurationException if {@code network.input} is not the data's width, the family
   *     does not fit the kind of outputs, or the network is too large
   */
  public Network toNetwork(Dataset data) {
    requireFitting(data);
    return toNetwork(data.width(), data.outputs());
  }

  private void requireFitting(Dataset data) {
    OptionalInt input = network().input();
    if (input.isPresent() && input.getAsInt() != data.width()) {
      throw problem(
          "network.input",
          data.width() + " (the row width of the training data)",
          input.getAsInt());
    }
    FamilyChecks.requireKind(this, data, network().output().toFamily(custom));
  }

  /**
   * Refuses targets that the family cannot have.
   *
   * @throws ConfigurationException naming the first one
   */
  public void requireSupport(Dataset data, OutputFamily family) {
    FamilyChecks.requireSupport(this, data, family);
  }

  /**
   * The network for rows of {@code width} columns without codes, and {@code outputs} outputs.
   *
   * @throws ConfigurationException if it is too large, or a layer of the user's own cannot be made
   */
  public Network toNetwork(int width, int outputs) {
    return toNetwork(width, outputs, List.of());
  }

  /**
   * The network for rows that are encoded as those of a run.
   *
   * @throws ConfigurationException as {@link #toNetwork(int, int)}
   */
  public Network toNetwork(Encoding encoding) {
    return toNetwork(encoding.inputs(), encoding.outputs(), encoding.codes());
  }

  private Network toNetwork(int width, int outputs, List<CodeColumn> codes) {
    if (network().hasEmbedding() && data().scaling() != Scaling.Kind.NONE) {
      throw problem(
          "data.scaling",
          "none, since an embedding in network.layers reads codes as they are (data.table.embeddings need not)",
          Choices.nameOf(data().scaling()));
    }
    try {
      Network.Builder builder = Network.builder(width);
      data().table().embed(codes, builder);
      return network().toNetwork(builder, outputs, custom);
    } catch (IllegalArgumentException tooLarge) {
      throw new ConfigurationException(
          "network.layers: " + tooLarge.getMessage() + " at " + placeOf("network.layers"),
          tooLarge);
    }
  }

  /**
   * Whether predictions are right or wrong, so that a run has accuracies.
   *
   * @throws ConfigurationException if a family of the user's own cannot be made
   */
  public boolean hasAccuracy() {
    return network().output().toFamily(custom).hasAccuracy();
  }

  /**
   * Loads, splits and scales the data.
   *
   * @param request how to look for them
   * @throws io.lockstep.data.DataException if they cannot be had or are damaged
   */
  public Partitions loadData(DataRequest request) {
    return data().load(request, train().seed());
  }

  /**
   * The learning rate of each step.
   *
   * @param runSteps steps of the whole run
   */
  public LearningRateSchedule toSchedule(long runSteps) {
    return schedule().toSchedule(optimizer().learningRate(), runSteps);
  }

  /**
   * Where a key was set, for instance {@code conf/mnist.conf:3}, {@code --set train.batch=64} or
   * {@code --workers 2}; {@code default} for a key that was not.
   */
  public String placeOf(String key) {
    return places.getOrDefault(key, "default");
  }

  /**
   * A problem that shows only later, for instance when the data are known: {@code key: expected …
   * but found … at …}.
   */
  public ConfigurationException problem(String key, String expected, Object found) {
    return Place.problem(key, expected, String.valueOf(found), placeOf(key));
  }

  /** All settings, those by default included, as HOCON that {@link #load(Path)} reads as equal. */
  public String toHocon() {
    return render(settings.toMap());
  }

  /**
   * The settings that decide the weights, as HOCON, with the digests of the jars: those that only
   * say who computes, where the data lie and what is reported are left out.
   */
  public String toHoconOfResult() {
    return render(settingsOfResult());
  }

  /** As {@link #toHoconOfResult()}: each key by its path, with its value as text. */
  public SortedMap<String, String> keysOfResult() {
    return keys(settingsOfResult());
  }

  /** All settings and the digests of the jars: each key by its path, with its value as text. */
  public SortedMap<String, String> keys() {
    Map<String, Object> map = settings.toMap();
    putJars(map);
    return keys(map);
  }

  private static SortedMap<String, String> keys(Map<String, Object> settings) {
    SortedMap<String, String> keys = new TreeMap<>();
    collect("", settings, keys);
    return keys;
  }

  private static void collect(String path, Object value, SortedMap<String, String> keys) {
    switch (value) {
      case Map<?, ?> section ->
          section.forEach(
              (key, v) -> collect(path.isEmpty() ? "" + key : path + "." + key, v, keys));
      case List<?> list -> {
        for (int i = 0; i < list.size(); i++) {
          collect(path + "[" + i + "]", list.get(i), keys);
        }
      }
      default -> keys.put(path, value.toString());
    }
  }

  private Map<String, Object> settingsOfResult() {
    Map<String, Object> map = settings.toMap();
    map.keySet().removeAll(List.of("name", "checkpoint", "cluster", "kernels"));
    map.put("data", data().toMapOfResult());
    map.put("train", without("maxTime", without("reportEvery", train().toMap())));
    putJars(map);
    return map;
  }

  private void putJars(Map<String, Object> map) {
    if (!jars.isEmpty()) {
      map.put("jars", jars.stream().map(Jar::sha256).toList());
    }
  }

  private static Map<String, Object> without(String key, Map<String, Object> map) {
    Map<String, Object> rest = new LinkedHashMap<>(map);
    rest.remove(key);
    return rest;
  }

  private static String render(Map<String, Object> map) {
    ConfigRenderOptions options =
        ConfigRenderOptions.defaults().setOriginComments(false).setComments(false).setJson(false);
    return ConfigValueFactory.fromMap(map).render(options);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Configuration that
        && settings.equals(that.settings)
        && jars.equals(that.jars);
  }

  @Override
  public int hashCode() {
    return settings.hashCode();
  }

  @Override
  public String toString() {
    return toHocon();
  }
}
