package io.lockstep.training;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who computes what: advice, numbered, renewed when membership or speed changes; immutable and
 * thread-safe.
 *
 * <p>No result depends on it: any worker may compute any node, and the sums keep their fixed tree.
 */
public final class Plan {

  /** The speed of a worker of which nothing else is known. */
  public static final int USUAL_SPEED = 100;

  /**
   * The workers of one cluster node.
   *
   * @param node number of the cluster node, unique in the run
   * @param slots its workers, at least 1
   * @param speed of each of them, in percent of the usual one, at least 1
   */
  public record Share(int node, int slots, int speed) {

    /** Workers of the usual speed. */
    public Share(int node, int slots) {
      this(node, slots, USUAL_SPEED);
    }

    private boolean isValid() {
      return slots > 0 && speed > 0;
    }
  }

  private final int number;
  private final List<Share> shares;
  private final int[] slots;
  private final int[] speeds;

  /** The first worker of each position, and then the number of all workers. */
  private final int[] firstWorkers;

  /** Node and, in the lower half, position: sorted, and searched without boxing. */
  private final long[] positions;

  private final Map<Long, Assignment> assignments = new ConcurrentHashMap<>();

  /**
   * @param number at least 1; increases with each new plan of a run
   * @param shares the nodes that compute, at least one
   */
  public Plan(int number, List<Share> shares) {
    if (number < 1 || shares.isEmpty() || !shares.stream().allMatch(Share::isValid)) {
      throw new IllegalArgumentException(
          "plan: expected a number, workers and a speed from 1 on for each node, found "
              + number
              + " and "
              + shares);
    }
    this.number = number;
    this.shares = List.copyOf(shares);
    this.slots = shares.stream().mapToInt(Share::slots).toArray();
    this.speeds = shares.stream().mapToInt(Share::speed).toArray();
    this.firstWorkers = new int[slots.length + 1];
    this.positions = new long[slots.length];
    for (int i = 0; i < slots.length; i++) {
      firstWorkers[i + 1] = firstWorkers[i] + slots[i];
      positions[i] = (long) shares.get(i).node() << Integer.SIZE | i;
    }
    Arrays.sort(positions);
  }

  /** The number of this plan. */
  public int number() {
    return number;
  }

  /** The nodes that compute. */
  public List<Share> shares() {
    return shares;
  }

  /** Number of workers that it plans for. */
  public int workers() {
    return firstWorkers[slots.length];
  }

  /** The place of a cluster node among {@link #shares}; -1 if it does not compute. */
  public int positionOf(int node) {
    int found = Arrays.binarySearch(positions, (long) node << Integer.SIZE);
    int at = found < 0 ? -found - 1 : found;
    boolean has = at < positions.length && positions[at] >> Integer.SIZE == node;
    return has ? (int) positions[at] : -1;
  }

  /** The number, among all workers, of the first worker of the node at {@code position}. */
  public int firstWorker(int position) {
    return firstWorkers[position];
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
        : assignments.computeIfAbsent(key, k -> Assignment.of(units, slots, speeds, maxUnits));
  }
}
