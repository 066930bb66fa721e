package io.lockstep.wire;

import io.lockstep.nn.Sums;
import io.lockstep.training.Evaluation;
import io.lockstep.training.Partial;
import io.lockstep.training.ShardHost;
import io.netty.buffer.ByteBuf;

/**
 * The server's end of the connection with one worker: receives partials beside the sum and hands
 * them to the shard when they are verified, and queues new versions. A worker that dies half-way
 * through a partial leaves nothing behind.
 *
 * <p>Frames come on the connection's event loop; new versions from any thread.
 */
final class WorkerConnection implements FrameHandler {

  private static final int STEP_SLOT = 0;
  private static final int EVALUATED_SLOT = 1;
  private static final int WEIGHTS_SLOT = EVALUATED_SLOT + Evaluation.values().length;

  private final Link link;
  private final ServedRun run;
  private final ShardHost shard;
  private final DataFrames frames;
  private final LatestQueue queue;
  private final int firstBucket;
  private String name = "";
  private boolean leaves;

  /** Being received; belongs to this connection until it is handed to the shard. */
  private Partial partial;

  WorkerConnection(Link link, ServedRun run) {
    this.link = link;
    this.run = run;
    this.shard = run.shard();
    this.frames = new DataFrames(run.identity(), shard.buckets(), shard.number());
    this.firstBucket = shard.buckets().firstBucket(shard.number());
    this.queue = new LatestQueue(link, WEIGHTS_SLOT + shard.bucketCount());
  }

  Link link() {
    return link;
  }

  /** Reads from now on. */
  void begin(String name) {
    this.name = name;
    link.outbox(queue);
    link.admit(name, this, frames.mostPayloadBytes());
  }

  /** Queues a bucket's new version; the frame is taken over, as in the methods below. */
  void weights(int bucket, long version, int plan, ByteBuf frame) {
    queue.offer(WEIGHTS_SLOT + bucket - firstBucket, version, plan, frame);
  }

  /** Queues the beginning of a step. */
  void step(long version, int plan, ByteBuf frame) {
    queue.offer(STEP_SLOT, version, plan, frame);
  }

  /** Queues the end of an evaluation. */
  void evaluated(Evaluation evaluation, long version, ByteBuf frame) {
    queue.offer(EVALUATED_SLOT + evaluation.ordinal(), version, ShardHost.NO_PLAN, frame);
  }

  /** Number of frames that wait for this worker. */
  int waiting() {
    return queue.waiting();
  }

  @Override
  public void admit(FrameHeader header, FloatBlock expected) throws FrameException {
    frames.checkRun(header, link.peer());
    switch (header.type) {
      case SUMS, EVALUATION, GOODBYE -> {}
      case GRADIENT -> expected.set(null, 0, frames.floats(header, link.peer()), shard.gradients());
      default ->
          throw new FrameException.Unexpected(
              link.peer(), "frame of a worker", "SUMS, GRADIENT or EVALUATION", header.type);
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
    try {
      shard.gradient(
          header.step, header.bucket, header.level, header.index, header.units, received);
    } catch (IllegalArgumentException e) {
      throw violation(header, e);
    }
  }

  @Override
  public void message(FrameHeader header, Object payload) throws FrameException {
    if (header.type == FrameType.GOODBYE) {
      leaves = true;
      link.expectEnd();
    } else {
      sums(header, (Sums) payload);
    }
  }

  private void sums(FrameHeader header, Sums sums) throws FrameException {
    try {
      if (header.type == FrameType.SUMS) {
        shard.sums(header.step, header.level, header.index, header.units, sums);
      } else {
        Evaluation evaluation = DataFrames.evaluation(header, link.peer());
        shard.evaluation(evaluation, header.step, header.level, header.index, header.units, sums);
      }
    } catch (IllegalArgumentException e) {
      throw violation(header, e);
    }
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
    run.remove(this);
    if (partial != null) {
      partial.release();
      partial = null;
    }
    if (!leaves) {
      shard.disconnected(name, "its connection with a parameter server broke: " + why);
    }
  }
}
