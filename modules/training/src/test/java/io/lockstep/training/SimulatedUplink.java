package io.lockstep.training;

import io.lockstep.nn.Sums;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What a node sends to shards, in order on the link to each; some of it arrives twice. */
final class SimulatedUplink implements Uplink {

  private static final int TWICE_ONE_IN = 20;

  private final SimulatedCluster cluster;
  private final Schedule schedule;
  private final Map<Integer, Way> ways = new TreeMap<>();

  /** To a shard, wherever it is. */
  private record Way(SimulatedLink link, ShardHost host) {}

  SimulatedUplink(SimulatedCluster cluster) {
    this.cluster = cluster;
    this.schedule = cluster.schedule;
  }

  /** Leads to a shard. */
  void add(SimulatedLink link, ShardHost host) {
    ways.put(host.number(), new Way(link, host));
  }

  /** What is given to a shard from now on is dropped. */
  void remove(int shard) {
    Way way = ways.remove(shard);
    if (way != null) {
      way.link().cut();
    }
  }

  void cut() {
    ways.values().forEach(way -> way.link().cut());
  }

  void cut(int shard) {
    if (ways.containsKey(shard)) {
      ways.get(shard).link().cut();
    }
  }

  void freeze(boolean frozen) {
    ways.values().forEach(way -> way.link().freeze(frozen));
  }

  void stall(int most) {
    ways.values().forEach(way -> schedule.delay(way.link(), most));
  }

  private void send(int shard, Supplier<String> what, Consumer<ShardHost> arrives) {
    Way way = ways.get(shard);
    if (way == null) {
      return;
    }
    way.link()
        .send(
            what,
            () -> {
              arrives.accept(way.host());
              if (schedule.oneIn(TWICE_ONE_IN)) {
                way.link().send(() -> what.get() + " once more", () -> arrives.accept(way.host()));
              }
            });
  }

  @Override
  public void sums(long step, int level, int index, int leaves, Sums sums) {
    Sums copy = new Sums();
    copy.copy(sums);
    for (int shard = 0; shard < cluster.buckets.shards(); shard++) {
      send(
          shard,
          () -> "sums of step %d, (%d, %d)".formatted(step, level, index),
          host -> host.sums(step, level, index, leaves, copy));
    }
  }

  @Override
  public void gradient(long step, int bucket, int level, int index, int leaves, Partial partial) {
    int length = cluster.buckets.to(bucket) - cluster.buckets.from(bucket);
    int at = cluster.buckets.from(bucket) - partial.from();
    float[] values = Arrays.copyOfRange(partial.values(), at, at + length);
    partial.release();
    int shard = cluster.buckets.shardOf(bucket);
    send(
        shard,
        () -> "bucket %d of step %d, (%d, %d)".formatted(bucket, step, level, index),
        host -> {
          Partial received = host.take(bucket);
          System.arraycopy(values, 0, received.values(), 0, length);
          host.gradient(step, bucket, level, index, leaves, received);
        });
  }

  @Override
  public void evaluation(
      Evaluation evaluation, long version, int level, int index, int units, Sums sums) {
    Sums copy = new Sums();
    copy.copy(sums);
    send(
        0,
        () -> "%s of %d, (%d, %d)".formatted(evaluation, version, level, index),
        host -> host.evaluation(evaluation, version, level, index, units, copy));
  }
}
