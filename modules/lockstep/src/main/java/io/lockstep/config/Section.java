package io.lockstep.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.lockstep.data.NearestName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoublePredicate;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads and checks the keys of one section of a configuration; every key that is asked for is
 * noted. A value that does not fit is a {@link ConfigurationException} that names key, expectation,
 * finding and place.
 */
final class Section {

  /** The value of a key that is derived from others or from the data. */
  static final String AUTO = "auto";

  private static final String COUNT = "a whole number of at least 1";

  private static final Pattern TIME = Pattern.compile("(?=0$|.*[smhd]$)(\\d{1,7})([smhd]?)");

  private static final String SHARE = "a number from 0 to less than 1";

  private final String path;
  private final ConfigObject values;
  private final Set<String> asked;

  /**
   * @param path of the section; empty for the whole configuration
   * @param asked receives the path of every key that is read
   */
  Section(String path, ConfigObject values, Set<String> asked) {
    this.path = path;
    this.values = values;
    this.asked = asked;
  }

  Section section(String key) {
    return new Section(path(key), (ConfigObject) value(key), asked);
  }

  /** The sections of a list, named {@code key[0]}, {@code key[1]}, …. */
  List<Section> sections(String key) {
    asked.add(path(key));
    String expected = "a list of sections { type = … }";
    if (!(value(key) instanceof ConfigList list)) {
      throw wrong(key, expected);
    }
    List<Section> sections = new ArrayList<>();
    for (ConfigValue element : list) {
      String name = path(key) + "[" + sections.size() + "]";
      if (!(element instanceof ConfigObject object)) {
        throw Place.problem(name, "a section { type = … }", element);
      }
      sections.add(new Section(name, object, asked));
    }
    return sections;
  }

  /** The same section, of which nothing has been read. */
  Section unread() {
    return new Section(path, values, new TreeSet<>());
  }

  /** Refuses keys that were not asked for. */
  void requireRead() {
    String inside = path("");
    KnownKeys.require(
        path, values, asked.stream().map(key -> key.substring(inside.length())).toList());
  }

  /** The values of all keys. */
  Map<String, Object> unwrapped() {
    return values.unwrapped();
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  /** As {@link #has}, of a key that is known from now on. */
  boolean asks(String key) {
    asked.add(path(key));
    return has(key);
  }

  /** Refuses keys other than these. */
  void requireKnown(String... keys) {
    KnownKeys.require(path, values, List.of(keys));
  }

  String text(String key) {
    return scalar(key, "a text").unwrapped().toString();
  }

  boolean flag(String key) {
    String expected = "true or false";
    return switch (scalar(key, expected).unwrapped().toString()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong(key, expected);
    };
  }

  <T> T choice(String key, Map<String, T> choices) {
    return choice(key, choices, oneOf(choices));
  }

  /** One of some words, or what {@code other} says. */
  <T> T choiceOr(String other, String key, Map<String, T> choices) {
    return choice(key, choices, oneOf(choices) + " or " + other);
  }

  <T> Optional<T> choiceOrAuto(String key, Map<String, T> choices) {
    return isAuto(key)
        ? Optional.empty()
        : Optional.of(choice(key, choices, oneOf(choices) + " or auto"));
  }

  private <T> T choice(String key, Map<String, T> choices, String expected) {
    String word = scalar(key, expected).unwrapped().toString();
    T choice = choices.get(word.toLowerCase(Locale.ROOT).replace('_', '-'));
    if (choice == null) {
      String meant =
          NearestName.of(word, choices.keySet())
              .map(near -> "; did you mean " + near + "?")
              .orElse("");
      throw new ConfigurationException(wrong(key, expected).getMessage() + meant);
    }
    return choice;
  }

  long whole(String key) {
    return whole(key, "a whole number", n -> true);
  }

  long wholeAtLeast(String key, long least) {
    return whole(key, "a whole number of at least " + least, n -> n >= least);
  }

  long wholeBetween(String key, long least, long most) {
    return whole(key, "a whole number from " + least + " to " + most, n -> n >= least && n <= most);
  }

  /** A size: at least 1. */
  int count(String key) {
    requireSmall(key);
    return (int) whole(key, COUNT, n -> n >= 1);
  }

  /** The sizes that all keys have; they are names of the user's. */
  Map<String, Integer> counts() {
    return values.keySet().stream().collect(Collectors.toMap(key -> key, this::count));
  }

  OptionalInt countOrAuto(String key) {
    if (isAuto(key)) {
      return OptionalInt.empty();
    }
    requireSmall(key);
    return OptionalInt.of((int) whole(key, COUNT + " or auto", n -> n >= 1));
  }

  /** A whole number within the range that {@code range} says in words, unless auto. */
  OptionalLong wholeOrAuto(String key, String range, LongPredicate fits) {
    return isAuto(key)
        ? OptionalLong.empty()
        : OptionalLong.of(whole(key, "a whole number " + range + " or auto", fits));
  }

  /** In [0, 1). */
  double share(String key) {
    return real(key, SHARE, Section::isShare);
  }

  OptionalDouble shareOrAuto(String key) {
    if (isAuto(key)) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(real(key, SHARE + " or auto", Section::isShare));
  }

  /** Above 0 as a float too, as which kernels use it. */
  double positive(String key) {
    return real(key, "a number above 0", x -> (float) x > 0 && Float.isFinite((float) x));
  }

  double notNegative(String key) {
    return real(key, "a number of at least 0", x -> x >= 0);
  }

  /** A finite number that {@code fits}; {@code expected} says it in words. */
  double real(String key, String expected, DoublePredicate fits) {
    Optional<Double> number = Numbers.real(scalar(key, expected));
    return number.filter(fits::test).orElseThrow(() -> wrong(key, expected));
  }

  /** A time of whole seconds, minutes, hours or days, such as {@code 90s} or {@code 8h}. */
  Duration duration(String key) {
    String expected = "a time such as 90s, 30m, 8h or 2d, or 0";
    Matcher time = TIME.matcher(scalar(key, expected).unwrapped().toString());
    if (!time.matches()) {
      throw wrong(key, expected);
    }
    long count = Long.parseLong(time.group(1));
    return switch (time.group(2)) {
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      case "d" -> Duration.ofDays(count);
      default -> Duration.ofSeconds(count);
    };
  }

  private long whole(String key, String expected, LongPredicate fits) {
    Optional<Long> number = Numbers.whole(scalar(key, expected));
    return number.filter(fits::test).orElseThrow(() -> wrong(key, expected));
  }

  private void requireSmall(String key) {
    Optional<Long> number = Numbers.whole(scalar(key, COUNT));
    if (number.isPresent() && number.get() > Integer.MAX_VALUE) {
      throw wrong(key, "a whole number of at most " + Integer.MAX_VALUE);
    }
  }

  private static boolean isShare(double x) {
    return x >= 0 && (float) x < 1;
  }

  private boolean isAuto(String key) {
    asked.add(path(key));
    return AUTO.equals(value(key).unwrapped());
  }

  private ConfigValue scalar(String key, String expected) {
    asked.add(path(key));
    if (!has(key)) {
      throw missing(key, expected);
    }
    ConfigValueType type = value(key).valueType();
    if (type == ConfigValueType.OBJECT
        || type == ConfigValueType.LIST
        || type == ConfigValueType.NULL) {
      throw wrong(key, expected);
    }
    return value(key);
  }

  private ConfigValue value(String key) {
    return values.get(key);
  }

  private String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  ConfigurationException wrong(String key, String expected) {
    return has(key) ? Place.problem(path(key), expected, value(key)) : missing(key, expected);
  }

  /** A key that is there and that nobody has asked for may be this one, misspelt. */
  private ConfigurationException missing(String key, String expected) {
    String message = Place.missing(path(key), expected, values).getMessage();
    List<String> unasked =
        values.keySet().stream().filter(there -> !asked.contains(path(there))).toList();
    return new ConfigurationException(
        NearestName.of(key, unasked)
            .map(near -> "%s; found %s there, did you mean %s?".formatted(message, near, key))
            .orElse(message));
  }

  /** As above, with what went wrong. */
  ConfigurationException wrong(String key, String expected, Throwable cause) {
    return new ConfigurationException(wrong(key, expected).getMessage() + ": " + cause, cause);
  }

  private static String oneOf(Map<String, ?> choices) {
    return "one of " + String.join(", ", choices.keySet());
  }
}
