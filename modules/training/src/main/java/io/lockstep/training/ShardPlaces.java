package io.lockstep.training;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Where the shards of a run are, and their standbys. Used by whoever has the run's course. */
public final class ShardPlaces {

  private final Endpoint[] endpoints;
  private final int[] servers;
  private final Map<Integer, Standby> standbys = new HashMap<>();

  private record Standby(int node, int number) {}

  /** None is anywhere yet. */
  public ShardPlaces(int shards) {
    this.endpoints = new Endpoint[shards];
    this.servers = new int[shards];
  }

  /** A node was told to serve a shard. */
  public void serves(int node, int shard) {
    servers[shard] = node;
  }

  /** A node was told to have a standby of a shard. */
  public void standsBy(int node, int shard, int number) {
    standbys.put(shard, new Standby(node, number));
  }

  /** Whether a standby counts, or is about to serve its shard. */
  public boolean isStandby(int shard, int number) {
    return number == standbyOf(shard);
  }

  /** The number of a shard's standby; 0 if there is none. */
  public int standbyOf(int shard) {
    return standbys.containsKey(shard) ? standbys.get(shard).number() : 0;
  }

  /** The node that serves a shard. */
  public int server(int shard) {
    return servers[shard];
  }

  /** A shard's standby does not count any more. */
  public void withoutStandby(int shard) {
    standbys.remove(shard);
  }

  /** A shard is served. */
  public void opened(int shard, Endpoint endpoint) {
    if (standbys.containsKey(shard) && standbys.get(shard).node() == servers[shard]) {
      standbys.remove(shard);
    }
    endpoints[shard] = endpoint;
  }

  /** Where a shard is served. */
  public Endpoint endpoint(int shard) {
    return endpoints[shard];
  }

  /** Where all shards are served; once all are. */
  public List<Endpoint> endpoints() {
    return List.copyOf(Arrays.asList(endpoints));
  }

  /** The node that serves a shard whose standby has lost its connection; empty if that is old. */
  public OptionalInt serverThatStandbyLost(int shard, int number) {
    return isStandby(shard, number) && standbys.get(shard).node() != servers[shard]
        ? OptionalInt.of(servers[shard])
        : OptionalInt.empty();
  }
}
