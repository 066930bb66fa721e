package io.lockstep.model.checkpoint;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What decides a run's bits: a checkpoint can be gone on from only where all of it is the same.
 *
 * @param configuration the keys that decide the weights, with their values
 * @param data checksum of the data
 * @param numerics revision of the arithmetic
 */
public record Basis(
    @JsonProperty(required = true) SortedMap<String, String> configuration,
    @JsonProperty(required = true) String data,
    @JsonProperty(required = true) String numerics) {

  /** Makes the map unmodifiable. */
  public Basis {
    configuration = Collections.unmodifiableSortedMap(new TreeMap<>(configuration));
  }

  /** What a run with {@code other} would have differently, each in words; empty if nothing. */
  public List<String> differences(Basis other) {
    List<String> differences = new ArrayList<>();
    TreeSet<String> keys = new TreeSet<>(configuration.keySet());
    keys.addAll(other.configuration.keySet());
    keys.forEach(key -> compare(key, configuration, other.configuration, differences));
    compare("checksum of the data", data, other.data, differences);
    compare("numerics revision", numerics, other.numerics, differences);
    return differences;
  }

  private static void compare(
      String key, Map<String, String> expected, Map<String, String> found, List<String> to) {
    compare(key, expected.getOrDefault(key, "none"), found.getOrDefault(key, "none"), to);
  }

  private static void compare(String what, String expected, String found, List<String> to) {
    if (!Objects.equals(expected, found)) {
      to.add("%s was %s and is now %s".formatted(what, expected, found));
    }
  }
}
