package io.lockstep.forecast.run;

import io.lockstep.forecast.WireCosts;
import io.lockstep.forecast.net.FifoOutbox;
import io.lockstep.nn.Sums;
import io.lockstep.training.Evaluation;
import io.lockstep.training.Partial;
import io.lockstep.training.Uplink;

/** What a node sends to shards: all of it in order, on the connection with each. */
final class SimUplink implements Uplink {

  private final World world;
  private final WireCosts.Path costs;
  private final Way[] ways;
  private long bytes;

  /** To a shard. */
  private record Way(SimShard shard, Lane lane, FifoOutbox outbox) {

    private void send(int bytes, Runnable arrives) {
      lane.send(bytes, outbox::offer, arrives);
    }
  }

  SimUplink(World world, SimMachine node) {
    this.world = world;
    this.costs = node.costs();
    this.ways = new Way[world.buckets.shards()];
  }

  void connect(SimShard shard, Lane lane, FifoOutbox outbox) {
    ways[shard.number()] = new Way(shard, lane, outbox);
  }

  /** Sent so far, with headers. */
  long bytes() {
    return bytes;
  }

  /** The thread that computes pays for handing over. */
  private void send(Way way, int of, Runnable arrives) {
    bytes += of;
    world.meter.charge(costs.handNanos() + costs.handNanosPerByte() * of);
    way.send(of, arrives);
  }

  @Override
  public void sums(long step, int level, int index, int leaves, Sums sums) {
    Sums copy = copy(sums);
    for (Way way : ways) {
      send(way, FrameSizes.SUMS, () -> way.shard().sums(step, level, index, leaves, copy));
    }
  }

  private static Sums copy(Sums sums) {
    Sums copy = new Sums();
    copy.copy(sums);
    return copy;
  }

  @Override
  public void gradient(long step, int bucket, int level, int index, int leaves, Partial partial) {
    partial.release(); // Holds nothing.
    Way way = ways[world.buckets.shardOf(bucket)];
    int floats = world.buckets.to(bucket) - world.buckets.from(bucket);
    send(
        way,
        FrameSizes.gradient(world.job.gradients(), floats),
        () -> way.shard().gradient(step, bucket, level, index, leaves));
  }

  @Override
  public void evaluation(
      Evaluation evaluation, long version, int level, int index, int units, Sums sums) {
    Sums copy = copy(sums);
    send(
        ways[0],
        FrameSizes.SUMS,
        () -> ways[0].shard().evaluation(evaluation, version, level, index, units, copy));
  }
}
