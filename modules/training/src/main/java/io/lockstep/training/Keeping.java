package io.lockstep.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ObjIntConsumer;

/**
 * What is kept of a shard: snapshots of a version, for checkpoints; the state that it starts from;
 * and what is left of it when the coordinator was lost.
 *
 * <p>Thread-safe.
 */
public final class Keeping {

  private final ShardHost host;
  private final Shard shard;
  private final ShardBuckets buckets;
  private final Theta theta;
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
      Theta theta,
      ShardRestore restore,
      ShardListener listener,
      boolean begun) {
    this.host = host;
    this.shard = shard;
    this.buckets = buckets;
    this.theta = theta;
    this.snapshot = new ShardSnapshot(shard, buckets, theta);
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

  /** A bucket's arrays are about to go on to the next version; the caller holds its lock. */
  void beforeUpdate(int own) {
    snapshot.beforeUpdate(own);
  }

  /** A bucket has a new version; the caller holds its lock. */
  void committed(int own) {
    if (snapshot.take(own)) {
      listener.snapshotTaken(buckets.version(own));
    }
  }

  // Snapshots.

  /**
   * Has all buckets kept as they are at {@code version}, each from when it commits that version;
   * {@link ShardListener#snapshotTaken} follows. What was kept before is forgotten.
   *
   * @return false if a bucket has gone on already, or the optimizer's state of that version is lost
   */
  public synchronized boolean snapshotAt(long version) {
    snapshot.begin(version);
    boolean possible = !stateLost;
    for (int own = 0; possible && own < buckets.count(); own++) {
      synchronized (buckets.lock(own)) {
        if (!host.mirroring().isPending(own)) { // Else its state is of the version after.
          committed(own);
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
    return snapshot.arrays();
  }

  /**
   * There is a whole snapshot of {@code version}.
   *
   * @throws IllegalArgumentException if there is not
   */
  public void requireSnapshot(long version) {
    snapshot.require(version, 0);
  }

  /**
   * Has {@code reader} read an array of a bucket of the snapshot of {@code version}, while the
   * bucket stands still.
   *
   * @param array 0 for θ, then the optimizer's state
   * @param reader is given an array that holds the bucket, and where it begins there; it may not
   *     wait
   * @throws IllegalArgumentException if there is no such snapshot, it is not whole, or what it has
   *     of the bucket was {@linkplain #doneWith done with}
   */
  public void snapshot(long version, int bucket, int array, ObjIntConsumer<float[]> reader) {
    snapshot.read(version, buckets.own(bucket), array, reader);
  }

  /** How many buckets' room is taken by what was copied. */
  int copies() {
    return snapshot.copies();
  }

  /** What the snapshot of {@code version} has of a bucket was read: it need not be kept. */
  public void doneWith(long version, int bucket) {
    snapshot.done(version, buckets.own(bucket));
  }

  /**
   * An array of the snapshot of {@code version}, from this shard's first float on; a new one, empty
   * if the shard is hollow.
   *
   * @param array 0 for θ, then the optimizer's state
   * @throws IllegalArgumentException as of the reading of a bucket
   */
  public float[] snapshot(long version, int array) {
    float[] all = new float[theta.held(shard.length())];
    for (int own = 0; own < buckets.count(); own++) {
      int to = buckets.from(own) - shard.from();
      int length = buckets.length(own);
      snapshot.read(version, own, array, (values, at) -> theta.copy(values, at, all, to, length));
    }
    return all;
  }

  /** The snapshot of {@code version}, of a shard that is all of θ. */
  TrainingState state(long version) {
    float[][] arrays = new float[stateArrays()][];
    Arrays.setAll(arrays, array -> snapshot(version, array));
    return new TrainingState(version, arrays);
  }

  /**
   * As {@link #state}, in the shard's own arrays: empty if these may go on, or have.
   *
   * @throws IllegalArgumentException if there is no such snapshot
   */
  Optional<TrainingState> lastState(long version) {
    return host.isOver()
        ? snapshot.whereItStands(version).map(arrays -> new TrainingState(version, arrays))
        : Optional.empty();
  }

  /**
   * Has {@code reader} read the weights of {@code version} of a bucket that has it, or has halted
   * with the next one, while the bucket stands still.
   *
   * @param reader as of {@link #snapshot(long, int, int, ObjIntConsumer)}
   * @throws IllegalArgumentException if the weights are of another version
   */
  public void weights(long version, int bucket, ObjIntConsumer<float[]> reader) {
    int own = buckets.own(bucket);
    synchronized (buckets.lock(own)) {
      requireWeights(version, own);
      reader.accept(theta.array(version), buckets.from(own) - theta.from());
    }
  }

  /**
   * All weights of {@code version} are here, as of {@link #weights}.
   *
   * @throws IllegalArgumentException if those of a bucket are of another version
   */
  public void requireWeights(long version) {
    for (int own = 0; own < buckets.count(); own++) {
      synchronized (buckets.lock(own)) {
        requireWeights(version, own);
      }
    }
  }

  private void requireWeights(long version, int own) {
    long found = buckets.version(own);
    if (version < 0 || found != version && !(host.hasHalted() && found == version + 1)) {
      throw new IllegalArgumentException(
          "weights: expected version %d of bucket %d, found version %d"
              .formatted(version, buckets.number(own), found));
    }
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
