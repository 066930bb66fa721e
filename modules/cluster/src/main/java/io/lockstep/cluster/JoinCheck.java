package io.lockstep.cluster;

import static java.util.stream.Collectors.joining;

import io.lockstep.cluster.keys.ClusterKey;
import io.lockstep.cluster.keys.KeyCheck;
import io.lockstep.cluster.keys.KeyCheck.Answer;
import io.lockstep.cluster.keys.KeyException;
import java.util.List;
import java.util.Optional;

/** Finds out why a cluster cannot be joined, in words. Stateless. */
public final class JoinCheck {

  private JoinCheck() {}

  /**
   * Refuses a key that is not that of the cluster, as far as a node of it answers already.
   *
   * @param seeds nodes to join
   * @throws KeyException if one of them has another key
   */
  public static void requireSameKey(List<HostPort> seeds, Optional<ClusterKey> key) {
    key.ifPresent(
        own ->
            seeds.stream()
                .filter(seed -> ask(seed, own) == Answer.OTHER_KEY)
                .findFirst()
                .ifPresent(
                    other -> {
                      throw new KeyException(
                          "--key: expected the key of the cluster at %s, but that has another one"
                              .formatted(other));
                    }));
  }

  /** Why the nodes could not be joined, for the end of a sentence. */
  static String reason(List<HostPort> seeds, Optional<ClusterKey> key) {
    return key.map(own -> seeds.stream().map(seed -> reason(seed, own)).collect(joining("; ")))
        .orElse("is it there, and does it want a key?");
  }

  private static String reason(HostPort seed, ClusterKey key) {
    return switch (ask(seed, key)) {
      case OTHER_KEY -> seed + " has another key";
      case NOBODY -> "nobody listens at " + seed;
      case SAME_KEY -> seed + " has the same key, but may have another version, or be ending";
      case UNKNOWN -> seed + " does not answer as a node with a key does";
    };
  }

  private static Answer ask(HostPort seed, ClusterKey key) {
    return KeyCheck.ask(seed.host(), seed.port(), key);
  }
}
