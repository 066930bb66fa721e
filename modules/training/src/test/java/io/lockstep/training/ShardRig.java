package io.lockstep.training;

import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Sums;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A shard without a run around it, and what it told, each as one line. */
final class ShardRig implements ShardListener, ShardSubscriber {

  static final Job JOB = SmallJob.of(6, 7);

  /** Leaves of a full step. */
  static final int LEAVES = 6;

  /** What the shard adds to the totals of the step that waits for them. */
  TotalsPart measured;

  private static final float FILL = 0.25f;

  final Buckets buckets;
  final ShardHost host;
  final Theta theta;
  private final Job job;
  private final boolean hollow;
  private final List<String> told = new ArrayList<>();

  ShardRig(int shards, int number) {
    this(JOB, shards, number);
  }

  ShardRig(Job job, int shards, int number) {
    this(job, shards, number, false, false);
  }

  private ShardRig(Job job, int shards, int number, boolean standby, boolean hollow) {
    this.job = job;
    this.hollow = hollow;
    int parameters = job.network().parameters().packedLength();
    this.buckets = new Buckets(parameters, 1, shards);
    this.theta = hollow ? Theta.hollow(0) : new Theta(0, parameters);
    Kernels kernels = hollow ? NoArithmetic.KERNELS : Kernels.select(Kernels.Choice.SCALAR);
    this.host =
        standby
            ? ShardHost.standby(job, buckets, kernels, number, theta, this)
            : new ShardHost(job, buckets, kernels, number, theta, this);
    host.subscribe(this);
  }

  /** A shard that holds no weights. */
  static ShardRig hollow(Job job, int shards, int number) {
    return new ShardRig(job, shards, number, false, true);
  }

  /** A standby of the same shard, which has nothing yet. */
  ShardRig standby() {
    return new ShardRig(job, buckets.shards(), host.number(), true, hollow);
  }

  /** What was told since the last call; a version once, when it is published of every bucket. */
  List<String> take() {
    List<String> taken = List.copyOf(told);
    told.clear();
    return taken;
  }

  private int firstBucket() {
    return buckets.firstBucket(host.number());
  }

  private int lastBucket() {
    return firstBucket() + host.bucketCount() - 1;
  }

  /** The whole shard at {@code version}. */
  float[] weights(long version) {
    return Arrays.copyOfRange(
        theta.array(version), buckets.from(firstBucket()), buckets.to(lastBucket()));
  }

  void sums(long step, int leaf) {
    sums(step, leaf, Sums.NONE);
  }

  void sums(long step, int leaf, int nonFiniteLayer) {
    host.sums(step, 0, leaf, LEAVES, sumsOf(leaf, nonFiniteLayer));
  }

  static Sums sumsOf(int leaf, int nonFiniteLayer) {
    Sums sums = new Sums();
    sums.weight = 8;
    sums.loss = leaf + 1;
    sums.nonFiniteLayer = nonFiniteLayer;
    return sums;
  }

  void gradient(long step, int bucket, int leaf) {
    host.gradient(step, bucket, 0, leaf, LEAVES, partial(bucket, leaf));
  }

  Partial partial(int bucket, int leaf) {
    Partial partial = host.take(bucket);
    Arrays.fill(partial.values(), FILL * (leaf + 1));
    return partial;
  }

  /** All of one leaf. */
  void leaf(long step, int leaf) {
    sums(step, leaf);
    for (int bucket = lastBucket(); bucket >= firstBucket(); bucket--) {
      gradient(step, bucket, leaf);
    }
  }

  /** A whole full step. */
  void step(long step) {
    for (int leaf = 0; leaf < LEAVES; leaf++) {
      leaf(step, leaf);
    }
  }

  @Override
  public void stepDone(long step, int layer, Sums sums) {
    told.add(
        layer == Sums.NONE
            ? "step %d done, loss %s".formatted(step, sums.loss)
            : "step %d failed, layer %d".formatted(step, layer));
  }

  @Override
  public void measured(long step, TotalsPart part) {
    measured = part;
    told.add("measured " + step);
  }

  @Override
  public void snapshotTaken(long version) {
    told.add("copied at " + version);
  }

  @Override
  public void evaluated(Evaluation evaluation, long version, Sums sums) {
    told.add("%s of %d: loss %s".formatted(evaluation, version, sums.loss));
  }

  @Override
  public void begun(long version, int plan) {
    told.add("plan %d begins with %d".formatted(plan, version));
  }

  @Override
  public void published(int bucket, long version, int plan, float[] theta, int at) {
    if (bucket == firstBucket()) {
      told.add("published %d%s".formatted(version, plan < 0 ? "" : " under plan " + plan));
    }
  }

  @Override
  public void begins(long version, int plan) {
    told.add("step %d begins under plan %d".formatted(version, plan));
  }

  @Override
  public void evaluated(Evaluation evaluation, long version) {
    told.add("%s of %d is in".formatted(evaluation, version));
  }
}
