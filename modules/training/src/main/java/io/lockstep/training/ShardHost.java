package io.lockstep.training;

import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Sums;
import io.lockstep.training.trace.TraceKind;
import io.lockstep.training.trace.Tracer;
import java.util.ArrayList;
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
  private final Shard shard;
  private final ShardBuckets buckets;
  private final int number;
  private final boolean leads;
  private final Theta theta;
  private final ShardListener listener;
  private final ShardSubscribers subscribers = new ShardSubscribers();

  /** Of all buckets: what was released last is taken next, while it is in a cache. */
  private final PartialPool pool;

  private final OpenLeaves[] openLeaves;
  private final ShardStep open;
  private final ShardTotals totals;
  private final Mirroring mirroring;
  private volatile boolean halted;

  /** What comes to a standby; null for a shard that was served from the first step on. */
  private final Following following;

  /** Whether it only follows another host of the same shard. */
  private volatile boolean standby;

  /** Whether it has gone on in place of another: newcomers may not know what that one told. */
  private volatile boolean resumed;

  private final StepGate gate;

  private final Keeping keeping;
  private final ShardEvaluations evaluations;

  /** The newest version whose validation was decided on, so that steps follow. */
  private volatile long wentOn = -1;

  /**
   * Starts with the job's first weights, of which it draws its own.
   *
   * @param number which of the buckets' shards
   * @param theta where its floats stand; at least the range of the shard; may be hollow
   * @param listener told of steps, evaluations and plans
   */
  public ShardHost(
      Job job, Buckets buckets, Kernels kernels, int number, Theta theta, ShardListener listener) {
    this(job, buckets, kernels, number, theta, listener, false);
    int held = theta.held(shard.length());
    int from = shard.from();
    job.network()
        .initialWeights(job.seed(), from, from + held, theta.array(0), from - theta.from());
  }

  /**
   * A standby of a shard, which has nothing yet. It applies the same updates as the shard that is
   * served, and tells its subscribers, who acknowledge them there. It tells its listener of steps
   * and evaluations as soon as it is filled.
   */
  public static ShardHost standby(
      Job job, Buckets buckets, Kernels kernels, int number, Theta theta, ShardListener listener) {
    return new ShardHost(job, buckets, kernels, number, theta, listener, true);
  }

  private ShardHost(
      Job job,
      Buckets buckets,
      Kernels kernels,
      int number,
      Theta theta,
      ShardListener listener,
      boolean standby) {
    this.job = job;
    this.buckets = new ShardBuckets(buckets, number);
    this.number = number;
    this.leads = buckets.shardOf(0) == number;
    this.shard = new Shard(job, buckets, kernels, number, theta);
    this.theta = theta;
    this.listener = listener;
    int count = shard.bucketCount();
    this.pool = new PartialPool(count == 0 ? 0 : theta.held(this.buckets.length(0)), 1);
    this.openLeaves = new OpenLeaves[count];
    for (int own = 0; own < count; own++) {
      openLeaves[own] = new OpenLeaves();
    }
    this.totals = new ShardTotals(job.optimizer().totals(), buckets, shard);
    this.open = new ShardStep(count, job.mostLeaves(), totals, listener);
    this.gate = new StepGate(job.epochs().steps(), listener);
    ShardRestore restore = new ShardRestore(job.epochs().steps(), buckets, shard, theta);
    this.evaluations = new ShardEvaluations(job, listener);
    this.mirroring = new Mirroring(this, shard, this.buckets, theta, open, evaluations);
    this.keeping = new Keeping(this, shard, this.buckets, theta, restore, listener, standby);
    this.standby = standby;
    this.following =
        standby ? new Following(this, this.buckets, restore, evaluations, listener) : null;
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
    return buckets.all();
  }

  /** The numbers that partials are in. */
  public GradientFormat gradients() {
    return job.gradients();
  }

  /** Number of buckets owned. */
  public int bucketCount() {
    return buckets.count();
  }

  /** How long it adds and updates. */
  public StepTimes times() {
    return shard.times();
  }

  /** Has what it does be noted; before the first step. */
  public void noteTo(Tracer tracer) {
    shard.noteTo(tracer);
  }

  /** Notes what it does. */
  public Tracer tracer() {
    return shard.tracer();
  }

  /** What it does for its standby. */
  public Mirroring mirroring() {
    return mirroring;
  }

  /** What is kept of it. */
  public Keeping keeping() {
    return keeping;
  }

  /** Whether it only follows another host of the same shard. */
  public boolean isStandby() {
    return standby;
  }

  /**
   * What comes to it as a standby.
   *
   * @throws IllegalStateException if it never was one
   */
  public Following following() {
    if (following == null) {
      throw new IllegalStateException("shard %d is no standby".formatted(number));
    }
    return following;
  }

  // What comes from workers.

  /** An array to receive a partial's bucket into. */
  public Partial take(int bucket) {
    return pool.take(buckets.from(buckets.own(bucket)));
  }

  /** Takes the sums of a node of {@code step}; copied. */
  public void sums(long step, int level, int index, int leaves, Sums sums) {
    check(step, level, index, leaves);
    if (!halted) {
      keeping.begin();
      completeAll(step, open.take(step, level, index, leaves, sums));
    }
  }

  private void completeAll(long step, List<ShardStep.Root> roots) {
    for (int i = 0; i < roots.size(); i++) { // An iterator would be allocated in every step.
      ShardStep.Root root = roots.get(i);
      complete(step, root.bucket(), buckets.own(root.bucket()), root.sum());
    }
  }

  /** Takes one bucket of a node's partial, which it releases in any case. */
  public void gradient(long step, int bucket, int level, int index, int leaves, Partial partial) {
    int own;
    try {
      own = buckets.own(bucket);
      check(step, level, index, leaves);
    } catch (IllegalArgumentException refused) {
      partial.release();
      throw refused;
    }
    if (step != open.step() || halted || !openLeaves[own].take(step, level, index, leaves)) {
      partial.release(); // Late, or here already: the step is done without it.
      return;
    }
    keeping.begin();
    Partial root = shard.accept(step, bucket, level, index, leaves, partial);
    if (root != null) {
      complete(step, bucket, own, root);
    }
  }

  private void complete(long step, int bucket, int own, Partial root) {
    if (!totals.has(step)) { // Before it waits, so that threads measure their buckets at once.
      shard.measure(bucket, step, theta, root, totals.own());
    }
    if (!open.isReady(step, bucket, root)) {
      completeAll(step, open.goOn(step));
      return;
    }
    synchronized (buckets.lock(own)) {
      if (halted) {
        root.release();
        return;
      }
      int layer = open.sums().nonFiniteLayer;
      if (layer == Sums.NONE) {
        keeping.beforeUpdate(own);
        int found = shard.update(bucket, step, theta, root, open.sums().weight, totals.values());
        layer = found < 0 ? Sums.NONE : found;
      }
      boolean waits = layer == Sums.NONE && mirror(step, bucket, own, root);
      root.release(); // Before the version is published, so that a replica finds it free.
      if (!waits) {
        commit(step, own, layer);
      }
    }
  }

  private boolean mirror(long step, int bucket, int own, Partial root) {
    long since = tracer().begin(step);
    boolean waits = mirroring.forward(step, own, root);
    if (waits) {
      tracer().end(TraceKind.MIRROR, step, since, bucket, 0, 0);
    }
    return waits;
  }

  /**
   * The new version of a bucket stands in its array, with its standby if there is one; the caller
   * holds its lock.
   *
   * @param layer the one that is not finite; {@link Sums#NONE} if the version is good
   */
  void commit(long step, int own, int layer) {
    boolean good = layer == Sums.NONE;
    if (good) {
      buckets.version(own, step + 1);
      keeping.committed(own);
    } else {
      keeping.loseState();
    }
    if (!isBeingFilled() && open.bucketDone(step, layer)) {
      halted = true;
    }
    if (good && !halted) {
      publish(own);
    }
  }

  /** Whether it was told to commit nothing more. */
  boolean hasHalted() {
    return halted;
  }

  /** Whether nothing will change any more: it has halted, or done the last step. */
  boolean isOver() {
    return halted || open.step() == job.epochs().steps();
  }

  /** Whether it is a standby that lacks a bucket. */
  boolean isBeingFilled() {
    return following != null && !following.isFilled();
  }

  private void publish(int own) {
    long version = buckets.version(own);
    int plan = leads && !standby ? gate.pass(buckets.number(own), version) : NO_PLAN;
    if (plan != StepGate.HELD) {
      publish(subscribers, own, version, plan);
    }
  }

  private void publish(ShardSubscriber to, int own, long version, int plan) {
    long since = tracer().begin(version - 1);
    int at = buckets.from(own) - theta.from();
    int bucket = buckets.number(own);
    to.published(bucket, version, plan, theta.array(version), at);
    TraceKind kind = standby ? TraceKind.ACKNOWLEDGE : TraceKind.PUBLISH;
    tracer().end(kind, version - 1, since, bucket, 0, 0);
  }

  /** The next root of a bucket, which is being filled, leads on from {@code version}. */
  void expect(int own, long version) {
    openLeaves[own].startAt(version);
  }

  /**
   * Opens the step {@code version}, of which {@code behind} buckets are still to be committed.
   *
   * @param whole the first version of which all weights will have been here
   */
  void open(long version, int behind, long whole) {
    keeping.isWholeFrom(whole);
    gate.startsWith(version);
    open.startAt(version, behind);
  }

  /** Adds the newest totals that are here to what there is of the shard. */
  ShardCopy withTotals(ShardCopy copy) {
    return open.withTotals(copy);
  }

  /** Takes the sums of all of {@code step}; copied. */
  void takeAll(long step, Sums sums) {
    completeAll(step, open.takeAll(step, sums));
  }

  /** As {@link #totals}, of any step that is still to be done. */
  void takeTotals(long step, double[] of) {
    completeAll(step, open.takeTotals(step, of));
  }

  /** Takes a bucket's root from whoever has completed it, and releases it. */
  void takeRoot(long step, int bucket, Partial root) {
    int own = buckets.own(bucket);
    if (buckets.version(own) != step || halted) {
      root.release();
      return;
    }
    openLeaves[own].startAt(step + 1);
    complete(step, bucket, own, root);
  }

  // Evaluations.

  /** Takes the sums of a node of an evaluation; copied. Only for the shard that leads. */
  public void evaluation(
      Evaluation evaluation, long version, int level, int index, int units, Sums sums) {
    if (evaluations.take(leads, evaluation, version, level, index, units, sums)) {
      evaluated(evaluation, version);
    }
  }

  /** An evaluation is complete, with the standby if there is one. */
  void evaluated(Evaluation evaluation, long version) {
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

  void tellEvaluated(Evaluation evaluation, long version) {
    subscribers.evaluated(evaluation, version);
  }

  private void check(long step, int level, int index, int leaves) {
    long newest = open.step();
    if (step < 0 || step > newest || step >= job.epochs().steps()) {
      throw new IllegalArgumentException(
          "step: expected at most %d, found %d".formatted(newest, step));
    }
    int expected = job.leavesOf(step);
    if (leaves != expected || !Node.isIn(level, index, leaves)) {
      throw new IllegalArgumentException(
          "node: expected one of a tree over %d leaves, found (%d, %d) over %d"
              .formatted(expected, level, index, leaves));
    }
  }

  /** Opens the step {@code version}, from which all of it is here. */
  void startAt(long version) {
    keeping.isWholeFrom(version);
    gate.startsWith(version);
    for (OpenLeaves leaves : openLeaves) {
      leaves.startAt(version);
    }
    open.startAt(version, buckets.count());
  }

  // What goes to workers.

  /** Tells {@code subscriber} of all that is published from now on. */
  public void subscribe(ShardSubscriber subscriber) {
    subscribers.add(subscriber);
  }

  /** Tells {@code subscriber} nothing more. */
  public void unsubscribe(ShardSubscriber subscriber) {
    subscribers.remove(subscriber);
  }

  /** Tells a newcomer the newest published version of every bucket. */
  public void tellNewest(ShardSubscriber newcomer) {
    for (int own = 0; own < buckets.count(); own++) {
      synchronized (buckets.lock(own)) {
        // A held version is not published yet; the one before still stands in the other array.
        long version = Math.min(buckets.version(own), gate.newestPassed());
        publish(newcomer, own, version, NO_PLAN);
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
    StepGate.Begun begun = gate.begun();
    if (begun.version() >= 0) {
      newcomer.begins(begun.version(), begun.plan());
    }
  }

  /** The connection with a node's workers, or with a standby, broke without a word. */
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
    int leaves = job.leavesOf(step);
    BitSet missing = new BitSet();
    open.addMissing(step, leaves, missing);
    for (OpenLeaves bucket : openLeaves) {
      bucket.addMissing(step, leaves, missing);
    }
    return new OpenStep(step, leaves, missing.stream().boxed().toList());
  }

  // What the coordinator says.

  /**
   * Takes the totals over all of θ that the update of {@code step} needs; copied. Dropped if the
   * step is not open: it is done, or a standby will be asked again.
   *
   * @throws IllegalArgumentException if they are not as many as it needs
   */
  public void totals(long step, double[] of) {
    if (step == open.step() && !halted) {
      takeTotals(step, of);
    }
  }

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
    keeping.begin();
    long version = open.step();
    subscribers.begins(version, gate.begin(version));
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
      int own = buckets.own(bucket);
      synchronized (buckets.lock(own)) {
        publish(own);
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
    for (int own = 0; own < buckets.count(); own++) {
      synchronized (buckets.lock(own)) { // An update that is under way ends first.
        mirroring.commitPending(own); // What a standby has is no matter any more.
        least = Math.min(least, buckets.version(own));
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
    for (int own = 0; own < buckets.count(); own++) {
      synchronized (buckets.lock(own)) {
        if (buckets.version(own) > version) {
          keeping.loseState();
          buckets.version(own, version);
        }
        publish(subscribers, own, buckets.version(own), NO_PLAN);
      }
    }
  }

  /**
   * Makes a standby, to which nothing comes any more, the shard that is served. It has no
   * subscriber yet: what it has newer than {@code start} only passes the gate.
   *
   * @return the version that will be held, as of {@link #holdAt}
   */
  public long promote(Promotion start) {
    standby = false;
    resumed = true;
    if (!leads) {
      return Long.MAX_VALUE;
    }
    long held = gate.resume(start);
    for (int own = 0; own < buckets.count(); own++) {
      synchronized (buckets.lock(own)) {
        if (buckets.version(own) > start.begunVersion()) {
          publish(own);
        }
      }
    }
    return held;
  }
}
