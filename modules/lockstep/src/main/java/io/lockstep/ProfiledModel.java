package io.lockstep;

import io.lockstep.config.Configuration;
import io.lockstep.model.ModelException;
import io.lockstep.training.Job;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What decides the costs of a model's training, but for the machine.
 *
 * @param parameters floats of packed θ
 * @param leafRows rows of a micro-batch
 * @param bucketBytes bytes of a bucket
 * @param settings of network, optimizer, data, jars and kernels: each key with its value
 */
record ProfiledModel(
    int parameters, int leafRows, int bucketBytes, SortedMap<String, String> settings) {

  private static final List<String> SECTIONS = List.of("network", "optimizer", "data", "jars");
  private static final String NOTHING = "nothing";

  static ProfiledModel of(Configuration configuration, Job job) {
    SortedMap<String, String> settings = new TreeMap<>(configuration.keysOfResult());
    settings.keySet().removeIf(key -> SECTIONS.stream().noneMatch(key::startsWith));
    settings.put("kernels", configuration.kernels().toString());
    return new ProfiledModel(
        job.network().parameters().packedLength(),
        job.microBatches().leafRows(),
        configuration.cluster().bucketBytes(),
        settings);
  }

  /**
   * Refuses the profile of another model.
   *
   * @param profiled the model that the profile is of
   * @param file it was read from
   * @throws ModelException naming the first difference
   */
  void require(ProfiledModel profiled, Path file) {
    TreeSet<String> keys = new TreeSet<>(settings.keySet());
    keys.addAll(profiled.settings.keySet());
    for (String key : keys) {
      require(
          file,
          key,
          settings.getOrDefault(key, NOTHING),
          profiled.settings.getOrDefault(key, NOTHING));
    }
    require(file, "weights, padding included", parameters, profiled.parameters);
    require(file, "rows of a micro-batch", leafRows, profiled.leafRows);
    require(file, "cluster.bucketBytes", bucketBytes, profiled.bucketBytes);
  }

  private static void require(Path file, String what, Object expected, Object found) {
    if (!expected.equals(found)) {
      throw new ModelException(
          "%s: profile of another model: %s: expected %s, found %s; have this one measured anew"
              .formatted(file, what, expected, found));
    }
  }
}
