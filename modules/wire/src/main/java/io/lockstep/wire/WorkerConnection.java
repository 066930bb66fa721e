package io.lockstep.wire;

import io.lockstep.nn.Sums;
import io.lockstep.training.Evaluation;
import io.lockstep.training.Partial;
import io.lockstep.training.ShardHost;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.function.Consumer;

/**
 * The server's end of the connection with one worker: gives its partials to the shard, and queues
 * new versions, from any thread.
 */
final class WorkerConnection extends ShardConnection {

  private static final int STEP_SLOT = 0;
  private static final int EVALUATED_SLOT = 1;
  private static final int WEIGHTS_SLOT = EVALUATED_SLOT + Evaluation.values().length;

  private final LatestQueue queue;
  private final int firstBucket;
  private final Consumer<WorkerConnection> atEnd;

  /** Reads new versions in shared memory; null if this worker does not. */
  private volatile SharedWeights.Reader reader;

  /**
   * @param atEnd told when it has ended
   */
  WorkerConnection(Link link, DataFrames data, ShardHost shard, Consumer<WorkerConnection> atEnd) {
    super(
        link,
        data,
        shard,
        "worker",
        List.of(FrameType.SUMS, FrameType.GRADIENT, FrameType.EVALUATION));
    this.firstBucket = data.firstBucket();
    this.queue = new LatestQueue(link, WEIGHTS_SLOT + shard.bucketCount());
    this.atEnd = atEnd;
  }

  /** Reads from now on. */
  void begin(String name) {
    link().outbox(queue);
    read(name);
  }

  /** Lets this worker read new versions in shared memory. */
  void reader(SharedWeights.Reader joined) {
    reader = joined;
  }

  SharedWeights.Reader reader() {
    return reader;
  }

  /** Queues a bucket's new version; the frame is taken over, as in the methods below. */
  void weights(int bucket, long version, int plan, Outgoing frame) {
    queue.offer(WEIGHTS_SLOT + bucket - firstBucket, version, plan, frame);
  }

  /** Queues the beginning of a step. */
  void step(long version, int plan, ByteBuf frame) {
    queue.offer(STEP_SLOT, version, plan, new Outgoing.Encoded(frame));
  }

  /** Queues the end of an evaluation. */
  void evaluated(Evaluation evaluation, long version, ByteBuf frame) {
    queue.offer(
        EVALUATED_SLOT + evaluation.ordinal(),
        version,
        ShardHost.NO_PLAN,
        new Outgoing.Encoded(frame));
  }

  /** Number of frames that wait for this worker. */
  int waiting() {
    return queue.waiting();
  }

  @Override
  void take(FrameHeader header, Partial received, int at) {
    shard()
        .gradient(header.step, header.bucket, header.level, header.index, header.units, received);
  }

  @Override
  void take(FrameHeader header, Object payload) throws FrameException {
    Sums sums = (Sums) payload;
    if (header.type == FrameType.SUMS) {
      shard().sums(header.step, header.level, header.index, header.units, sums);
    } else {
      Evaluation evaluation = DataFrames.evaluation(header, link().peer());
      shard().evaluation(evaluation, header.step, header.level, header.index, header.units, sums);
    }
  }

  @Override
  void ended(String name, boolean broke, String why) {
    atEnd.accept(this);
    if (broke) {
      shard().disconnected(name, "its connection with a parameter server broke: " + why);
    }
  }
}
