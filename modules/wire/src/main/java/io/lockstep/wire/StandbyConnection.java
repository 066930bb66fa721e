package io.lockstep.wire;

import io.lockstep.nn.Sums;
import io.lockstep.training.Evaluation;
import io.lockstep.training.Partial;
import io.lockstep.training.ShardHost;
import io.lockstep.training.ShardSubscriber;
import java.util.List;

/**
 * A standby's end of the connection with the server of its shard: gives the standby what is
 * mirrored, and acknowledges what the standby has then.
 *
 * <p>Belongs to the connection's event loop.
 */
final class StandbyConnection extends ShardConnection implements ShardSubscriber {

  private final Frames frames;
  private final FrameQueue queue;

  StandbyConnection(Link link, DataFrames data, ShardHost standby, Frames frames) {
    super(
        link,
        data,
        standby,
        "server",
        List.of(
            FrameType.STATE,
            FrameType.SUMS,
            FrameType.TOTALS,
            FrameType.ROOT,
            FrameType.EVALUATION));
    this.frames = frames;
    this.queue = new FrameQueue(link, () -> false);
  }

  /** The server has let it in. */
  void begin() {
    link().outbox(queue);
    read("server " + data().shard());
    shard().subscribe(this);
  }

  @Override
  void take(FrameHeader header, Partial received, int at) {
    if (header.type == FrameType.ROOT) {
      shard().following().root(header.step, header.bucket, received);
      return;
    }
    try {
      shard().following().state(header.step, header.bucket, header.index, received.values(), at);
    } finally {
      received.release();
    }
  }

  @Override
  void take(FrameHeader header, Object payload) throws FrameException {
    switch (header.type) {
      case SUMS -> shard().following().sums(header.step, (Sums) payload);
      case TOTALS -> shard().following().totals(header.step, (double[]) payload);
      default ->
          shard()
              .following()
              .evaluated(DataFrames.evaluation(header, link().peer()), header.step, (Sums) payload);
    }
  }

  @Override
  public void published(int bucket, long version, int plan, float[] theta, int at) {
    queue.offer(frames.committed(data().run(), bucket, version));
  }

  /** A standby lets no step begin. */
  @Override
  public void begins(long version, int plan) {}

  @Override
  public void evaluated(Evaluation evaluation, long version) {
    queue.offer(frames.evaluated(data().run(), evaluation, version));
  }

  @Override
  void ended(String name, boolean broke, String why) {
    shard().unsubscribe(this);
    if (broke) {
      shard().following().primaryLost("the connection with " + link().peer() + " broke: " + why);
    }
  }
}
