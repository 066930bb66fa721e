package io.lockstep.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.lockstep.config.Configuration.Settings;
import io.lockstep.data.NearestName;
import io.lockstep.kernels.Kernels;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** From HOCON to checked settings; the only place that parses. */
final class ConfigurationReader {

  /** The names of what is in the folder {@code conf}. */
  static final List<String> BUNDLED =
      List.of(
          "digits",
          "linear",
          "mnist",
          "mnist-quick",
          "glm-gaussian",
          "glm-bernoulli",
          "glm-poisson",
          "glm-multinomial");

  /** A key, whose parts may be in quotes, and its value. */
  private static final Pattern KEY_VALUE =
      Pattern.compile("((?:[^=\"]|\"(?:[^\"\\\\]|\\\\.)*+\")*+)=(.*)", Pattern.DOTALL);

  private static final String REFERENCE = "lockstep-reference.conf";

  private final Config reference =
      ConfigFactory.parseResources(
          ConfigurationReader.class.getClassLoader(),
          REFERENCE,
          ConfigParseOptions.defaults().setAllowMissing(false));
  private final KnownKeys known = new KnownKeys(reference.root());
  private final Set<String> asked = new TreeSet<>();

  static String referenceText() {
    try (InputStream resource =
        ConfigurationReader.class.getClassLoader().getResourceAsStream(REFERENCE)) {
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Keys that the reference file documents. */
  Set<String> documentedKeys() {
    return Set.copyOf(known.paths());
  }

  /** Keys that were read so far. */
  Set<String> askedKeys() {
    return Set.copyOf(asked);
  }

  Configuration file(Path path, Overrides overrides) {
    if (!Files.isRegularFile(path)) {
      throw new ConfigurationException(
          "%s: %s; expected the path of a configuration file, such as conf/digits.conf"
              .formatted(path, Files.exists(path) ? "no file but a folder" : "no such file"));
    }
    if (!Files.isReadable(path)) {
      throw new ConfigurationException(path + ": the file cannot be read; check its permissions");
    }
    File file = path.toFile();
    return read(nameOf(path), parse(() -> ConfigFactory.parseFile(file, hocon())), overrides);
  }

  Configuration bundled(String name, Overrides overrides) {
    String resource = "conf/" + name + ".conf";
    ClassLoader loader = ConfigurationReader.class.getClassLoader();
    if (loader.getResource(resource) == null) {
      throw new ConfigurationException(
          "%s: no such configuration; expected one of %s, or the path of a file, such as conf/digits.conf%s"
              .formatted(
                  name,
                  String.join(", ", BUNDLED),
                  NearestName.of(name, BUNDLED)
                      .map(near -> "; did you mean %s?".formatted(near))
                      .orElse("")));
    }
    Config config =
        parse(
            () ->
                ConfigFactory.parseResources(
                    loader, resource, hocon().setOriginDescription(resource + " (built in)")));
    return read(name, config, overrides);
  }

  Configuration text(String name, String hocon, String place) {
    ConfigParseOptions options = hocon().setOriginDescription(place);
    return read(name, parse(() -> ConfigFactory.parseString(hocon, options)), Overrides.NONE);
  }

  Configuration overrides(String name, Overrides overrides) {
    return read(name, ConfigFactory.empty(), overrides);
  }

  Configuration values(String name, Map<String, ConfigValue> values) {
    Config config = ConfigFactory.empty();
    for (Map.Entry<String, ConfigValue> entry : values.entrySet()) {
      config = config.withValue(entry.getKey(), entry.getValue());
    }
    return read(name, config, Overrides.NONE);
  }

  private Configuration read(String name, Config file, Overrides overrides) {
    Config user = file;
    for (Overrides.Override override : overrides.all()) {
      user = override(override).withFallback(user);
    }
    Config all = user;
    Config resolved = parse(all::resolve);
    known.check(resolved.root());
    ConfigObject complete = resolved.withFallback(reference).root();
    Settings settings = settings(name, new Section("", complete, asked));
    return new Configuration(settings, places(resolved.root()));
  }

  private static Settings settings(String fileName, Section root) {
    String name = root.text("name");
    OptimizerSettings optimizer = OptimizerSettings.read(root.section("optimizer"));
    TrainSettings train = TrainSettings.read(root.section("train"));
    return new Settings(
        name.equals(Section.AUTO) || name.isBlank() ? fileName : name,
        DataSettings.read(root.section("data")),
        NetworkSettings.read(root.section("network")),
        optimizer,
        ScheduleSettings.read(root.section("schedule"), optimizer.learningRate()),
        train,
        CheckpointSettings.read(root.section("checkpoint")),
        ClusterSettings.read(root.section("cluster"), train.microBatches()),
        root.choice("kernels", Choices.of(Kernels.Choice.values())));
  }

  private Config override(Overrides.Override override) {
    String text = override.text();
    String place = override.place();
    Matcher parts = KEY_VALUE.matcher(text);
    String key = parts.matches() ? parts.group(1).strip() : "";
    if (key.isEmpty()) {
      throw new ConfigurationException(
          place + ": expected key=value, for instance --set train.batch=64");
    }
    List<String> path;
    try {
      path = ConfigUtil.splitPath(key);
    } catch (ConfigException badPath) {
      throw new ConfigurationException(
          place + ": expected a key such as train.batch but found " + key, badPath);
    }
    ConfigValue value = overrideValue(key, parts.group(2).strip(), place);
    return ConfigFactory.empty().withValue(ConfigUtil.joinPath(path), value);
  }

  /** Where a text or word belongs the value is taken as it is, so that paths need no quotes. */
  private ConfigValue overrideValue(String key, String text, String place) {
    boolean quoted = text.startsWith("\"");
    if (known.paths().contains(key) && !key.equals("network.layers") && !quoted) {
      return ConfigValueFactory.fromAnyRef(text, place);
    }
    ConfigParseOptions options = hocon().setOriginDescription(place);
    return parse(() -> ConfigFactory.parseString("value = " + text, options))
        .root()
        .getOrDefault("value", ConfigValueFactory.fromAnyRef("", place));
  }

  private static Map<String, String> places(ConfigObject root) {
    Map<String, String> places = new HashMap<>();
    collect("", root, places);
    return places;
  }

  private static void collect(String path, ConfigValue value, Map<String, String> places) {
    places.put(path, Place.of(value.origin()));
    if (value instanceof ConfigObject section) {
      section.forEach((key, v) -> collect(path.isEmpty() ? key : path + "." + key, v, places));
    } else if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        collect(path + "[" + i + "]", (ConfigValue) list.get(i), places);
      }
    }
  }

  private interface Parse {
    Config run();
  }

  /** Turns the parser's exceptions into one sentence with file and line. */
  private static Config parse(Parse parse) {
    try {
      return parse.run();
    } catch (ConfigException problem) {
      throw new ConfigurationException(sentence(problem), problem);
    }
  }

  private static String sentence(ConfigException problem) {
    String message = problem.getMessage().lines().findFirst().orElse("");
    ConfigOrigin origin = problem.origin();
    if (origin == null) {
      return message;
    }
    String prefix = origin.description() + ": ";
    String what = message.startsWith(prefix) ? message.substring(prefix.length()) : message;
    int tip = what.indexOf(" (if you");
    return "%s: not valid HOCON: %s"
        .formatted(Place.of(origin), tip < 0 ? what : what.substring(0, tip));
  }

  private static ConfigParseOptions hocon() {
    return ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF).setAllowMissing(false);
  }

  private static String nameOf(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".conf") ? name.substring(0, name.length() - 5) : name;
  }
}
