package io.lockstep.config;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The words that a key may have as its value: those of an enum in lower case with hyphens. */
final class Choices {

  /** True and false. */
  static final Map<String, Boolean> BOOLEAN = Map.of("true", true, "false", false);

  private Choices() {}

  static <E extends Enum<E>> Map<String, E> of(E[] constants) {
    Map<String, E> choices = new LinkedHashMap<>();
    Arrays.stream(constants).forEach(constant -> choices.put(nameOf(constant), constant));
    return choices;
  }

  static Map<String, String> of(List<String> words) {
    Map<String, String> choices = new LinkedHashMap<>();
    words.forEach(word -> choices.put(word, word));
    return choices;
  }

  /** For instance {@code he-uniform} for {@code HE_UNIFORM}. */
  static String nameOf(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
