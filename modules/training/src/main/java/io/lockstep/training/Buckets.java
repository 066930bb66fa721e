package io.lockstep.training;

/**
 * The cut of packed θ into buckets, contiguous ranges that travel and are updated as one, and of
 * the buckets into shards.
 *
 * <p>Buckets are cut on blocks of {@value #BLOCK} floats and not at layers, since one layer often
 * holds most of θ. A shard is a contiguous run of buckets; shards are balanced by size to within a
 * bucket.
 */
public final class Buckets {

  /** Floats of the blocks that buckets and shards are cut on: norms over θ are summed per block. */
  public static final int BLOCK = 4096;

  private final int parameters;
  private final int bucketFloats;
  private final int count;
  private final int shards;

  /**
   * @param parameters floats of packed θ
   * @param bucketBytes wanted bytes of a bucket, rounded up to whole blocks
   * @param shards wanted number of shards; there are no more than buckets
   */
  public Buckets(int parameters, long bucketBytes, int shards) {
    if (bucketBytes < 1) {
      throw new IllegalArgumentException(
          "cluster.bucketBytes: expected at least 1, found " + bucketBytes);
    }
    if (shards < 1) {
      throw new IllegalArgumentException("cluster.servers: expected at least 1, found " + shards);
    }
    this.parameters = parameters;
    long blocks = (bucketBytes + 4L * BLOCK - 1) / (4L * BLOCK);
    long most = (parameters + (long) BLOCK - 1) / BLOCK;
    long whole = Math.min(blocks, Math.max(1, most)) * BLOCK;
    this.bucketFloats = (int) Math.min(whole, Integer.MAX_VALUE / BLOCK * (long) BLOCK);
    this.count = Math.ceilDiv(parameters, bucketFloats);
    this.shards = Math.min(shards, count);
  }

  /** Number of buckets. */
  public int count() {
    return count;
  }

  /** Number of shards. */
  public int shards() {
    return shards;
  }

  /** Floats of packed θ. */
  public int parameters() {
    return parameters;
  }

  /** First float of {@code bucket}. */
  public int from(int bucket) {
    return bucket * bucketFloats;
  }

  /** One past the last float of {@code bucket}. */
  public int to(int bucket) {
    return (int) Math.min((long) (bucket + 1) * bucketFloats, parameters);
  }

  /** The bucket that holds float {@code position} of θ. */
  public int bucketAt(int position) {
    return position / bucketFloats;
  }

  /** First bucket of {@code shard}; {@code firstBucket(shards())} is the number of buckets. */
  public int firstBucket(int shard) {
    return (int) ((long) count * shard / shards);
  }

  /** The shard that owns {@code bucket}. */
  public int shardOf(int bucket) {
    int shard = (int) Math.min((long) bucket * shards / count, shards - 1);
    while (firstBucket(shard) > bucket) {
      shard--;
    }
    while (firstBucket(shard + 1) <= bucket) {
      shard++;
    }
    return shard;
  }
}
