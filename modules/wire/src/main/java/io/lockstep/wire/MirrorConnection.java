package io.lockstep.wire;

import io.lockstep.nn.Sums;
import io.lockstep.training.Evaluation;
import io.lockstep.training.Mirror;
import io.lockstep.training.Partial;
import io.lockstep.training.ShardHost;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * The server's end of the connection with the shard's standby: queues what the shard mirrors, in
 * order, and hands over what the standby acknowledges. Whenever nothing waits and the socket takes
 * more, it has the shard give the standby the next bucket that it lacks: so what waits is at most
 * the state of one bucket, a root of each bucket, and small frames.
 *
 * <p>Mirrored from any thread, under locks of the shard; those are never taken under the queue's.
 */
final class MirrorConnection extends ShardConnection implements Mirror {

  private final Frames frames;
  private final FrameQueue queue;

  /**
   * @param welcome leaves before all that is mirrored; taken over
   */
  MirrorConnection(Link link, DataFrames data, ShardHost shard, Frames frames, ByteBuf welcome) {
    super(link, data, shard, "standby", List.of(FrameType.COMMITTED, FrameType.EVALUATED));
    this.frames = frames;
    this.queue = new FrameQueue(link, () -> shard.mirroring().fillNext(this));
    queue.put(welcome);
  }

  /** Reads and sends from now on. */
  void begin(String name) {
    link().outbox(queue);
    read(name);
    queue.wakeLater();
  }

  /** Sends nothing more. */
  void end() {
    queue.close();
  }

  /** Number of frames that wait for the standby. */
  int waiting() {
    return queue.waiting();
  }

  @Override
  public void state(long version, int bucket, int array, float[] values, int at) {
    int length = data().length(bucket);
    queue.offer(frames.state(data().run(), version, array, bucket, values, at, length));
  }

  @Override
  public void sums(long step, Sums sums) {
    queue.offer(frames.sums(data().run(), step, 0, 0, 0, sums));
  }

  @Override
  public void totals(long step, double[] totals) {
    queue.offer(frames.totals(data().run(), step, totals));
  }

  @Override
  public void root(long step, int bucket, Partial root) {
    int at = data().buckets().from(bucket) - root.from();
    int length = data().length(bucket);
    queue.offer(frames.root(data().run(), step, bucket, root.values(), at, length));
  }

  @Override
  public void evaluated(Evaluation evaluation, long version, Sums sums) {
    queue.offer(frames.evaluation(data().run(), evaluation, version, 0, 0, 0, sums));
  }

  @Override
  void take(FrameHeader header, Partial received, int at) {
    throw new IllegalStateException("no floats from a standby");
  }

  @Override
  void take(FrameHeader header, Object payload) throws FrameException {
    if (header.type == FrameType.COMMITTED) {
      data().checkBucket(header, link().peer());
      shard().mirroring().acknowledged(header.bucket, header.step);
    } else {
      shard().mirroring().acknowledged(DataFrames.evaluation(header, link().peer()), header.step);
    }
  }

  /** The shard goes on waiting for it, until the coordinator has it go on without. */
  @Override
  void ended(String name, boolean broke, String why) {
    if (broke) {
      shard().disconnected(name, "its connection with the server of its shard broke: " + why);
    }
  }
}
