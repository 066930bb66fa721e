package io.lockstep.wire;

import io.lockstep.nn.Sums;
import io.lockstep.training.Buckets;
import io.lockstep.training.Evaluation;
import io.lockstep.training.GradientFormat;
import io.lockstep.training.Partial;
import io.lockstep.training.RunIdentity;
import io.lockstep.training.Uplink;
import io.lockstep.training.trace.TraceKind;
import io.lockstep.training.trace.Tracer;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * What a node's exchange gives to the servers: queued by compute threads, encoded and written by
 * the event loop of the server's connection. Thread-safe.
 */
final class WireUplink implements Uplink {

  private final RunIdentity run;
  private final Buckets buckets;
  private final GradientFormat format;
  private final Frames frames;
  private final AtomicReferenceArray<SendQueue> queues;
  private volatile Tracer tracer = Tracer.OFF;

  /** Every server's queue is set before the first call. */
  WireUplink(RunIdentity run, Buckets buckets, GradientFormat format, Frames frames) {
    this.run = run;
    this.buckets = buckets;
    this.format = format;
    this.frames = frames;
    this.queues = new AtomicReferenceArray<>(buckets.shards());
  }

  /**
   * Sets where what is given to a shard goes from now on. A queue whose connection has ended drops
   * it.
   */
  void queue(int shard, SendQueue queue) {
    queues.set(shard, queue);
  }

  @Override
  public void noteTo(Tracer of) {
    tracer = of;
  }

  @Override
  public void sums(long step, int level, int index, int leaves, Sums sums) {
    for (int shard = 0; shard < queues.length(); shard++) {
      queues
          .get(shard)
          .offer(new Outgoing.Encoded(frames.sums(run, step, level, index, leaves, sums)));
    }
  }

  @Override
  public void gradient(long step, int bucket, int level, int index, int leaves, Partial partial) {
    long since = tracer.begin(step);
    send(step, bucket, level, index, leaves, partial);
    tracer.end(TraceKind.SEND, step, since, bucket, level, index);
  }

  private void send(long step, int bucket, int level, int index, int leaves, Partial partial) {
    SendQueue queue = queues.get(buckets.shardOf(bucket));
    int at = buckets.from(bucket) - partial.from();
    int length = buckets.to(bucket) - buckets.from(bucket);
    long ticket = queue.share(partial.values(), at, length, format);
    if (ticket == SharedSlots.NONE) {
      queue.offer(new Gradient(this, step, bucket, level, index, leaves, partial));
      return;
    }
    partial.release();
    ByteBuf frame =
        frames.sharedGradient(run, step, bucket, level, index, leaves, ticket, length, format);
    queue.offer(
        new Outgoing.Encoded( // The memory ends with the connection.
            frame, format == GradientFormat.FLOAT32 ? length * Float.BYTES : length * Short.BYTES));
  }

  @Override
  public void evaluation(
      Evaluation evaluation, long version, int level, int index, int units, Sums sums) {
    queues
        .get(buckets.shardOf(0))
        .offer(
            new Outgoing.Encoded(
                frames.evaluation(run, evaluation, version, level, index, units, sums)));
  }

  /** A bucket of a partial, which is released when it has been copied into its frame. */
  private record Gradient(
      WireUplink uplink, long step, int bucket, int level, int index, int leaves, Partial partial)
      implements Outgoing {

    private int floats() {
      return uplink.buckets.to(bucket) - uplink.buckets.from(bucket);
    }

    @Override
    public int bytes() {
      return floats() * Float.BYTES;
    }

    @Override
    public ByteBuf encode() {
      long since = uplink.tracer.begin(step);
      int at = uplink.buckets.from(bucket) - partial.from();
      ByteBuf frame =
          uplink.frames.gradient(
              uplink.run,
              step,
              bucket,
              level,
              index,
              leaves,
              partial.values(),
              at,
              floats(),
              uplink.format);
      partial.release();
      uplink.tracer.end(TraceKind.ENCODE, step, since, bucket, level, index);
      return frame;
    }

    @Override
    public void drop() {
      partial.release();
    }
  }
}
