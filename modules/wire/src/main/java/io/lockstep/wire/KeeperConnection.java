package io.lockstep.wire;

import io.lockstep.training.Partial;
import io.lockstep.training.ShardHost;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.function.ObjIntConsumer;

/**
 * The server's end of the connection with whoever keeps the run's checkpoints: sends the shard's
 * snapshot or its weights, or takes the state that the shard starts from.
 *
 * <p>Belongs to the connection's event loop.
 */
final class KeeperConnection extends ShardConnection {

  private final Frames frames;

  KeeperConnection(Link link, DataFrames data, ShardHost shard, Frames frames) {
    super(
        link,
        data,
        shard,
        "keeper",
        List.of(FrameType.FETCH, FrameType.FETCH_WEIGHTS, FrameType.STATE));
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
    int buckets = shard().bucketCount();
    if (header.type == FrameType.FETCH_WEIGHTS) {
      send(buckets, number -> weights(version, bucket(number)));
    } else {
      shard().keeping().requireSnapshot(version); // Else none of it is to be sent.
      int arrays = shard().keeping().stateArrays();
      send(buckets * arrays, number -> state(version, bucket(number / arrays), number % arrays));
    }
  }

  /**
   * The last one first: so do updates come, and what was sent before its own need not be copied.
   */
  private int bucket(int number) {
    return data().firstBucket() + shard().bucketCount() - 1 - number;
  }

  private void send(int frameCount, StateQueue.Source source) {
    StateQueue queue = new StateQueue(link(), frameCount, source);
    link().outbox(queue);
    queue.wake();
  }

  private ByteBuf weights(long version, int bucket) {
    Made made = new Made(version, 0, bucket);
    shard().keeping().weights(version, bucket, made);
    return made.frame;
  }

  private ByteBuf state(long version, int bucket, int array) {
    Made made = new Made(version, array, bucket);
    shard().keeping().snapshot(version, bucket, array, made);
    if (array == shard().keeping().stateArrays() - 1) {
      shard().keeping().doneWith(version, bucket);
    }
    return made.frame;
  }

  /** A frame that is made of what the shard has, where that stands. */
  private final class Made implements ObjIntConsumer<float[]> {

    private final long version;
    private final int array;
    private final int bucket;
    private ByteBuf frame;

    Made(long version, int array, int bucket) {
      this.version = version;
      this.array = array;
      this.bucket = bucket;
    }

    @Override
    public void accept(float[] values, int at) {
      int length = data().length(bucket);
      frame = frames.state(data().run(), version, array, bucket, values, at, length);
    }
  }

  @Override
  void ended(String name, boolean broke, String why) {}
}
