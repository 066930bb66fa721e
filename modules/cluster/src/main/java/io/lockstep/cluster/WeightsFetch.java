package io.lockstep.cluster;

import io.lockstep.training.Buckets;
import io.lockstep.training.DataPlane;
import io.lockstep.training.Endpoint;
import io.lockstep.training.NodeExchange;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Fetches the last weights of a run from its shards, over the data plane, as a node that computes
 * nothing.
 *
 * @param plane of this process
 * @param spec the run
 * @param prepared its job
 */
record WeightsFetch(DataPlane plane, RunSpec spec, PreparedJob prepared) implements Driver.Fetch {

  private static final int NO_NODE = -1;
  private static final long LIMIT_MINUTES = 10;

  @Override
  public float[] weights(long version, List<Endpoint> servers) {
    int parameters = prepared.job().network().parameters().packedLength();
    Buckets buckets = new Buckets(parameters, spec.bucketBytes(), spec.servers());
    NodeExchange exchange =
        plane.connect(
            spec.identity(),
            "driver",
            prepared.job(),
            buckets,
            prepared.kernels(),
            NO_NODE,
            1,
            servers);
    CompletableFuture<Boolean> limit = new CompletableFuture<>();
    CompletableFuture<Void> stop =
        limit
            .completeOnTimeout(true, LIMIT_MINUTES, TimeUnit.MINUTES)
            .thenAccept(late -> stopIf(late, exchange));
    try {
      if (!exchange.awaitWeights(0, version, 0, parameters)) {
        throw new IllegalStateException("the servers did not send version " + version);
      }
      return exchange.weights(version);
    } finally {
      limit.complete(false); // Else the timer would keep the weights.
      stop.join();
    }
  }

  private static void stopIf(boolean late, NodeExchange exchange) {
    if (late) {
      exchange.stop();
    }
  }
}
