package io.lockstep.config;

import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Where a value comes from, and messages that say so. */
final class Place {

  /** How the places of {@code key=value} begin. */
  static final String OVERRIDE = "--set ";

  /** How all places begin that are options; they are one line, which needs no number. */
  private static final String OPTION = "--";

  /** The place of a value that a program sets by a method of {@link ConfigurationBuilder}. */
  static String ofCall(String method, Object... arguments) {
    return "Configuration.builder().%s(%s)"
        .formatted(
            method,
            Arrays.stream(arguments).map(String::valueOf).collect(Collectors.joining(", ")));
  }

  private static final Pattern LINE = Pattern.compile("(.*): (\\d+)(?:-\\d+)?", Pattern.DOTALL);
  private static final int LONGEST = 60;

  private Place() {}

  /** For instance {@code conf/mnist.conf:3} or {@code --set train.batch=abc}. */
  static String of(ConfigOrigin origin) {
    String description = origin.description();
    if (description.startsWith("merge of ")) {
      description = description.substring("merge of ".length()).split(",", 2)[0];
    }
    Matcher line = LINE.matcher(description);
    if (!line.matches()) {
      return description;
    }
    return description.startsWith(OPTION) ? line.group(1) : line.group(1) + ":" + line.group(2);
  }

  static ConfigurationException problem(String key, String expected, ConfigValue found) {
    return problem(key, expected, show(found), of(found.origin()));
  }

  static ConfigurationException problem(String key, String expected, String found, String place) {
    return new ConfigurationException(
        "%s: expected %s but found %s at %s".formatted(key, expected, found, place));
  }

  static ConfigurationException missing(String key, String expected, ConfigValue section) {
    return new ConfigurationException(
        "%s: expected %s but the key is missing at %s"
            .formatted(key, expected, of(section.origin())));
  }

  private static String show(ConfigValue value) {
    String text = String.valueOf(value.unwrapped());
    String shown =
        switch (value.valueType()) {
          case OBJECT -> "a section { … }";
          case LIST -> "a list";
          case STRING -> Numbers.real(value).isPresent() ? text : '"' + text + '"';
          case NULL, NUMBER, BOOLEAN -> text;
        };
    return shown.length() <= LONGEST ? shown : shown.substring(0, LONGEST) + "…";
  }
}
