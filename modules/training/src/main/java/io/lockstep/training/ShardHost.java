package io.lockstep.training;

import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Sums;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

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

  private final ShardStep open;
  private final Mirroring mirroring;
  private volatile boolean halted;

  /** Whether it only follows another host of the same shard. */
  private volatile boolean standby;

  /** Whether it has gone on in place of another: newcomers may not know what that one told. */
  private volatile boolean resumed;

  private final StepGate gate;

  private final ShardSnapshot snapshot;

  /** Whether the optimizer's state is no longer that of the weights. */
  private volatile boolean stateLost;

  private final ShardRestore restore;

  /** Whether it was started, or took a leaf: what was kept comes too late then. */
  private volatile boolean begun;

  private final ShardEvaluations evaluations;

  /** The newest version whose validation was decided on, so that steps follow. */
  private volatile long wentOn = -1;

  /** Whether every bucket is there; false while a standby is being filled. */
  private volatile boolean filled = true;

  /** The first version of which the weights of every bucket were here. */
  private volatile long firstWhole;

  /**
   * @param number which of the buckets' shards
   * @param theta where its floats stand; at least the range of the shard
   * @param initial packed θ of version 0, all of it; its own range is copied; null if it is to come
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
    if (initial != null) {
      System.arraycopy(
          initial, shard.from(), theta.array(0), shard.from() - theta.from(), shard.length());
    }
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
    this.open = new ShardStep(count, job.mostLeaves(), listener);
    this.mirroring = new Mirroring(count);
    this.gate = new StepGate(job.epochs().steps(), listener);
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
    if (!halted) {
      begun = true;
      completeAll(step, open.take(step, level, index, leaves, sums));
    }
  }

  private void completeAll(long step, List<ShardStep.Root> roots) {
    for (ShardStep.Root root : roots) {
      complete(step, root.bucket(), own(root.bucket()), root.sum());
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
    if (step != open.step() || halted || !openLeaves[own].take(step, level, index, leaves)) {
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
    if (!open.hasSums(step, bucket, root)) {
      return;
    }
    synchronized (locks[own]) {
      if (halted) {
        root.release();
        return;
      }
      int layer = open.sums().nonFiniteLayer;
      if (layer == Sums.NONE) {
        int found = shard.update(bucket, step, theta, root, open.sums().weight);
        layer = found < 0 ? Sums.NONE : found;
      }
      boolean waits = layer == Sums.NONE && mirroring.forward(step, bucket, own, root);
      root.release(); // Before the version is published, so that a replica finds it free.
      if (!waits) {
        commit(step, bucket, own, layer);
      }
    }
  }

  /**
   * The new version of a bucket stands in its array, with its standby if there is one; the caller
   * holds its lock.
   *
   * @param layer the one that is not finite; {@link Sums#NONE} if the version is good
   */
  private void commit(long step, int bucket, int own, int layer) {
    boolean good = layer == Sums.NONE;
    if (good) {
      versions[own] = step + 1;
      takeIfWanted(bucket, own);
    } else {
      stateLost = true;
    }
    if (filled && open.bucketDone(step, layer)) {
      halted = true;
    }
    if (good && !halted) {
      publish(bucket, own);
    }
  }

  private void publish(int bucket, int own) {
    long version = versions[own];
    int plan = leads && !standby ? gate.pass(bucket, version) : NO_PLAN;
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
        if (!mirroring.isPending(own)) { // Else its state is of the version after.
          takeIfWanted(shard.firstBucket() + own, own);
        }
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
        && snapshot.take(own, from, buckets.to(bucket) - from, theta, theta.array(version))) {
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
          "restore: expected a shard that has not begun, found one at step " + open.step());
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
    if (evaluations.take(leads, evaluation, version, level, index, units, sums)) {
      evaluated(evaluation, version);
    }
  }

  private void evaluated(Evaluation evaluation, long version) {
    if (!isDecisive(evaluation, version)) {
      tellEvaluated(evaluation, version);
    }
  }

  /** Whether it is still to be decided if steps follow: workers hear of it by {@link #goOn}. */
  private boolean isDecisive(Evaluation evaluation, long version) {
    return evaluation == Evaluation.VALIDATION
        && job.stopping().decides()
        && version < job.epochs().steps()
        && version > wentOn
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
    long newest = open.step();
    if (step < 0 || step > newest || step >= job.epochs().steps()) {
      throw new IllegalArgumentException(
          "step: expected at most %d, found %d".formatted(newest, step));
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
    firstWhole = version;
    gate.startsWith(version);
    for (OpenLeaves leaves : openLeaves) {
      leaves.startAt(version);
    }
    open.startAt(version, versions.length);
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
    if (leads && resumed) {
      tellWhatWasTold(newcomer);
    }
  }

  private void tellWhatWasTold(ShardSubscriber newcomer) {
    for (Evaluation evaluation : Evaluation.values()) {
      long version = evaluations.newest(evaluation);
      if (version >= 0 && !isDecisive(evaluation, version)) {
        newcomer.evaluated(evaluation, version);
      }
    }
    if (gate.begunVersion() >= 0) {
      newcomer.begins(gate.begunVersion(), gate.begunPlan());
    }
  }

  /** The connection with a node's workers broke, without a word that they leave. */
  public void disconnected(String node, String why) {
    listener.disconnected(node, why);
  }

  /** The step that is open. */
  public long step() {
    return open.step();
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
    long step = open.step();
    if (halted || step >= job.epochs().steps()) {
      return new OpenStep(step, 0, List.of());
    }
    int leaves = job.microBatches().leaves(job.epochs().sampler().rowsOf(step));
    BitSet missing = new BitSet();
    open.addMissing(step, leaves, missing);
    for (OpenLeaves bucket : openLeaves) {
      bucket.addMissing(step, leaves, missing);
    }
    return new OpenStep(step, leaves, missing.stream().boxed().toList());
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
    wentOn = Math.max(version, wentOn);
    tellEvaluated(Evaluation.VALIDATION, version);
  }

  /** Begins the step of the current version, under the plan activated before. */
  public void start() {
    begun = true;
    long version = open.step();
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
        if (mirroring.takePending(own)) { // What a standby has is no matter any more.
          commit(versions[own], shard.firstBucket() + own, own, Sums.NONE);
        }
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
    open.clear();
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

  // What is left of a run whose coordinator was lost.

  /** After {@link #halt}: what there is of the shard; empty if a part of its state is missing. */
  public Optional<ShardCopy> copy() {
    if (!filled || stateLost) {
      return Optional.empty();
    }
    List<Long> found = new ArrayList<>();
    for (int own = 0; own < versions.length; own++) {
      synchronized (locks[own]) {
        found.add(versions[own]);
      }
    }
    return Optional.of(new ShardCopy(number, firstWhole, found));
  }

  /**
   * After {@link #halt}: gives what {@link #copy} tells of, each bucket with the weights and the
   * optimizer's state of its own version, as the snapshot of {@code version}; and publishes the
   * weights of {@code version}.
   *
   * @param version the least of any bucket of the run
   */
  public synchronized void handOver(long version) {
    snapshot.cancel();
    for (int own = 0; own < versions.length; own++) {
      synchronized (locks[own]) {
        snapshot.forget(own);
      }
    }
    snapshot.begin(version);
    for (int own = 0; own < versions.length; own++) {
      int bucket = shard.firstBucket() + own;
      int from = buckets.from(bucket);
      synchronized (locks[own]) {
        float[] values = theta.array(versions[own]);
        snapshot.take(own, from, buckets.to(bucket) - from, theta, values);
      }
    }
    settle(version);
  }

  // Its standby, at the shard that is served.

  /**
   * Mirrors to a standby that has nothing yet, and is filled by {@link #fillNext}; it takes the
   * place of an older one.
   *
   * @param number larger for each standby that the shard gets
   * @throws IllegalStateException if that standby is given up already, or there is a newer one
   */
  public void mirrorTo(Mirror mirror, int number) {
    withoutMirror(number - 1);
    mirroring.begin(mirror, number);
    open.mirrorTo(mirror);
    evaluations.mirrorTo(mirror);
  }

  /**
   * Gives the standby the next bucket; from then on the bucket's roots follow.
   *
   * @return false if it lacks none
   */
  public boolean fillNext() {
    Mirror mirror = mirroring.mirror();
    int own = mirroring.next();
    if (mirror == null || own < 0) {
      return false;
    }
    int bucket = shard.firstBucket() + own;
    synchronized (locks[own]) {
      int from = buckets.from(bucket);
      float[][] state = shard.state();
      mirror.state(versions[own], bucket, 0, theta.array(versions[own]), from - theta.from());
      for (int i = 0; i < state.length; i++) {
        mirror.state(versions[own], bucket, 1 + i, state[i], from - shard.from());
      }
      mirroring.mirrored(own);
    }
    return true;
  }

  /** The standby has a version of a bucket: it is published. */
  public void acknowledged(int bucket, long version) {
    int own = own(bucket);
    synchronized (locks[own]) {
      if (versions[own] + 1 == version && mirroring.takePending(own)) {
        commit(version - 1, bucket, own, Sums.NONE);
      }
    }
  }

  /** The standby has an evaluation: it is told. */
  public void acknowledged(Evaluation evaluation, long version) {
    if (evaluations.tell(evaluation, version)) {
      evaluated(evaluation, version);
    }
  }

  /**
   * Goes on without a standby of this number, or an older one: what has waited for it is published.
   */
  public void withoutMirror(int number) {
    if (!mirroring.end(number)) {
      return;
    }
    open.mirrorTo(null);
    evaluations.mirrorTo(null);
    for (int own = 0; own < versions.length; own++) {
      synchronized (locks[own]) {
        if (mirroring.forget(own)) {
          commit(versions[own], shard.firstBucket() + own, own, Sums.NONE);
        }
      }
    }
    for (Evaluation evaluation : Evaluation.values()) {
      acknowledged(evaluation, evaluations.newest(evaluation));
    }
  }

  /** Whether something waits for the standby. */
  public boolean awaitsMirror() {
    for (int own = 0; own < versions.length; own++) {
      synchronized (locks[own]) {
        if (mirroring.isPending(own)) {
          return true;
        }
      }
    }
    return evaluations.isPending();
  }

  // The standby itself: what comes from the shard that is served.

  /**
   * A standby of a shard, which has nothing yet. It applies the same updates as the shard that is
   * served, and tells its subscribers, who acknowledge them there. It tells its listener of steps
   * and evaluations as soon as it is filled.
   */
  public static ShardHost standby(
      Job job, Buckets buckets, Kernels kernels, int number, Theta theta, ShardListener listener) {
    ShardHost host = new ShardHost(job, buckets, kernels, number, theta, null, listener);
    host.standby = true;
    host.filled = false;
    host.begun = true;
    return host;
  }

  /**
   * Takes an array of a bucket, as of {@link Mirror#state}.
   *
   * @param values holds the bucket at {@code at}; copied
   * @throws IllegalArgumentException if there is no such array
   */
  public synchronized void fill(long version, int bucket, int array, float[] values, int at) {
    int own = own(bucket);
    synchronized (locks[own]) {
      restore.take(version, bucket, array, values, at);
      versions[own] = version;
      openLeaves[own].startAt(version);
    }
    if (restore.isWhole()) {
      startFilled();
    }
  }

  private void startFilled() {
    long least = Arrays.stream(versions).min().orElseThrow();
    int behind = (int) Arrays.stream(versions).filter(version -> version == least).count();
    open.startAt(least, behind);
    firstWhole = Arrays.stream(versions).max().orElseThrow();
    filled = true;
    listener.filled(least);
    evaluations.tellFrom(least);
  }

  /** Whether it only follows another host of the same shard. */
  public boolean isStandby() {
    return standby;
  }

  /** Takes the sums of all of {@code step}; copied. */
  public void mirrored(long step, Sums sums) {
    completeAll(step, open.takeAll(step, sums));
  }

  /** Takes the sum over all of {@code step} of a bucket's gradient, which it releases. */
  public void mirrored(long step, int bucket, Partial root) {
    int own = own(bucket);
    if (versions[own] != step || halted) {
      root.release();
      return;
    }
    openLeaves[own].startAt(step + 1);
    complete(step, bucket, own, root);
  }

  /** Takes an evaluation that is complete; copied. */
  public void mirrored(Evaluation evaluation, long version, Sums sums) {
    evaluations.takeWhole(evaluation, version, sums, filled);
    tellEvaluated(evaluation, version);
  }

  /** The connection with the shard that is served broke. */
  public void primaryLost(String why) {
    listener.primaryLost(why);
  }

  /**
   * Makes a standby, to which nothing comes any more, the shard that is served; before it has
   * subscribers.
   *
   * @return the version that will be held, as of {@link #holdAt}
   */
  public long promote(Takeover start) {
    standby = false;
    resumed = true;
    if (!leads) {
      return Long.MAX_VALUE;
    }
    long held = gate.resume(start);
    for (int own = 0; own < versions.length; own++) {
      synchronized (locks[own]) {
        if (versions[own] > start.begunVersion()) {
          publish(shard.firstBucket() + own, own);
        }
      }
    }
    return held;
  }
}
