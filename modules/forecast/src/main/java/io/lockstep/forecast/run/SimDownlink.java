package io.lockstep.forecast.run;

import io.lockstep.forecast.net.LatestOutbox;
import io.lockstep.training.Evaluation;
import io.lockstep.training.ShardHost;
import io.lockstep.training.ShardSubscriber;

/** What a shard sends to a node: of each bucket and of steps the newest, the lowest first. */
final class SimDownlink implements ShardSubscriber {

  private static final int STEP_SLOT = 0;
  private static final int EVALUATED_SLOT = 1;
  private static final int WEIGHTS_SLOT = EVALUATED_SLOT + Evaluation.values().length;

  private final World world;
  private final int firstBucket;
  private final SimNode node;
  private final Lane lane;
  private final LatestOutbox outbox;

  /**
   * @param firstBucket of the shard
   * @param outbox of the lane, with {@link #slots}
   */
  SimDownlink(World world, int firstBucket, SimNode node, Lane lane, LatestOutbox outbox) {
    this.world = world;
    this.firstBucket = firstBucket;
    this.node = node;
    this.lane = lane;
    this.outbox = outbox;
  }

  /** Slots of the outbox for a shard of so many buckets. */
  static int slots(int buckets) {
    return WEIGHTS_SLOT + buckets;
  }

  @Override
  public void published(int bucket, long version, int plan, float[] theta, int at) {
    int floats = world.buckets.to(bucket) - world.buckets.from(bucket);
    lane.send(
        FrameSizes.weights(floats),
        frame -> outbox.offer(WEIGHTS_SLOT + bucket - firstBucket, version, plan, frame),
        () -> node.received(bucket, version, plan));
  }

  @Override
  public void begins(long version, int plan) {
    lane.send(
        FrameSizes.EMPTY,
        frame -> outbox.offer(STEP_SLOT, version, plan, frame),
        () -> node.begins(version, plan));
  }

  @Override
  public void evaluated(Evaluation evaluation, long version) {
    lane.send(
        FrameSizes.EMPTY,
        frame ->
            outbox.offer(EVALUATED_SLOT + evaluation.ordinal(), version, ShardHost.NO_PLAN, frame),
        () -> node.evaluated(evaluation, version));
  }
}
