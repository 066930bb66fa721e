package io.lockstep.forecast.run;

import io.lockstep.forecast.net.FifoOutbox;
import io.lockstep.forecast.net.LatestOutbox;
import io.lockstep.forecast.time.SimThread;

/** The connection of a node with a shard, both ways. */
final class SimTie {

  private final SimShard shard;
  private final Lane up;
  private final FifoOutbox sent;
  private final Lane down;
  private final SimDownlink published;

  SimTie(World world, SimNode node, SimShard shard) {
    this.shard = shard;
    SimMachine server = shard.server().machine();
    SimThread here = server.nextLoop();
    SimThread there = node.machine().nextLoop();
    this.sent = new FifoOutbox();
    this.up = new Lane(world, node.machine(), there, server, here, sent);
    int first = world.buckets.firstBucket(shard.number());
    int buckets = world.buckets.firstBucket(shard.number() + 1) - first;
    LatestOutbox newest = new LatestOutbox(SimDownlink.slots(buckets));
    this.down = new Lane(world, server, here, node.machine(), there, newest);
    this.published = new SimDownlink(world, first, node, down, newest);
  }

  SimShard shard() {
    return shard;
  }

  /** Where the shard publishes to. */
  SimDownlink published() {
    return published;
  }

  /** Sends from the node to the shard. */
  void send(int bytes, Runnable arrives) {
    up.send(bytes, sent::offer, arrives);
  }

  /** Whether the node's event loop has something to do, or is about to have. */
  boolean isSending() {
    return up.isSending();
  }

  /** Nothing travels any more. */
  void cut() {
    up.cut();
    down.cut();
    shard.host().unsubscribe(published);
  }
}
