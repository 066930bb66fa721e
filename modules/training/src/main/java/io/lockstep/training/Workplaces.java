package io.lockstep.training;

import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Pass;
import io.lockstep.nn.Sums;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.concurrent.locks.LockSupport;

/**
 * What the replicas of a node compute with: a {@link Workplace} for each, but no more than two for
 * each core of the machine. Where replicas are more, each takes a place for one pass at a time, in
 * which it waits for no other replica: so a further one costs next to no memory, and few of them
 * cut each other's passes into slices.
 *
 * <p>Whoever waits with the lowest slot comes first. Neighbouring slots compute neighbouring nodes
 * of the tree, so partials meet their siblings early, and few are held at once.
 *
 * <p>Thread-safe by its own lock. No place is part of a bit of the result.
 */
public final class Workplaces {

  private static final long RECHECK_NANOS = 20_000_000L;

  /**
   * With one, a core idles while the next thread wakes up, some 50 µs: 16 workers of 32 rows each
   * on the network 784-512-256-10 then train a tenth more slowly (two cores of an AMD EPYC).
   */
  private static final int PER_CORE = 2;

  /**
   * One pass at a time is computed here.
   *
   * @param pass the memory of one pass through the network
   * @param loader fills its input
   * @param sums what it yields beside its gradient
   */
  record Workplace(Pass pass, RowLoader loader, Sums sums) {}

  private final Job job;
  private final Buckets buckets;
  private final Kernels kernels;
  private final int slots;
  private final int places;
  private final PartialPool partials;
  private final ArrayDeque<Workplace> free = new ArrayDeque<>();
  private int made;
  private final BitSet waiting = new BitSet();
  private final Thread[] threads;
  private final Workplace[] given;

  /**
   * @param slots number of replicas of the node
   */
  public Workplaces(Job job, Buckets buckets, Kernels kernels, int slots) {
    this(job, buckets, kernels, slots, most());
  }

  private static int most() {
    return PER_CORE * Runtime.getRuntime().availableProcessors();
  }

  /** How many of {@code workers} in one JVM of this machine compute at once: each has memory. */
  public static int places(int workers) {
    return Math.min(workers, most());
  }

  /**
   * @param most the most places
   */
  Workplaces(Job job, Buckets buckets, Kernels kernels, int slots, int most) {
    this.job = job;
    this.buckets = buckets;
    this.kernels = kernels;
    this.slots = slots;
    this.places = Math.min(slots, most);
    this.partials = new PartialPool(buckets.parameters(), buckets.count());
    this.threads = new Thread[slots];
    this.given = new Workplace[slots];
  }

  Job job() {
    return job;
  }

  Buckets buckets() {
    return buckets;
  }

  /** The gradient arrays of all replicas of the node. */
  PartialPool partials() {
    return partials;
  }

  /** Number of replicas to a place: above 1 a replica may have to wait for one. */
  double replicasPerPlace() {
    return slots / (double) places;
  }

  /** Whether replicas are more than places. */
  boolean areShared() {
    return slots > places;
  }

  /** The most rows of a pass. */
  int maxRows() {
    return Replica.passRows(job);
  }

  /**
   * A replica is made: so is a place for it, if there are not enough, by the replica's own thread,
   * so that its memory is near that thread's core.
   */
  void join() {
    if (mayMake()) {
      Pass pass = new Pass(job.network(), kernels, maxRows());
      RowLoader loader = new RowLoader(job.network(), pass, kernels, job.data().scaling());
      giveBack(new Workplace(pass, loader, new Sums()));
    }
  }

  private synchronized boolean mayMake() {
    boolean may = made < places;
    made += may ? 1 : 0;
    return may;
  }

  /** Takes a free place, or waits until one is given back: for as long as passes take. */
  Workplace take(int slot) {
    synchronized (this) {
      if (!free.isEmpty()) {
        return free.pop();
      }
      threads[slot] = Thread.currentThread();
      waiting.set(slot);
    }
    Workplace place = given(slot);
    while (place == null) {
      LockSupport.parkNanos(this, RECHECK_NANOS);
      place = given(slot);
    }
    return place;
  }

  private synchronized Workplace given(int slot) {
    Workplace place = given[slot];
    given[slot] = null;
    return place;
  }

  /** How many wait for a place. */
  synchronized int waiting() {
    return waiting.cardinality();
  }

  /** Hands a place on to the lowest slot that waits for one. */
  void giveBack(Workplace place) {
    LockSupport.unpark(next(place));
  }

  private synchronized Thread next(Workplace place) {
    int slot = waiting.nextSetBit(0);
    if (slot < 0) {
      free.push(place);
      return null;
    }
    waiting.clear(slot);
    given[slot] = place;
    return threads[slot];
  }
}
