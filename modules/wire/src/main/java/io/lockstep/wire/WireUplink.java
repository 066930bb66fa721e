package io.lockstep.wire;

import io.lockstep.nn.Sums;
import io.lockstep.training.Buckets;
import io.lockstep.training.Evaluation;
import io.lockstep.training.GradientFormat;
import io.lockstep.training.Partial;
import io.lockstep.training.RunIdentity;
import io.lockstep.training.Uplink;
import io.netty.buffer.ByteBuf;

/**
 * What a node's exchange gives to the servers: encoded by the compute thread that gives it, written
 * by the event loop of the server's connection. Thread-safe.
 */
final class WireUplink implements Uplink {

  private final RunIdentity run;
  private final Buckets buckets;
  private final GradientFormat format;
  private final Frames frames;
  private final SendQueue[] queues;

  /** The servers' queues are set, by number of shard, before the first call. */
  WireUplink(RunIdentity run, Buckets buckets, GradientFormat format, Frames frames) {
    this.run = run;
    this.buckets = buckets;
    this.format = format;
    this.frames = frames;
    this.queues = new SendQueue[buckets.shards()];
  }

  void queue(int shard, SendQueue queue) {
    queues[shard] = queue;
  }

  @Override
  public void sums(long step, int level, int index, int leaves, Sums sums) {
    ByteBuf frame = frames.sums(run, step, level, index, leaves, sums);
    for (SendQueue queue : queues) {
      queue.offer(frame.retainedDuplicate());
    }
    frame.release();
  }

  @Override
  public void gradient(long step, int bucket, int level, int index, int leaves, Partial partial) {
    int at = buckets.from(bucket) - partial.from();
    int length = buckets.to(bucket) - buckets.from(bucket);
    ByteBuf frame =
        frames.gradient(
            run, step, bucket, level, index, leaves, partial.values(), at, length, format);
    partial.release();
    queues[buckets.shardOf(bucket)].offer(frame);
  }

  @Override
  public void evaluation(
      Evaluation evaluation, long version, int level, int index, int units, Sums sums) {
    queues[buckets.shardOf(0)].offer(
        frames.evaluation(run, evaluation, version, level, index, units, sums));
  }
}
