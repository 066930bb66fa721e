package io.lockstep.training;

import java.util.ArrayList;
import java.util.List;

/**
 * Which versions the leading shard lets begin, and under which plan: a plan holds from the next
 * version that begins, and a version that is held back does not begin before it is released.
 *
 * <p>Thread-safe by its own lock.
 */
final class StepGate {

  /** In place of a plan's number where the version is held back. */
  static final int HELD = -2;

  private static final long NEVER = Long.MAX_VALUE;

  private final long steps;
  private final ShardListener listener;
  private int activePlan = ShardHost.NO_PLAN;
  private int begunPlan = ShardHost.NO_PLAN;
  private long begunVersion = -1;
  private long holdAt = NEVER;
  private long firstVersion;
  private final List<Integer> held = new ArrayList<>();

  /**
   * @param steps of the run: the last version, with which nothing begins
   * @param listener told of plans
   */
  StepGate(long steps, ShardListener listener) {
    this.steps = steps;
    this.listener = listener;
  }

  /** The run starts with {@code version}. */
  synchronized void startsWith(long version) {
    firstVersion = version;
  }

  /**
   * Goes on in place of another gate, which has let no step begin that is newer than what {@code
   * start} tells.
   *
   * @return the version that is held back
   */
  synchronized long resume(Promotion start) {
    begunVersion = start.begunVersion();
    begunPlan = start.begunPlan();
    activePlan = start.activePlan();
    return holdAt(start.holdAt());
  }

  /**
   * A version that has begun.
   *
   * @param version -1 if none has
   * @param plan its plan
   */
  record Begun(long version, int plan) {}

  /** The newest version that has begun. */
  synchronized Begun begun() {
    return new Begun(begunVersion, begunPlan);
  }

  synchronized void activate(int plan) {
    activePlan = plan;
  }

  /**
   * Lets {@code version} begin, or is asked again about it.
   *
   * @return its plan, decided once
   */
  synchronized int begin(long version) {
    if (version > begunVersion) {
      begunVersion = version;
      if (activePlan != begunPlan && version < steps) {
        begunPlan = activePlan;
        listener.begun(version, begunPlan);
      }
    }
    return begunPlan;
  }

  /**
   * Lets {@code version} of a bucket be published, unless it is held back.
   *
   * @return the plan of the version; {@link #HELD} if the bucket is to wait for {@link #release}
   */
  synchronized int pass(int bucket, long version) {
    if (version >= holdAt) {
      held.add(bucket);
      return HELD;
    }
    return begin(version);
  }

  /** Holds {@code version} back, or the first later one that has not begun. */
  synchronized long holdAt(long version) {
    if (held.isEmpty()) { // Else it stands still, and only release() lets it go on.
      holdAt = possible(version, begunVersion + 1);
    }
    return holdAt;
  }

  /** The first version begins when the run starts; the last has no step to hold back. */
  private long possible(long version, long first) {
    long possible = Math.max(version, Math.max(firstVersion + 1, first));
    return possible < steps ? possible : NEVER;
  }

  /**
   * Lets pass what was held back.
   *
   * @param nextHold as for {@link #holdAt}
   * @param waiting is given the buckets that wait
   * @return the version that is held back next
   */
  synchronized long release(long nextHold, List<Integer> waiting) {
    holdAt = possible(nextHold, begunVersion + (held.isEmpty() ? 1 : 2));
    waiting.addAll(held);
    held.clear();
    return holdAt;
  }

  /** The newest version that can have passed. */
  synchronized long newestPassed() {
    return holdAt == NEVER ? NEVER : holdAt - 1;
  }

  /** Holds nothing back any more, nor has anything pass that was. */
  synchronized void clear() {
    holdAt = NEVER;
    held.clear();
  }
}
