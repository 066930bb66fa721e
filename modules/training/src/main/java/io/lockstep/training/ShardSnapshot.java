package io.lockstep.training;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ObjIntConsumer;

/**
 * A shard's weights and optimizer state as they were at one version, while training goes on. Where
 * a bucket has the version, its arrays are the snapshot, and nothing is copied; only an update that
 * comes before they were read has them copied first. So what is read at once takes no memory, and
 * at most that of the shard.
 *
 * <p>Copies are given back as they are read, and used again. What concerns a bucket is guarded by
 * that bucket's lock.
 */
final class ShardSnapshot {

  static final long NONE = -1;

  private final Shard shard;
  private final ShardBuckets buckets;
  private final Theta theta;
  private final Part[] parts;
  private final ArrayDeque<float[][]> spare = new ArrayDeque<>();
  private int copies;
  private final AtomicInteger open = new AtomicInteger();
  private volatile long version = NONE;

  /** A bucket. */
  private static final class Part {

    /** The version that it is taken at; {@link #NONE} before. */
    long takenAt = NONE;

    /** Whether nobody will read it any more. */
    boolean done;

    /** Whether its arrays have gone on. */
    boolean overwritten;

    /** What stood in them, each from 0 on, as long as somebody may read it. */
    float[][] copy;
  }

  ShardSnapshot(Shard shard, ShardBuckets buckets, Theta theta) {
    this.shard = shard;
    this.buckets = buckets;
    this.theta = theta;
    this.parts = new Part[buckets.count()];
    for (int own = 0; own < parts.length; own++) {
      parts[own] = new Part();
    }
  }

  /** Number of its arrays: θ, then the optimizer's state. */
  int arrays() {
    return 1 + shard.state().length;
  }

  /** Takes nothing until {@link #begin}. */
  void cancel() {
    version = NONE;
  }

  /** Forgets what was taken, and takes {@code version} from now on. */
  void begin(long version) {
    cancel();
    for (int own = 0; own < parts.length; own++) {
      synchronized (buckets.lock(own)) {
        giveBack(parts[own].copy);
        parts[own] = new Part();
      }
    }
    open.set(parts.length);
    this.version = version;
  }

  boolean taken(int own) {
    return parts[own].takenAt != NONE;
  }

  /**
   * Takes a bucket if it has the version and was not taken yet; the caller holds its lock.
   *
   * @return whether it was the last of the shard's
   */
  boolean take(int own) {
    return buckets.version(own) == version && takeAsItIs(own);
  }

  /** As {@link #take}, at whatever version the bucket has. */
  boolean takeAsItIs(int own) {
    if (taken(own)) {
      return false;
    }
    parts[own].takenAt = buckets.version(own);
    return open.decrementAndGet() == 0;
  }

  /** A bucket's arrays are about to go on; the caller holds its lock. */
  void beforeUpdate(int own) {
    Part part = parts[own];
    if (version == NONE || part.takenAt != buckets.version(own) || part.overwritten) {
      return;
    }
    part.overwritten = true;
    if (!part.done) {
      part.copy = spare();
      for (int array = 0; array < part.copy.length; array++) {
        int at = at(own, array);
        theta.copy(stood(part, array), at, part.copy[array], 0, buckets.length(own));
      }
    }
  }

  private float[][] spare() {
    synchronized (spare) {
      if (!spare.isEmpty()) {
        return spare.pop();
      }
      copies++;
    }
    return new float[arrays()][theta.held(buckets.length(0))]; // The last one may be shorter.
  }

  /** How many copies of a bucket there are, in use or not. */
  int copies() {
    synchronized (spare) {
      return copies;
    }
  }

  private void giveBack(float[][] copy) {
    if (copy != null) {
      synchronized (spare) {
        spare.push(copy);
      }
    }
  }

  /** The array of the shard that a part was taken from. */
  private float[] stood(Part part, int array) {
    return array == 0 ? theta.array(part.takenAt) : shard.state()[array - 1];
  }

  /** Where a bucket begins there. */
  private int at(int own, int array) {
    return buckets.from(own) - (array == 0 ? theta.from() : shard.from());
  }

  /**
   * Has {@code reader} read an array of a bucket, under the bucket's lock.
   *
   * @param reader is given an array that holds the bucket, and where it begins there
   * @throws IllegalArgumentException if there is no such array in a whole snapshot of {@code
   *     version}, or it is gone since nobody was to read it any more
   */
  void read(long version, int own, int array, ObjIntConsumer<float[]> reader) {
    synchronized (buckets.lock(own)) {
      require(version, array);
      Part part = parts[own];
      if (part.copy != null) {
        reader.accept(part.copy[array], 0);
      } else if (!part.overwritten) {
        reader.accept(stood(part, array), at(own, array));
      } else {
        throw new IllegalArgumentException(
            "snapshot: expected bucket %d of version %d, which was read already, found version %d"
                .formatted(buckets.number(own), version, buckets.version(own)));
      }
    }
  }

  /**
   * The arrays that the snapshot of {@code version} stands in; empty if a part of it stands no
   * longer where it did.
   *
   * @throws IllegalArgumentException as of {@link #require}
   */
  Optional<float[][]> whereItStands(long version) {
    require(version, 0);
    for (int own = 0; own < parts.length; own++) {
      synchronized (buckets.lock(own)) {
        if (parts[own].overwritten || parts[own].takenAt != version) {
          return Optional.empty();
        }
      }
    }
    float[][] arrays = new float[arrays()][];
    arrays[0] = theta.array(version);
    System.arraycopy(shard.state(), 0, arrays, 1, arrays.length - 1);
    return Optional.of(arrays);
  }

  /**
   * There is this array in a whole snapshot of {@code version}.
   *
   * @throws IllegalArgumentException if there is not
   */
  void require(long version, int array) {
    if (version < 0) { // NONE is no version.
      throw new IllegalArgumentException(
          "snapshot: expected a version from 0 on, found " + version);
    }
    if (version != this.version || open.get() > 0 || array < 0 || array >= arrays()) {
      throw new IllegalArgumentException(
          "snapshot: expected one of version %d as a whole, found version %d, %d buckets missing"
              .formatted(version, this.version, open.get()));
    }
  }

  /** Nobody will read a bucket of the snapshot of {@code version} any more. */
  void done(long version, int own) {
    synchronized (buckets.lock(own)) {
      if (version == this.version) {
        Part part = parts[own];
        part.done = true;
        giveBack(part.copy);
        part.copy = null;
      }
    }
  }
}
