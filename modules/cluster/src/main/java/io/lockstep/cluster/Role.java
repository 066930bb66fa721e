package io.lockstep.cluster;

import java.util.Arrays;
import java.util.Optional;

/** What a node does in a run; it may have several roles. */
public enum Role {
  /** Hosts workers, which compute micro-batches. */
  WORKER("worker"),
  /** Can own shards of the weights. */
  PARAMETER_SERVER("parameter-server");

  private final String word;

  Role(String word) {
    this.word = word;
  }

  /** As on the command line, in a hosts file and in the cluster's membership. */
  public String word() {
    return word;
  }

  /** The role with the given word. */
  public static Optional<Role> of(String word) {
    return Arrays.stream(values()).filter(role -> role.word.equals(word)).findFirst();
  }
}
