package io.lockstep.config;

import io.lockstep.data.NearestName;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The known key that an unknown one was probably meant to be. */
final class NearestKey {

  private NearestKey() {}

  /**
   * The known key nearest to an unknown one: by its whole path, or else by its last part, which
   * finds a key that was put into the wrong section. Below a known key, that one is the nearest.
   */
  static Optional<String> of(String path, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(key -> keyDistance(path, key)))
        .filter(key -> keyDistance(path, key) <= NearestName.allowed(last(path)) + 1);
  }

  private static int keyDistance(String path, String key) {
    if (path.startsWith(key + ".")) {
      return 1;
    }
    return Math.min(
        NearestName.distance(path, key), NearestName.distance(last(path), last(key)) + 1);
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }
}
