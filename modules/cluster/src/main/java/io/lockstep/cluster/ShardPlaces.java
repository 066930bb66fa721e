package io.lockstep.cluster;

import io.lockstep.training.Endpoint;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Where the shards of a run are, and their standbys. Used by the coordinator. */
final class ShardPlaces {

  private final Endpoint[] endpoints;
  private final int[] servers;
  private final Map<Integer, Integer> standbys = new HashMap<>();

  /** None is anywhere yet. */
  ShardPlaces(int shards) {
    this.endpoints = new Endpoint[shards];
    this.servers = new int[shards];
  }

  /** A node was told to serve a shard. */
  void serves(int node, int shard) {
    servers[shard] = node;
    standbys.remove(shard);
  }

  /** A node was told to have a standby of a shard. */
  void standsBy(int node, int shard) {
    standbys.put(shard, node);
  }

  /** A shard's standby does not count any more. */
  void withoutStandby(int shard) {
    standbys.remove(shard);
  }

  /** A shard is served. */
  void opened(int shard, Endpoint endpoint) {
    endpoints[shard] = endpoint;
  }

  /** Where a shard is served. */
  Endpoint endpoint(int shard) {
    return endpoints[shard];
  }

  /** Where all shards are served; once all are. */
  List<Endpoint> endpoints() {
    return List.copyOf(Arrays.asList(endpoints));
  }

  /** The node that serves the shard that another node has the standby of, if that one has. */
  OptionalInt serverThatStandbyLost(int node, int shard) {
    return standbys.getOrDefault(shard, -1) == node
        ? OptionalInt.of(servers[shard])
        : OptionalInt.empty();
  }
}
