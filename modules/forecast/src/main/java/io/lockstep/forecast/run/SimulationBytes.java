package io.lockstep.forecast.run;

import io.lockstep.forecast.ClusterSpec;
import io.lockstep.forecast.Simulator.Size;

/**
 * How much memory a simulation may need: what is alive in it at once, at most,
 *
 * <pre>8 MB + 60 kB n + 6 kB n k + 800 B w b + 100 B m b + 10 B n m</pre>
 *
 * for n nodes, with w workers in all, k servers, b buckets of weights, and m micro-batches of a
 * step: a node has threads, cores and a link; each connection with a server both ways and what
 * waits there; workers and servers have sums of each bucket, and nodes know the plan. The figures
 * are those of clusters of 8 to 2,048 nodes, rounded up; {@code SimulationBytesTest} measures that
 * some do not need more.
 */
public final class SimulationBytes {

  private static final long OF_RUN = 8_000_000;
  private static final long OF_NODE = 60_000;
  private static final long OF_CONNECTION = 6_000;
  private static final long OF_WORKER_BUCKET = 800;
  private static final long OF_LEAF_BUCKET = 100;
  private static final long OF_NODE_LEAF = 10;

  private SimulationBytes() {}

  /**
   * Of these machines.
   *
   * @param buckets of θ
   */
  public static long of(ClusterSpec cluster, Size size, int buckets) {
    long nodes = cluster.nodes();
    long leaves = size.microBatches();
    return OF_RUN
        + OF_NODE * nodes
        + OF_CONNECTION * nodes * cluster.servers()
        + OF_WORKER_BUCKET * cluster.workers() * buckets
        + OF_LEAF_BUCKET * leaves * buckets
        + OF_NODE_LEAF * nodes * leaves;
  }
}
