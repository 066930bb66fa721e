package io.lockstep.forecast.run;

import io.lockstep.forecast.net.FifoOutbox;
import io.lockstep.nn.Sums;
import io.lockstep.training.Evaluation;
import io.lockstep.training.Mirror;
import io.lockstep.training.Partial;
import io.lockstep.training.ShardSubscriber;

/**
 * The connection of a shard with its standby, both ways: the standby is filled bucket by bucket, as
 * the connection has room, and acknowledges what it has.
 */
final class SimMirror implements Mirror, ShardSubscriber {

  private static final float[] HOLLOW = {};

  private final World world;
  private final SimShard primary;
  private final SimShard standby;
  private final int number;
  private final FifoOutbox sent = new FifoOutbox();
  private final FifoOutbox acknowledged = new FifoOutbox();
  private final Lane there;
  private final Lane back;

  /**
   * @param number of the standby
   */
  SimMirror(World world, SimShard primary, SimShard standby, int number) {
    this.world = world;
    this.primary = primary;
    this.standby = standby;
    this.number = number;
    SimMachine from = primary.server().machine();
    SimMachine to = standby.server().machine();
    var here = from.nextLoop();
    var other = to.nextLoop();
    this.there = new Lane(world, from, here, to, other, sent);
    this.back = new Lane(world, to, other, from, here, acknowledged);
  }

  /** The standby says hello, and is filled. */
  void begin() {
    acknowledge(
        () -> {
          if (primary.mirrorTo(this)) {
            fill();
          } else {
            cut();
          }
        });
  }

  int number() {
    return number;
  }

  SimShard primary() {
    return primary;
  }

  SimShard standby() {
    return standby;
  }

  /** Nothing travels any more. */
  void cut() {
    there.cut();
    back.cut();
  }

  // To the standby.

  private void fill() {
    primary.host().mirroring().fillNext(this);
  }

  private void send(int bytes, Runnable arrives) {
    there.send(bytes, sent::offer, arrives);
  }

  private int floats(int bucket) {
    return world.buckets.to(bucket) - world.buckets.from(bucket);
  }

  @Override
  public void state(long version, int bucket, int array, float[] values, int at) {
    boolean last = array == primary.host().keeping().stateArrays() - 1;
    send(
        FrameSizes.weights(floats(bucket)),
        () -> {
          standby.host().following().state(version, bucket, array, HOLLOW, 0);
          if (last) {
            acknowledge(this::fill); // The connection has room for the next one.
          }
        });
  }

  @Override
  public void sums(long step, Sums sums) {
    Sums copy = SimUplink.copy(sums);
    send(FrameSizes.SUMS, () -> standby.sumsOfAll(step, copy));
  }

  @Override
  public void totals(long step, double[] totals) {
    double[] copy = totals.clone();
    send(
        FrameSizes.EMPTY + Double.BYTES * copy.length,
        () -> standby.host().following().totals(step, copy));
  }

  @Override
  public void root(long step, int bucket, Partial root) {
    send(FrameSizes.weights(floats(bucket)), () -> standby.root(step, bucket));
  }

  @Override
  public void evaluated(Evaluation evaluation, long version, Sums sums) {
    Sums copy = SimUplink.copy(sums);
    send(FrameSizes.SUMS, () -> standby.host().following().evaluated(evaluation, version, copy));
  }

  // From the standby.

  private void acknowledge(Runnable arrives) {
    back.send(FrameSizes.EMPTY, acknowledged::offer, arrives);
  }

  @Override
  public void published(int bucket, long version, int plan, float[] theta, int at) {
    acknowledge(() -> primary.acknowledged(bucket, version));
  }

  /** Only the shard that is served begins steps. */
  @Override
  public void begins(long version, int plan) {}

  @Override
  public void evaluated(Evaluation evaluation, long version) {
    acknowledge(() -> primary.host().mirroring().acknowledged(evaluation, version));
  }
}
