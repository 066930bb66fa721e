package io.lockstep.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is kept of a shard: copies as of a version, for checkpoints; the state that it starts from;
 * and what is left of it when the coordinator was lost.
 *
 * <p>Thread-safe.
 */
public final class Keeping {

  private final ShardHost host;
  private final Shard shard;
  private final ShardBuckets buckets;
  private final ShardSnapshot snapshot;
  private final ShardRestore restore;
  private final ShardListener listener;

  /** Whether the optimizer's state is no longer that of the weights. */
  private volatile boolean stateLost;

  /** Whether the shard was started, or took a leaf: what was kept comes too late then. */
  private volatile boolean begun;

  /** The first version of which the weights of every bucket were here. */
  private volatile long firstWhole;

  Keeping(
      ShardHost host,
      Shard shard,
      ShardBuckets buckets,
      ShardSnapshot snapshot,
      ShardRestore restore,
      ShardListener listener,
      boolean begun) {
    this.host = host;
    this.shard = shard;
    this.buckets = buckets;
    this.snapshot = snapshot;
    this.restore = restore;
    this.listener = listener;
    this.begun = begun;
  }

  // What the shard tells.

  void begin() {
    begun = true;
  }

  void loseState() {
    stateLost = true;
  }

  void isWholeFrom(long version) {
    firstWhole = version;
  }

  /** A bucket has a new version; the caller holds its lock. */
  void copyIfWanted(int own) {
    if (snapshot.take(own)) {
      listener.snapshotTaken(buckets.version(own));
    }
  }

  // Copies.

  /**
   * Has all buckets copied as they are at {@code version}, each when it commits that version;
   * {@link ShardListener#snapshotTaken} follows. What was copied before is overwritten.
   *
   * @return false if a bucket has gone on already, or the optimizer's state of that version is lost
   */
  public synchronized boolean snapshotAt(long version) {
    snapshot.begin(version);
    boolean possible = !stateLost;
    for (int own = 0; possible && own < buckets.count(); own++) {
      synchronized (buckets.lock(own)) {
        if (!host.mirroring().isPending(own)) { // Else its state is of the version after.
          copyIfWanted(own);
        }
        possible = snapshot.taken(own) || buckets.version(own) < version;
      }
    }
    if (!possible) {
      snapshot.cancel();
    }
    return possible;
  }

  /** Number of arrays of a snapshot: θ, then the optimizer's state. */
  public int stateArrays() {
    return 1 + shard.state().length;
  }

  /**
   * An array of the snapshot of {@code version}, from this shard's first float on; not overwritten
   * before the next {@link #snapshotAt}.
   *
   * @param array 0 for θ, then the optimizer's state
   * @throws IllegalArgumentException if there is no such snapshot, or it is not whole
   */
  public float[] snapshot(long version, int array) {
    return snapshot.array(version, array);
  }

  /** The snapshot of {@code version} as it is: of a shard that is all of θ. */
  TrainingState state(long version) {
    float[][] arrays = new float[stateArrays()][];
    for (int array = 0; array < arrays.length; array++) {
      arrays[array] = snapshot(version, array);
    }
    return new TrainingState(version, arrays);
  }

  // What a run goes on from.

  /**
   * Before the first step: takes a bucket of a state that was kept, as of {@link #snapshot}, to
   * start from its version.
   *
   * @param values holds the bucket at {@code at}; copied
   * @return whether all of the shard is there now
   * @throws IllegalArgumentException if the shard has begun, or has no such array
   */
  public synchronized boolean restore(long version, int bucket, int array, float[] values, int at) {
    int own = buckets.own(bucket);
    if (begun) {
      throw new IllegalArgumentException(
          "restore: expected a shard that has not begun, found one at step " + host.step());
    }
    synchronized (buckets.lock(own)) {
      restore.take(version, bucket, array, values, at);
      if (array == 0) {
        buckets.version(own, version);
      }
    }
    if (!restore.isWhole()) {
      return false;
    }
    host.startAt(version);
    return true;
  }

  // What is left of a run whose coordinator was lost.

  /**
   * After {@link ShardHost#halt}: what there is of the shard; empty if a part of its state is
   * missing.
   */
  public Optional<ShardCopy> copy() {
    if (stateLost || host.isBeingFilled()) {
      return Optional.empty();
    }
    List<Long> found = new ArrayList<>();
    for (int own = 0; own < buckets.count(); own++) {
      synchronized (buckets.lock(own)) {
        found.add(buckets.version(own));
      }
    }
    return Optional.of(host.withTotals(new ShardCopy(host.number(), firstWhole, found)));
  }

  /**
   * After {@link ShardHost#halt}: gives what {@link #copy} tells of, each bucket with the weights
   * and the optimizer's state of its own version, as the snapshot of {@code version}; and publishes
   * the weights of {@code version}.
   *
   * @param version the least of any bucket of the run
   */
  public synchronized void handOver(long version) {
    snapshot.begin(version);
    for (int own = 0; own < buckets.count(); own++) {
      synchronized (buckets.lock(own)) {
        snapshot.takeAsItIs(own);
      }
    }
    host.settle(version);
  }
}
