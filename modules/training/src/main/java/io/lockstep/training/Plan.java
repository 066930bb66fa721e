package io.lockstep.training;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who computes what: advice, numbered, renewed when membership or speed changes; immutable and
 * thread-safe.
 *
 * <p>No result depends on it: any worker may compute any node, and the sums keep their fixed tree.
 */
public final class Plan {

  private final int number;
  private final int workers;
  private final Map<Long, Assignment> assignments = new ConcurrentHashMap<>();

  /**
   * @param number increases with each new plan of a run
   * @param workers number of workers, at least 1
   */
  public Plan(int number, int workers) {
    if (workers < 1) {
      throw new IllegalArgumentException("cluster.workers: expected at least 1, found " + workers);
    }
    this.number = number;
    this.workers = workers;
  }

  /** The number of this plan. */
  public int number() {
    return number;
  }

  /** Number of workers that it plans for. */
  public int workers() {
    return workers;
  }

  /**
   * The assignment of {@code units} units, in subtrees of at most {@code maxUnits}; computed once
   * for each pair.
   */
  public Assignment assignment(int units, int maxUnits) {
    long key = (long) units << 32 | maxUnits;
    Assignment known = assignments.get(key);
    return known != null
        ? known
        : assignments.computeIfAbsent(key, k -> Assignment.of(units, workers, maxUnits));
  }
}
