package io.lockstep.training;

import io.lockstep.nn.Sums;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** What a node sends to shards, in order on the link to each; some of it arrives twice. */
final class SimulatedUplink implements Uplink {

  private static final int TWICE_ONE_IN = 20;

  private final SimulatedCluster cluster;
  private final Schedule schedule;
  private final List<SimulatedLink> links = new ArrayList<>();

  SimulatedUplink(SimulatedCluster cluster) {
    this.cluster = cluster;
    this.schedule = cluster.schedule;
  }

  /** Leads to the next shard. */
  void add(SimulatedLink link) {
    links.add(link);
  }

  void cut() {
    links.forEach(SimulatedLink::cut);
  }

  void cut(int shard) {
    links.get(shard).cut();
  }

  void freeze(boolean frozen) {
    links.forEach(link -> link.freeze(frozen));
  }

  void stall(int most) {
    links.forEach(link -> schedule.delay(link, most));
  }

  private void send(int shard, Supplier<String> what, Runnable arrives) {
    SimulatedLink link = links.get(shard);
    link.send(
        what,
        () -> {
          arrives.run();
          if (schedule.oneIn(TWICE_ONE_IN)) {
            link.send(() -> what.get() + " once more", arrives);
          }
        });
  }

  @Override
  public void sums(long step, int level, int index, int leaves, Sums sums) {
    Sums copy = new Sums();
    copy.copy(sums);
    for (int i = 0; i < links.size(); i++) {
      ShardHost host = cluster.shard(i).host;
      send(
          i,
          () -> "sums of step %d, (%d, %d)".formatted(step, level, index),
          () -> host.sums(step, level, index, leaves, copy));
    }
  }

  @Override
  public void gradient(long step, int bucket, int level, int index, int leaves, Partial partial) {
    int length = cluster.buckets.to(bucket) - cluster.buckets.from(bucket);
    int at = cluster.buckets.from(bucket) - partial.from();
    float[] values = Arrays.copyOfRange(partial.values(), at, at + length);
    partial.release();
    int shard = cluster.buckets.shardOf(bucket);
    ShardHost host = cluster.shard(shard).host;
    send(
        shard,
        () -> "bucket %d of step %d, (%d, %d)".formatted(bucket, step, level, index),
        () -> {
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
    ShardHost host = cluster.shard(0).host;
    send(
        0,
        () -> "%s of %d, (%d, %d)".formatted(evaluation, version, level, index),
        () -> host.evaluation(evaluation, version, level, index, units, copy));
  }
}
