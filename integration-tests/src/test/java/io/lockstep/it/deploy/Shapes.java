package io.lockstep.it.deploy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Checks objects of YAML against named shapes: which fields there are, which are required, and what
 * their values are. {@code kubernetes-shapes.yaml} says how shapes are written.
 */
final class Shapes {

  private static final Map<String, Pattern> TEXTS =
      Map.of(
          "name", Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"),
          "path", Pattern.compile("/.*"),
          "quantity", Pattern.compile("[0-9.]+(m|Ki|Mi|Gi|Ti)?"));

  private final Map<String, Map<String, Object>> shapes;
  private final List<String> faults = new ArrayList<>();

  private Shapes(Map<String, Map<String, Object>> shapes) {
    this.shapes = shapes;
  }

  @SuppressWarnings("unchecked")
  static Shapes parse(String yaml) {
    return new Shapes((Map<String, Map<String, Object>>) load(yaml));
  }

  /** One document of YAML, whose maps have no key twice. */
  static Object load(String yaml) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    return new Yaml(new SafeConstructor(options)).load(yaml);
  }

  /** What is wrong with {@code object}, each with where it is; empty if nothing. */
  List<String> faults(String where, Object object, String shape) {
    faults.clear();
    check(where, object, shape);
    return List.copyOf(faults);
  }

  private void check(String where, Object value, Object type) {
    switch (type) {
      case List<?> list -> checkList(where, value, list.getFirst());
      case Map<?, ?> map -> checkMap(where, value, map.keySet().iterator().next());
      case String text when text.startsWith("=") -> checkChoice(where, value, text.substring(1));
      case String text when shapes.containsKey(text) -> checkFields(where, value, text);
      default -> expect(isScalar((String) type, value), where, type, value);
    }
  }

  private static boolean isScalar(String type, Object value) {
    return switch (type) {
      case "string" -> value instanceof String;
      case "int" -> value instanceof Integer;
      case "bool" -> value instanceof Boolean;
      case "port" -> value instanceof Integer port && port > 0 && port < 65536;
      default -> value instanceof String text && TEXTS.get(type).matcher(text).matches();
    };
  }

  private void checkList(String where, Object value, Object element) {
    if (expect(value instanceof List<?> list && !list.isEmpty(), where, "a list", value)) {
      List<?> list = (List<?>) value;
      for (int i = 0; i < list.size(); i++) {
        check(where + "[" + i + "]", list.get(i), element);
      }
    }
  }

  private void checkMap(String where, Object value, Object element) {
    if (expect(value instanceof Map<?, ?>, where, "a map", value)) {
      ((Map<?, ?>) value).forEach((key, each) -> check(where + "." + key, each, element));
    }
  }

  private void checkChoice(String where, Object value, String choices) {
    expect(
        Arrays.asList(choices.split("\\|")).contains(String.valueOf(value)), where, choices, value);
  }

  private void checkFields(String where, Object value, String shape) {
    if (!expect(value instanceof Map<?, ?>, where, shape, value)) {
      return;
    }
    Map<?, ?> object = (Map<?, ?>) value;
    shapes
        .get(shape)
        .forEach(
            (field, type) -> {
              String name = field.replace("!", "");
              if (object.containsKey(name)) {
                check(where + "." + name, object.get(name), type);
              } else {
                expect(!field.endsWith("!"), where + "." + name, "a value", "nothing");
              }
            });
    for (Object key : object.keySet()) {
      boolean known =
          shapes.get(shape).containsKey(key) || shapes.get(shape).containsKey(key + "!");
      expect(known, where, "the fields of " + shape, key);
    }
  }

  private boolean expect(boolean holds, String where, Object expected, Object found) {
    if (!holds) {
      faults.add("%s: expected %s but found %s".formatted(where, expected, found));
    }
    return holds;
  }
}
