package io.lockstep.training;

/**
 * Which run a peer belongs to; carried by all that travels between nodes.
 *
 * @param runId drawn anew for each run
 * @param configuration the first bytes of the hash of all that decides the run's bits
 */
public record RunIdentity(long runId, long configuration) {

  @Override
  public String toString() {
    return "run %016x of configuration %016x".formatted(runId, configuration);
  }
}
