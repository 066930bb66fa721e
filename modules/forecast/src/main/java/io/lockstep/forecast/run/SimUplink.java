package io.lockstep.forecast.run;

import io.lockstep.forecast.WireCosts;
import io.lockstep.nn.Sums;
import io.lockstep.training.Evaluation;
import io.lockstep.training.Partial;
import io.lockstep.training.Uplink;

/** What a node sends to shards: all of it in order, on the connection with each. */
final class SimUplink implements Uplink {

  private final World world;
  private final SimNode node;
  private final WireCosts.Path costs;

  /** By shard; null where it is connected with none. */
  private final SimTie[] ties;

  SimUplink(World world, SimNode node) {
    this.world = world;
    this.node = node;
    this.costs = node.machine().costs();
    this.ties = new SimTie[world.buckets.shards()];
  }

  void connect(SimTie tie) {
    ties[tie.shard().number()] = tie;
  }

  /** Sends nothing more to a shard, until it is connected with that again. */
  void letGo(int shard) {
    if (ties[shard] != null) {
      ties[shard].shard().letGo(node);
      ties[shard] = null;
    }
  }

  /**
   * The thread that computes pays for handing over: less where the event loop was busy, or given
   * something, when the task at hand began; what it has added or rounded since then is not
   * considered.
   */
  private void send(SimTie tie, int of, Runnable arrives) {
    WireCosts.Frames frames = tie.isSending() ? costs.behind() : costs.apart();
    world.meter.charge(frames.hand(of));
    tie.send(of, arrives);
  }

  @Override
  public void sums(long step, int level, int index, int leaves, Sums sums) {
    Sums copy = copy(sums);
    for (SimTie tie : ties) {
      if (tie != null) {
        send(tie, FrameSizes.SUMS, () -> tie.shard().sums(step, level, index, leaves, copy));
      }
    }
  }

  static Sums copy(Sums sums) {
    Sums copy = new Sums();
    copy.copy(sums);
    return copy;
  }

  @Override
  public void gradient(long step, int bucket, int level, int index, int leaves, Partial partial) {
    partial.release(); // Holds nothing.
    SimTie tie = ties[world.buckets.shardOf(bucket)];
    if (tie == null) {
      return; // It is given again, when there is another server.
    }
    int floats = world.buckets.to(bucket) - world.buckets.from(bucket);
    send(
        tie,
        FrameSizes.gradient(world.job.gradients(), floats),
        () -> tie.shard().gradient(step, bucket, level, index, leaves));
  }

  @Override
  public void evaluation(
      Evaluation evaluation, long version, int level, int index, int units, Sums sums) {
    SimTie tie = ties[0];
    if (tie == null) {
      return;
    }
    Sums copy = copy(sums);
    send(
        tie,
        FrameSizes.SUMS,
        () -> tie.shard().evaluation(evaluation, version, level, index, units, copy));
  }
}
