package io.lockstep.cluster;

import akka.actor.typed.javadsl.ActorContext;
import io.lockstep.training.Buckets;
import io.lockstep.training.DataPlane;

/**
 * A node's part in one run. Used by the node's actor, but for what its parts say.
 *
 * @param spec the run
 * @param shards the shards that it owns
 * @param workers its workers
 */
record NodeRun(RunSpec spec, NodeShards shards, NodeWorkers workers) {

  static NodeRun of(
      ActorContext<Node.Command> context,
      int number,
      RunSpec spec,
      PreparedJob prepared,
      DataPlane plane) {
    int parameters = prepared.job().network().parameters().packedLength();
    Buckets buckets = new Buckets(parameters, spec.bucketBytes(), spec.servers());
    NodeParts parts = new NodeParts(spec.identity(), prepared, buckets, plane, number);
    return new NodeRun(
        spec, new NodeShards(parts, context.getSelf()), new NodeWorkers(parts, context));
  }
}
