package io.lockstep.cli;

import io.lockstep.config.Overrides;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One combination of the values that {@code repeat} varies.
 *
 * @param values by their keys, in the order of the options
 */
record Variation(Map<String, String> values) {

  Variation {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /**
   * All combinations, the last option's values changing fastest; one without values if there are no
   * options.
   *
   * @param options each {@code KEY=VALUE,VALUE,…}; a value may be a list, in brackets
   * @throws BadInputException if one is not of that form, or names a key for the second time
   */
  static List<Variation> all(List<String> options) {
    List<Variation> all = List.of(new Variation(Map.of()));
    for (String option : options) {
      int equals = option.indexOf('=');
      String key = equals < 0 ? "" : option.substring(0, equals).strip();
      List<String> values = values(option.substring(equals + 1), option);
      if (key.isEmpty() || values.stream().anyMatch(String::isBlank)) {
        throw new BadInputException(
            "--vary: expected KEY=VALUE,VALUE, such as train.batch=32,1024, but found " + option);
      }
      if (all.getFirst().values().containsKey(key)) {
        throw new BadInputException(
            "--vary: expected each key once but found %s again".formatted(key));
      }
      if (key.equals("train.seed")) {
        throw new BadInputException(
            "--vary: expected any key but train.seed, which --seeds varies");
      }
      List<Variation> longer = new ArrayList<>();
      for (Variation shorter : all) {
        for (String value : values) {
          Map<String, String> both = new LinkedHashMap<>(shorter.values());
          both.put(key, value.strip());
          longer.add(new Variation(both));
        }
      }
      all = longer;
    }
    return all;
  }

  /** Commas within brackets or quotes belong to a value. */
  private static List<String> values(String text, String option) {
    List<String> values = new ArrayList<>();
    int from = 0;
    int depth = 0;
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      quoted ^= c == '"';
      depth += quoted ? 0 : "[{".indexOf(c) >= 0 ? 1 : "]}".indexOf(c) >= 0 ? -1 : 0;
      if (c == ',' && depth == 0 && !quoted) {
        values.add(text.substring(from, i));
        from = i + 1;
      }
    }
    if (depth != 0 || quoted) {
      throw new BadInputException(
          "--vary: expected brackets and quotes in pairs but found " + option);
    }
    values.add(text.substring(from));
    return values;
  }

  /** For people, such as {@code batch 32, learningRate 0.1}. */
  String name() {
    return values.isEmpty()
        ? "all"
        : values.entrySet().stream()
            .map(entry -> lastOf(entry.getKey()) + " " + entry.getValue())
            .collect(Collectors.joining(", "));
  }

  /** For the folder of a run with it, such as {@code batch-32-learningRate-0.1-seed-3}. */
  String folder(long seed) {
    String name = values.isEmpty() ? "" : name() + "-";
    return (name + "seed-" + seed).replaceAll("[^A-Za-z0-9._-]+", "-");
  }

  Overrides overrides(long seed) {
    Overrides all = Overrides.NONE;
    for (Map.Entry<String, String> entry : values.entrySet()) {
      all =
          all.with(
              entry.getKey(),
              entry.getValue(),
              "--vary %s=%s".formatted(entry.getKey(), entry.getValue()));
    }
    return all.with("train.seed", seed, "--seeds");
  }

  private static String lastOf(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }
}
