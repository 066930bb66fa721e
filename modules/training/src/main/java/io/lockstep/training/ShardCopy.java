package io.lockstep.training;

import java.util.List;

/**
 * What a host has of a shard, once it commits nothing more.
 *
 * @param shard number of the shard
 * @param firstWhole the first version of which all its weights were here: older ones were not
 * @param versions of its buckets, in their order; of the newest the optimizer's state is here, and
 *     of the one before only the weights
 * @param totalsOf the newest step whose totals over θ are here; -1 if there is none
 * @param totals of that step, which the state after it does not lead to again
 */
public record ShardCopy(
    int shard, long firstWhole, List<Long> versions, long totalsOf, List<Double> totals) {

  /** Of a shard whose steps need no totals. */
  public ShardCopy(int shard, long firstWhole, List<Long> versions) {
    this(shard, firstWhole, versions, -1, List.of());
  }

  /** The least version of a bucket. */
  long least() {
    return versions.stream().mapToLong(Long::longValue).min().orElseThrow();
  }

  /** Whether the weights of {@code version} are here, and nothing is more than one ahead. */
  boolean goesBackTo(long version) {
    return versions.stream()
        .allMatch(own -> own == version || own == version + 1 && version >= firstWhole);
  }
}
