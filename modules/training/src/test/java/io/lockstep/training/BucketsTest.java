package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BucketsTest {

  @Test
  void coverAllParametersOnBlockBoundariesAndBalanceTheShards() {
    for (int parameters : new int[] {1, 16, 4096, 4097, 100_000, 1_000_003}) {
      for (long bytes : new long[] {1, 16_384, 70_000, 1L << 40}) {
        for (int shards = 1; shards <= 5; shards++) {
          check(new Buckets(parameters, bytes, shards));
        }
      }
    }
  }

  private static void check(Buckets buckets) {
    int at = 0;
    for (int bucket = 0; bucket < buckets.count(); bucket++) {
      assertThat(buckets.from(bucket)).isEqualTo(at).matches(from -> from % Buckets.BLOCK == 0);
      assertThat(buckets.to(bucket)).isGreaterThan(at);
      assertThat(buckets.bucketAt(at)).isEqualTo(bucket);
      assertThat(buckets.bucketAt(buckets.to(bucket) - 1)).isEqualTo(bucket);
      int shard = buckets.shardOf(bucket);
      assertThat(bucket).isBetween(buckets.firstBucket(shard), buckets.firstBucket(shard + 1) - 1);
      at = buckets.to(bucket);
    }
    assertThat(at).isEqualTo(buckets.parameters());
    assertThat(buckets.firstBucket(buckets.shards())).isEqualTo(buckets.count());
    for (int shard = 0; shard < buckets.shards(); shard++) {
      int owned = buckets.firstBucket(shard + 1) - buckets.firstBucket(shard);
      assertThat(owned)
          .isBetween(buckets.count() / buckets.shards(), buckets.count() / buckets.shards() + 1);
    }
  }
}
