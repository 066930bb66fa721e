package io.lockstep.cli;

import java.util.Collection;
import java.util.List;

/**
 * Refuses settings of the user's that would be lost, since the command sets these keys itself.
 * Stateless.
 */
final class OwnKeys {

  private OwnKeys() {}

  /**
   * Refuses keys of the command's, in quotes or not, and whole sections that such keys are in.
   *
   * @param settings the user's, each {@code key=value}
   * @param own keys that the command sets
   * @param why what it does with them, such as {@code has options for}
   * @throws BadInputException naming the first one
   */
  static void requireNone(List<String> settings, Collection<String> own, String why) {
    for (String set : settings) {
      String key = set.split("[=:{+]", 2)[0].replace("\"", "").strip();
      if (own.contains(key)) {
        throw new BadInputException(
            "--set %s: expected any key but %s, which this command %s".formatted(set, key, why));
      }
      if (own.stream().anyMatch(other -> other.startsWith(key + "."))) {
        throw new BadInputException(
            "--set %s: expected single keys, such as %s.KEY=VALUE, found all of %s"
                .formatted(set, key, key));
      }
    }
  }
}
