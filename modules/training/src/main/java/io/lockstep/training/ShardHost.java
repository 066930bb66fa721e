package io.lockstep.training;

import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Sums;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * A shard in a run: takes sums and partials, commits a bucket's new version when its root is
 * complete, and publishes it. The shard of the first bucket leads: it also decides from which step
 * on a plan holds, and completes evaluations.
 *
 * <p>Thread-safe. The threads that deliver partials add and update, inline; no thread of its own.
 * What is merely late, or here already, is dropped. What cannot be part of this run throws {@link
 * IllegalArgumentException} and changes nothing.
 */
public final class ShardHost {

  /** In place of a plan's number where there is none to tell. */
  public static final int NO_PLAN = -1;

  private final Job job;
  private final Buckets buckets;
  private final Shard shard;
  private final int number;
  private final boolean leads;
  private final Theta theta;
  private final ShardListener listener;
  private volatile ShardSubscriber[] subscribers = {};
  private final BucketPool[] pools;
  private final OpenLeaves[] openLeaves;
  private final Object[] locks;
  private final long[] versions;

  private final Object stepLock = new Object();
  private volatile long step;
  private int openBuckets;
  private int nonFiniteLayer = Sums.NONE;
  private final SumsTree stepTree;
  private final OpenLeaves openSums = new OpenLeaves();
  private final Sums stepSums = new Sums();
  private volatile boolean halted;

  private final StepGate gate;

  private final ShardSnapshot snapshot;

  /** Whether the optimizer's state is no longer that of the weights. */
  private volatile boolean stateLost;

  private final ShardRestore restore;

  /** Whether it was started, or took a leaf: what was kept comes too late then. */
  private volatile boolean begun;

  private final ShardEvaluations evaluations;

  /**
   * @param number which of the buckets' shards
   * @param theta where its floats stand; at least the range of the shard
   * @param initial packed θ of version 0, all of it; its own range is copied
   * @param listener told of steps, evaluations and plans
   */
  public ShardHost(
      Job job,
      Buckets buckets,
      Kernels kernels,
      int number,
      Theta theta,
      float[] initial,
      ShardListener listener) {
    this.job = job;
    this.buckets = buckets;
    this.number = number;
    this.leads = buckets.shardOf(0) == number;
    this.shard = new Shard(job, buckets, kernels, number);
    this.snapshot = new ShardSnapshot(shard);
    this.theta = theta;
    this.listener = listener;
    System.arraycopy(
        initial, shard.from(), theta.array(0), shard.from() - theta.from(), shard.length());
    int count = shard.bucketCount();
    this.pools = new BucketPool[count];
    this.openLeaves = new OpenLeaves[count];
    this.locks = new Object[count];
    this.versions = new long[count];
    for (int i = 0; i < count; i++) {
      int bucket = shard.firstBucket() + i;
      pools[i] = new BucketPool(buckets.from(bucket), buckets.to(bucket) - buckets.from(bucket));
      openLeaves[i] = new OpenLeaves();
      locks[i] = new Object();
    }
    this.openBuckets = count;
    this.gate = new StepGate(job.epochs().steps(), listener);
    this.stepTree = new SumsTree(job.mostLeaves());
    this.restore = new ShardRestore(job.epochs().steps(), buckets, shard, theta);
    this.evaluations = new ShardEvaluations(job, listener);
  }

  /** Which of the shards this is. */
  public int number() {
    return number;
  }

  /** Whether this shard decides on plans and completes evaluations. */
  public boolean leads() {
    return leads;
  }

  /** How θ is cut. */
  public Buckets buckets() {
    return buckets;
  }

  /** The numbers that partials are in. */
  public GradientFormat gradients() {
    return job.gradients();
  }

  /** Number of buckets owned. */
  public int bucketCount() {
    return versions.length;
  }

  // What comes from workers.

  /** An array to receive a partial's bucket into. */
  public Partial take(int bucket) {
    return pools[own(bucket)].take();
  }

  /** Takes the sums of a node of {@code step}; copied. */
  public void sums(long step, int level, int index, int leaves, Sums sums) {
    check(step, level, index, leaves);
    synchronized (stepLock) {
      if (step == this.step && !halted && openSums.take(step, level, index, leaves)) {
        begun = true;
        stepTree.accept(level, index, leaves, sums, stepSums);
      }
    }
  }

  /** Takes one bucket of a node's partial, which it releases in any case. */
  public void gradient(long step, int bucket, int level, int index, int leaves, Partial partial) {
    int own;
    try {
      own = own(bucket);
      check(step, level, index, leaves);
    } catch (IllegalArgumentException refused) {
      partial.release();
      throw refused;
    }
    if (step != this.step || halted || !openLeaves[own].take(step, level, index, leaves)) {
      partial.release(); // Late, or here already: the step is done without it.
      return;
    }
    begun = true;
    Partial root = shard.accept(step, bucket, level, index, leaves, partial);
    if (root != null) {
      complete(step, bucket, own, root);
    }
  }

  private void complete(long step, int bucket, int own, Partial root) {
    synchronized (locks[own]) {
      if (halted) {
        root.release();
        return;
      }
      int layer = stepSums.nonFiniteLayer;
      if (layer == Sums.NONE) {
        int found = shard.update(bucket, step, theta, root, stepSums.weight);
        layer = found < 0 ? Sums.NONE : found;
      }
      root.release(); // Before the version is published, so that a replica finds it free.
      boolean good = layer == Sums.NONE;
      if (good) {
        versions[own] = step + 1;
        takeIfWanted(bucket, own);
      } else {
        stateLost = true;
      }
      bucketDone(step, layer);
      if (good) {
        publish(bucket, own);
      }
    }
  }

  /**
   * The last bucket of the step ends it, with the first layer that is not finite in any bucket:
   * which bucket came first is no part of it.
   */
  private void bucketDone(long step, int layer) {
    synchronized (stepLock) {
      nonFiniteLayer = Math.min(nonFiniteLayer, layer);
      if (--openBuckets > 0) {
        return;
      }
      openBuckets = versions.length;
      int first = nonFiniteLayer;
      nonFiniteLayer = Sums.NONE;
      if (first == Sums.NONE) {
        this.step = step + 1;
      } else {
        halted = true;
      }
      listener.stepDone(step, first, stepSums);
    }
  }

  private void publish(int bucket, int own) {
    long version = versions[own];
    int plan = leads ? gate.pass(bucket, version) : NO_PLAN;
    if (plan != StepGate.HELD) {
      publish(bucket, version, plan);
    }
  }

  private void publish(int bucket, long version, int plan) {
    int at = buckets.from(bucket) - theta.from();
    for (ShardSubscriber subscriber : subscribers) {
      subscriber.published(bucket, version, plan, theta.array(version), at);
    }
  }

  // Snapshots.

  /**
   * Has all buckets copied as they are at {@code version}, each when it commits that version;
   * {@link ShardListener#snapshotTaken} follows. What was copied before is overwritten.
   *
   * @return false if a bucket has gone on already, or the optimizer's state of that version is lost
   */
  public synchronized boolean snapshotAt(long version) {
    snapshot.cancel();
    for (int own = 0; own < versions.length; own++) {
      synchronized (locks[own]) {
        snapshot.forget(own);
      }
    }
    snapshot.begin(version);
    boolean possible = !stateLost;
    for (int own = 0; possible && own < versions.length; own++) {
      synchronized (locks[own]) {
        takeIfWanted(shard.firstBucket() + own, own);
        possible = snapshot.taken(own) || versions[own] < version;
      }
    }
    if (!possible) {
      snapshot.cancel();
    }
    return possible;
  }

  private void takeIfWanted(int bucket, int own) {
    long version = versions[own];
    int from = buckets.from(bucket);
    if (version == snapshot.version()
        && snapshot.take(own, from, buckets.to(bucket) - from, theta)) {
      listener.snapshotTaken(version);
    }
  }

  /** Number of arrays of a snapshot: θ, then the optimizer's state. */
  public int stateArrays() {
    return 1 + shard.state().length;
  }

  /**
   * An array of the snapshot of {@code version}, from this shard's first float on; not overwritten
   * before the next {@link #snapshotAt}.
   *
   * @param array 0 for θ, then the optimizer's state
   * @throws IllegalArgumentException if there is no such snapshot, or it is not whole
   */
  public float[] snapshot(long version, int array) {
    return snapshot.array(version, array);
  }

  /**
   * Before the first step: takes a bucket of a state that was kept, as of {@link #snapshot}, to
   * start from its version.
   *
   * @param values holds the bucket at {@code at}; copied
   * @return whether all of the shard is there now
   * @throws IllegalArgumentException if the shard has begun, or has no such array
   */
  public synchronized boolean restore(long version, int bucket, int array, float[] values, int at) {
    int own = own(bucket);
    if (begun) {
      throw new IllegalArgumentException(
          "restore: expected a shard that has not begun, found one at step " + step);
    }
    synchronized (locks[own]) {
      restore.take(version, bucket, array, values, at);
      if (array == 0) {
        versions[own] = version;
      }
    }
    if (!restore.isWhole()) {
      return false;
    }
    startAt(version);
    return true;
  }

  /** Takes the sums of a node of an evaluation; copied. Only for the shard that leads. */
  public void evaluation(
      Evaluation evaluation, long version, int level, int index, int units, Sums sums) {
    boolean complete = evaluations.take(leads, evaluation, version, level, index, units, sums);
    if (complete && !isDecisive(evaluation, version)) {
      tellEvaluated(evaluation, version);
    }
  }

  /** Whether it is still to be decided if steps follow: workers hear of it by {@link #goOn}. */
  private boolean isDecisive(Evaluation evaluation, long version) {
    return evaluation == Evaluation.VALIDATION
        && job.stopping().decides()
        && version < job.epochs().steps()
        && !halted;
  }

  private void tellEvaluated(Evaluation evaluation, long version) {
    for (ShardSubscriber subscriber : subscribers) {
      subscriber.evaluated(evaluation, version);
    }
  }

  private int own(int bucket) {
    int own = bucket - shard.firstBucket();
    if (own < 0 || own >= versions.length) {
      throw new IllegalArgumentException(
          "bucket: expected one of the %d from %d on, found %d"
              .formatted(versions.length, shard.firstBucket(), bucket));
    }
    return own;
  }

  private void check(long step, int level, int index, int leaves) {
    long open = this.step;
    if (step < 0 || step > open || step >= job.epochs().steps()) {
      throw new IllegalArgumentException(
          "step: expected at most %d, found %d".formatted(open, step));
    }
    int expected = job.microBatches().leaves(job.epochs().sampler().rowsOf(step));
    if (leaves != expected || !inTree(level, index, leaves)) {
      throw new IllegalArgumentException(
          "node: expected one of a tree over %d leaves, found (%d, %d) over %d"
              .formatted(expected, level, index, leaves));
    }
  }

  static boolean inTree(int level, int index, int units) {
    return level >= 0
        && level <= Node.rootLevel(units)
        && index >= 0
        && index < Node.nodesAt(level, units);
  }

  private void startAt(long version) {
    gate.startsWith(version);
    openSums.startAt(version);
    for (OpenLeaves leaves : openLeaves) {
      leaves.startAt(version);
    }
    synchronized (stepLock) {
      step = version;
    }
  }

  // What goes to workers.

  /** Tells {@code subscriber} of all that is published from now on. */
  public synchronized void subscribe(ShardSubscriber subscriber) {
    ShardSubscriber[] more = Arrays.copyOf(subscribers, subscribers.length + 1);
    more[more.length - 1] = subscriber;
    subscribers = more;
  }

  /** Tells {@code subscriber} nothing more. */
  public synchronized void unsubscribe(ShardSubscriber subscriber) {
    subscribers =
        Arrays.stream(subscribers).filter(s -> s != subscriber).toArray(ShardSubscriber[]::new);
  }

  /** Tells a newcomer the newest published version of every bucket. */
  public void tellNewest(ShardSubscriber newcomer) {
    for (int own = 0; own < versions.length; own++) {
      int bucket = shard.firstBucket() + own;
      synchronized (locks[own]) {
        // A held version is not published yet; the one before still stands in the other array.
        long version = Math.min(versions[own], gate.newestPassed());
        int at = buckets.from(bucket) - theta.from();
        newcomer.published(bucket, version, NO_PLAN, theta.array(version), at);
      }
    }
  }

  /** The connection with a node's workers broke, without a word that they leave. */
  public void disconnected(String node, String why) {
    listener.disconnected(node, why);
  }

  /** The step that is open. */
  public long step() {
    return step;
  }

  /** How many sums have come of evaluations: it grows as long as anybody evaluates. */
  public long evaluationsArrived() {
    return evaluations.arrived();
  }

  /** The step that is open, or the evaluation of its version, and what has not arrived of it. */
  public OpenStep openStep() {
    OpenStep evaluation = evaluations.open();
    if (evaluation != null) {
      return evaluation;
    }
    long open = step;
    if (halted || open >= job.epochs().steps()) {
      return new OpenStep(open, 0, List.of());
    }
    int leaves = job.microBatches().leaves(job.epochs().sampler().rowsOf(open));
    BitSet missing = new BitSet();
    openSums.addMissing(open, leaves, missing);
    for (OpenLeaves bucket : openLeaves) {
      bucket.addMissing(open, leaves, missing);
    }
    return new OpenStep(open, leaves, missing.stream().boxed().toList());
  }

  // What the coordinator says.

  /** The next version to begin is computed as {@code plan} says. Only for the shard that leads. */
  public void activate(int plan) {
    gate.activate(plan);
  }

  /**
   * Lets workers go on from {@code version}, whose validation they wait for. Only for the shard
   * that leads.
   */
  public void goOn(long version) {
    tellEvaluated(Evaluation.VALIDATION, version);
  }

  /** Begins the step of the current version, under the plan activated before. */
  public void start() {
    begun = true;
    long version = step;
    int plan = gate.begin(version);
    for (ShardSubscriber subscriber : subscribers) {
      subscriber.begins(version, plan);
    }
  }

  /**
   * From {@code version} on nothing is published until {@link #release(long)}: the run stands still
   * there, with every step before it done. A step that has begun is not held back, nor is the last
   * version, which has no step. Only for the shard that leads.
   *
   * @return the version that will be held
   */
  public long holdAt(long version) {
    return gate.holdAt(version);
  }

  /**
   * Publishes what {@link #holdAt} held back.
   *
   * @param nextHold where to hold again; {@link Long#MAX_VALUE} for nowhere
   * @return the version that will be held, as of {@link #holdAt}
   */
  public long release(long nextHold) {
    List<Integer> waiting = new ArrayList<>();
    long next = gate.release(nextHold, waiting);
    for (int bucket : waiting) {
      int own = bucket - shard.firstBucket();
      synchronized (locks[own]) {
        publish(bucket, own);
      }
    }
    return next;
  }

  /**
   * Commits nothing more.
   *
   * @return the version that every bucket of this shard has at least
   */
  public long halt() {
    halted = true;
    long least = Long.MAX_VALUE;
    for (int own = 0; own < versions.length; own++) {
      synchronized (locks[own]) { // An update that is under way ends first.
        least = Math.min(least, versions[own]);
      }
    }
    return least;
  }

  /**
   * After {@link #halt}, when workers have left: falls back to {@code version}, the last that every
   * shard has, and publishes it again.
   */
  public void settle(long version) {
    shard.clear();
    stepTree.clear();
    gate.clear();
    for (int own = 0; own < versions.length; own++) {
      synchronized (locks[own]) {
        if (versions[own] > version) {
          stateLost = true;
        }
        versions[own] = Math.min(versions[own], version);
        publish(shard.firstBucket() + own, versions[own], NO_PLAN);
      }
    }
  }
}
