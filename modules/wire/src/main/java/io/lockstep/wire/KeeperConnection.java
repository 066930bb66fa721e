package io.lockstep.wire;

import io.lockstep.training.Buckets;
import io.lockstep.training.Partial;
import io.lockstep.training.ShardHost;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * The server's end of the connection with whoever keeps the run's checkpoints: sends the shard's
 * snapshot, or takes the state that the shard starts from.
 *
 * <p>Belongs to the connection's event loop.
 */
final class KeeperConnection extends ShardConnection {

  private final Frames frames;

  KeeperConnection(Link link, DataFrames data, ShardHost shard, Frames frames) {
    super(link, data, shard, "keeper", List.of(FrameType.FETCH, FrameType.STATE));
    this.frames = frames;
  }

  @Override
  void take(FrameHeader header, Partial received, int at) {
    boolean whole;
    try {
      whole =
          shard()
              .keeping()
              .restore(header.step, header.bucket, header.index, received.values(), at);
    } finally {
      received.release();
    }
    if (whole) {
      link().write(frames.stateTaken(data().run(), header.step));
      link().flush();
    }
  }

  @Override
  void take(FrameHeader header, Object payload) {
    long version = header.step;
    shard().keeping().snapshot(version, 0); // Else none of it is to be sent.
    int frameCount = shard().bucketCount() * shard().keeping().stateArrays();
    StateQueue queue = new StateQueue(link(), frameCount, number -> frame(version, number));
    link().outbox(queue);
    queue.wake();
  }

  private ByteBuf frame(long version, int number) {
    Buckets buckets = data().buckets();
    int first = data().firstBucket();
    int array = number / shard().bucketCount();
    int bucket = first + number % shard().bucketCount();
    int at = buckets.from(bucket) - buckets.from(first);
    float[] values = shard().keeping().snapshot(version, array);
    return frames.state(data().run(), version, array, bucket, values, at, data().length(bucket));
  }

  @Override
  void ended(String name, boolean broke, String why) {}
}
