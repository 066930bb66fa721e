package io.lockstep.config;

import java.util.Map;

/**
 * The keys {@code cluster.*}: who computes. The weights do not depend on them.
 *
 * @param workers number of workers
 * @param servers number of parameter servers
 * @param standbys copies of each parameter server's part of the weights on other nodes
 * @param bucketBytes size of the pieces that travel
 */
public record ClusterSettings(int workers, int servers, int standbys, int bucketBytes) {

  /** One block of 4,096 floats, which is never cut. */
  private static final int BLOCK_BYTES = 4 * 4096;

  /** Each worker is a thread with a replica: more than this on one machine is a slip. */
  private static final int MOST = 1024;

  static ClusterSettings read(Section cluster, int microBatches) {
    int usual = Math.min(Runtime.getRuntime().availableProcessors(), microBatches);
    return new ClusterSettings(
        (int)
            cluster
                .wholeOrAuto("workers", "from 1 to " + MOST, n -> n >= 1 && n <= MOST)
                .orElse(usual),
        (int) cluster.wholeBetween("servers", 1, MOST),
        (int) cluster.wholeBetween("standbys", 0, 1),
        (int) cluster.wholeBetween("bucketBytes", BLOCK_BYTES, Integer.MAX_VALUE));
  }

  Map<String, Object> toMap() {
    return Map.of(
        "workers", workers,
        "servers", servers,
        "standbys", standbys,
        "bucketBytes", bucketBytes);
  }
}
