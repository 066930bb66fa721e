package io.lockstep.wire;

import io.lockstep.training.Buckets;
import io.lockstep.training.GradientFormat;
import io.lockstep.training.Partial;
import io.lockstep.training.RunIdentity;
import io.lockstep.training.ShardHost;
import io.netty.buffer.ByteBuf;

/**
 * The server's end of the connection with whoever keeps the run's checkpoints: sends the shard's
 * snapshot, or takes the state that the shard starts from.
 *
 * <p>Belongs to the connection's event loop.
 */
final class KeeperConnection implements FrameHandler {

  private final Link link;
  private final RunIdentity run;
  private final ShardHost shard;
  private final Frames frames;
  private final DataFrames data;

  /** Being received. */
  private Partial partial;

  KeeperConnection(Link link, RunIdentity run, ShardHost shard, Frames frames) {
    this.link = link;
    this.run = run;
    this.shard = shard;
    this.frames = frames;
    this.data = new DataFrames(run, shard.buckets(), shard.number());
  }

  int mostPayloadBytes() {
    return data.mostPayloadBytes();
  }

  @Override
  public void admit(FrameHeader header, FloatBlock expected) throws FrameException {
    data.checkRun(header, link.peer());
    switch (header.type) {
      case FETCH, GOODBYE -> {}
      case STATE -> expected.set(null, 0, data.floats(header, link.peer()), GradientFormat.FLOAT32);
      default ->
          throw new FrameException.Unexpected(
              link.peer(), "frame of a keeper", "FETCH or STATE", header.type);
    }
  }

  @Override
  public void open(FrameHeader header, FloatBlock target) {
    partial = shard.take(header.bucket);
    target.values = partial.values();
    target.at = shard.buckets().from(header.bucket) - partial.from();
  }

  @Override
  public void floats(FrameHeader header) throws FrameException {
    Partial received = partial;
    partial = null;
    int at = shard.buckets().from(header.bucket) - received.from();
    try {
      boolean whole =
          shard.restore(header.step, header.bucket, header.index, received.values(), at);
      if (whole) {
        link.write(frames.stateTaken(run, header.step));
        link.flush();
      }
    } catch (IllegalArgumentException e) {
      throw violation(header, e);
    } finally {
      received.release();
    }
  }

  @Override
  public void message(FrameHeader header, Object payload) throws FrameException {
    if (header.type == FrameType.GOODBYE) {
      link.expectEnd();
      return;
    }
    long version = header.step;
    try {
      shard.snapshot(version, 0);
    } catch (IllegalArgumentException e) {
      throw violation(header, e);
    }
    int frameCount = shard.bucketCount() * shard.stateArrays();
    StateQueue queue = new StateQueue(link, frameCount, number -> frame(version, number));
    link.outbox(queue);
    queue.wake();
  }

  private ByteBuf frame(long version, int number) {
    Buckets buckets = shard.buckets();
    int first = buckets.firstBucket(shard.number());
    int array = number / shard.bucketCount();
    int bucket = first + number % shard.bucketCount();
    int at = buckets.from(bucket) - buckets.from(first);
    int length = buckets.to(bucket) - buckets.from(bucket);
    float[] values = shard.snapshot(version, array);
    return frames.state(run, version, array, bucket, values, at, length);
  }

  private FrameException violation(FrameHeader header, IllegalArgumentException cause) {
    return new FrameException.Unexpected(
        link.peer(),
        header.type.toString(),
        "one that can be part of this run",
        cause.getMessage());
  }

  @Override
  public void closed(String why) {
    if (partial != null) {
      partial.release();
      partial = null;
    }
  }
}
