package io.lockstep.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The keys of {@code lockstep-reference.conf}, and the refusal of all others. A section that is
 * empty there is for keys of a class of the user's.
 */
final class KnownKeys {

  private record Unknown(String path, ConfigValue value) {}

  private final ConfigObject reference;
  private final Collection<String> paths = new TreeSet<>();

  KnownKeys(ConfigObject reference) {
    this.reference = reference;
    collect("", reference);
  }

  /** Paths of all keys that hold a value. */
  Collection<String> paths() {
    return paths;
  }

  /** Refuses the first key, in the order of lines, that is none of the known ones. */
  void check(ConfigObject values) {
    List<Unknown> unknown = new ArrayList<>();
    check("", values, reference, unknown);
    unknown.stream()
        .min(Comparator.comparingInt(key -> key.value().origin().lineNumber()))
        .ifPresent(
            key -> {
              throw refusal(key.path(), key.value(), paths);
            });
  }

  /** Refuses keys of a section in a list other than {@code keys}. */
  static void require(String path, ConfigObject section, List<String> keys) {
    for (Map.Entry<String, ConfigValue> entry : section.entrySet()) {
      if (!keys.contains(entry.getKey())) {
        List<String> known = keys.stream().map(key -> path + "." + key).toList();
        throw refusal(path + "." + entry.getKey(), entry.getValue(), known);
      }
    }
  }

  private void collect(String path, ConfigObject section) {
    section.forEach(
        (key, value) -> {
          if (value instanceof ConfigObject inner) {
            collect(join(path, key), inner);
          } else {
            paths.add(join(path, key));
          }
        });
  }

  private static void check(
      String path, ConfigObject values, ConfigObject known, List<Unknown> unknown) {
    values.forEach(
        (key, value) -> {
          String at = join(path, key);
          ConfigValue model = known.get(key);
          if (model == null) {
            unknown.add(new Unknown(firstLeaf(at, value), value));
          } else if (model instanceof ConfigObject section) {
            if (!(value instanceof ConfigObject inner)) {
              throw Place.problem(at, "a section { … }", value);
            }
            if (!section.isEmpty()) {
              check(at, inner, section, unknown);
            }
          } else if (value instanceof ConfigObject inner && !inner.isEmpty()) {
            unknown.add(new Unknown(firstLeaf(at, value), value));
          }
        });
  }

  /**
   * The unknown key as far as it was written: a.b.c of {@code a.b.c = 1} and of {@code a { b.c = 1
   * }}.
   */
  private static String firstLeaf(String path, ConfigValue value) {
    if (value instanceof ConfigObject section && section.size() == 1) {
      Map.Entry<String, ConfigValue> only = section.entrySet().iterator().next();
      return firstLeaf(join(path, only.getKey()), only.getValue());
    }
    return path;
  }

  private static ConfigurationException refusal(
      String path, ConfigValue value, Collection<String> known) {
    String remedy =
        NearestKey.of(path, known)
            .map(near -> "did you mean " + near + "?")
            .orElseGet(() -> "the known keys are " + String.join(", ", siblings(path, known)));
    return new ConfigurationException(
        "%s: unknown key at %s; %s".formatted(path, Place.of(value.origin()), remedy));
  }

  /** Keys and sections beside the unknown one, else those at the top. */
  private static Collection<String> siblings(String path, Collection<String> known) {
    String section = path.substring(0, path.lastIndexOf('.') + 1);
    String there = known.stream().anyMatch(key -> key.startsWith(section)) ? section : "";
    return known.stream()
        .filter(key -> key.startsWith(there))
        .map(key -> there + key.substring(there.length()).split("\\.", 2)[0])
        .distinct()
        .toList();
  }

  private static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
