package io.lockstep.cli;

import io.lockstep.config.Configuration;
import io.lockstep.model.RunFolder;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A run that is there already when its command is given again.
 *
 * @param path its folder
 */
record EarlierRun(Path path) {

  private static final String JARS = "jars";

  /**
   * Refuses one that is to end with other weights.
   *
   * @throws BadInputException that names a key that differs
   */
  void requireSameResult(Configuration wanted) {
    requireEqual(configuration().keysOfResult(), wanted.keysOfResult());
  }

  /**
   * Refuses one of which anything is set otherwise: its speed may be another one, too. Of one that
   * was broken off nothing is said of its jars, which may not have been written yet.
   *
   * @throws BadInputException that names a key that differs
   */
  void requireSame(Configuration wanted) {
    if (ScaleRuns.hasEnded(path)) {
      requireEqual(configuration().keys(), wanted.keys());
    } else {
      Map<String, String> keys = new TreeMap<>(wanted.keys());
      keys.remove(JARS);
      requireEqual(Configuration.load(RunFolder.open(path).configFile()).keys(), keys);
    }
  }

  private Configuration configuration() {
    RunFolder folder = RunFolder.open(path);
    return Configuration.load(folder.configFile()).withJars(folder.readJars());
  }

  private void requireEqual(Map<String, String> found, Map<String, String> wanted) {
    TreeSet<String> keys = new TreeSet<>(found.keySet());
    keys.addAll(wanted.keySet());
    for (String key : keys) {
      if (!Objects.equals(found.get(key), wanted.get(key))) {
        throw new BadInputException(
            "%s: expected a run of the same configuration but found another one, with %s = %s instead of %s; name another --out"
                .formatted(path, key, text(found.get(key)), text(wanted.get(key))));
      }
    }
  }

  private static String text(String value) {
    return value == null ? "nothing" : value;
  }
}
