package io.lockstep.training;

import io.lockstep.kernels.Elementwise;
import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Sums;
import io.lockstep.training.trace.TraceKind;
import io.lockstep.training.trace.Tracer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the replicas of one node have of the parameter servers: they take versions of θ and give
 * partials, bucket by bucket. The node holds each version once for all its replicas, and adds their
 * partials itself as far as complete subtrees go, before one leaves.
 *
 * <p>When another node is lost, waiting replicas are called away ({@link #takeOver}): they {@link
 * #answer} and then claim what it may have left open.
 *
 * <p>Thread-safe. Replicas call with the number of their slot, each from one thread at a time; what
 * comes from servers is told by the threads of the data plane. Every wait ends when the exchange is
 * stopped. Positions are those of packed θ.
 */
public final class NodeExchange {

  /**
   * A waiter looks this often, some 20 µs, before it parks; only where each worker has a core to
   * itself.
   */
  private static final int SPINS = 1_000;

  private static final long EVALUATION_RECHECK_MILLIS = 100;
  private static final int PLAN_BITS = 24;

  /** In place of a step: the exchange is stopped. */
  static final long STOPPED = -1;

  /** In place of a step: the replica is called away. */
  static final long CALLED = -2;

  private final Buckets buckets;
  private final GradientFormat format;
  private final Elementwise kernels;
  private final int node;
  private final Theta theta;
  private final Uplink uplink;
  private final BucketVersions versions;
  private final int stepAt;
  private final Map<Integer, Plan> plans = new ConcurrentHashMap<>();
  private final Substitution substitution;
  private final Pace pace = new Pace();
  private final StepTimes times;
  private volatile Tracer tracer = Tracer.OFF;
  private volatile long begun = -1;
  private volatile long begunBefore = -1;
  private long planSince = -1;
  private final Map<Integer, String> lost = new ConcurrentHashMap<>();
  private final GradientTree[] trees;
  private final SumsTree stepTree;
  private final Sums stepSums = new Sums();
  private long sumsStep = -1;
  private final long[] evaluated = new long[Evaluation.values().length];
  private final Object evaluationLock = new Object();

  /**
   * @param kernels add partials
   * @param theta where versions stand, over all of packed θ
   * @param node number of this node in plans
   * @param slots number of replicas of this node
   */
  public NodeExchange(
      Job job, Buckets buckets, Kernels kernels, Theta theta, int node, int slots, Uplink uplink) {
    this.buckets = buckets;
    this.format = job.gradients();
    this.kernels = kernels.elementwise();
    this.node = node;
    this.theta = theta;
    this.uplink = uplink;
    this.substitution = new Substitution(node);
    boolean coreEach = slots <= Runtime.getRuntime().availableProcessors();
    this.versions = new BucketVersions(buckets.count() + 1, slots, coreEach ? SPINS : 0);
    this.times = new StepTimes(job.epochs().steps(), slots);
    this.stepAt = buckets.count();
    this.stepTree = new SumsTree(job.mostLeaves());
    this.trees = new GradientTree[buckets.count()];
    for (int bucket = 0; bucket < trees.length; bucket++) {
      trees[bucket] =
          new GradientTree(
              this.kernels,
              format,
              bucket,
              buckets.from(bucket),
              buckets.to(bucket),
              job.mostLeaves());
    }
    Arrays.fill(evaluated, BucketVersions.NONE);
  }

  /** Number of this node in plans. */
  public int node() {
    return node;
  }

  /** How fast the replicas of this node compute. */
  public Pace pace() {
    return pace;
  }

  /** Where the time of steps goes here. */
  public StepTimes times() {
    return times;
  }

  /** Has all that this node does, and sends, be noted; before a replica begins. */
  public void noteTo(Tracer of) {
    tracer = of;
    uplink.noteTo(of);
  }

  /** Notes what this node does. */
  public Tracer tracer() {
    return tracer;
  }

  /** Makes a plan known, before any step begins under it. */
  public void know(Plan plan) {
    plans.put(plan.number(), plan);
    long oldest = begunBefore >= 0 ? begunBefore : begun;
    if (oldest >= 0) {
      plans.keySet().removeIf(number -> number < planOf(oldest));
    }
  }

  // What replicas call.

  /**
   * Waits until step {@code from} or a later one has begun.
   *
   * @return the newest step that has begun; {@link #STOPPED} or {@link #CALLED}, both negative, if
   *     there is something else to do
   */
  public long awaitStep(int slot, long from) {
    boolean begins = versions.await(slot, stepAt, from, true);
    if (versions.stopped()) {
      return STOPPED;
    }
    return begins ? begun >> PLAN_BITS : CALLED;
  }

  /** Whether {@link #awaitStep} would find that step {@code from} or a later one has begun. */
  boolean hasBegun(long from) {
    return versions.version(stepAt) >= from;
  }

  /** Whether a replica was called away and has not answered. */
  boolean isCalled(int slot) {
    return versions.called(slot);
  }

  /** A replica that was called away looks after it now. */
  void answer(int slot) {
    versions.answer(slot);
  }

  /** The plan of {@code step}; null if a later one has begun, and this node was not waited for. */
  public Plan plan(long step) {
    long newest = begun;
    return newest >> PLAN_BITS == step ? plans.get(planOf(newest)) : null;
  }

  /** The plan of {@code step}, the newest that has begun or the one before; else null. */
  private Plan openPlan(long step) {
    long before = begunBefore;
    return before >> PLAN_BITS == step ? plans.get(planOf(before)) : plan(step);
  }

  /** Whether there may be something to {@link #claim(long, int, int)} of {@code step}. */
  boolean mayClaim(long step) {
    Plan plan = openPlan(step);
    return plan != null && substitution.concerns(plan) && openPart(step) != null;
  }

  /**
   * The plan of {@code step}, where that may still be open and has a part for this node; else null.
   */
  Plan openPart(long step) {
    Plan plan = openPlan(step);
    return plan != null && plan.positionOf(node) >= 0 && isOpen(step) ? plan : null;
  }

  /**
   * What this node is to compute of {@code step}, if it may still be open, in place of lost nodes,
   * or once more for a server that took over.
   *
   * @return null if there is nothing, or nothing left
   */
  Substitution.Work claim(long step, int leaves, int maxLeaves) {
    Plan plan = openPlan(step);
    return plan != null && mayClaim(step)
        ? substitution.claim(step, plan, leaves, maxLeaves)
        : null;
  }

  /** Something that was claimed of {@code step} has not been computed, since there was a call. */
  void giveBack(long step, Substitution.Work work) {
    substitution.giveBack(step, work);
  }

  /** Whether, for all that is known here, a bucket still waits for gradients of {@code step}. */
  private boolean isOpen(long step) {
    return !hasAll(step + 1);
  }

  /** Whether {@link #awaitWeights} would find all weights of {@code version}. */
  boolean hasAll(long version) {
    for (int bucket = 0; bucket < buckets.count(); bucket++) {
      if (versions.version(bucket) < version) {
        return false;
      }
    }
    return true;
  }

  /** As {@link #claim(long, int, int)}, of an evaluation under {@code plan}. */
  Substitution.Work claim(Evaluation evaluation, long version, Plan plan, int units, int most) {
    return substitution.concerns(plan)
        ? substitution.claim(evaluation, version, plan, units, most)
        : null;
  }

  /** The plan of the newest step that has begun; before the first, the plan of that. */
  public Plan newestPlan() {
    return begun < 0
        ? plans.values().stream().min(Comparator.comparingInt(Plan::number)).orElseThrow()
        : plans.get(planOf(begun));
  }

  private static int planOf(long begun) {
    return (int) (begun & (1 << PLAN_BITS) - 1);
  }

  /**
   * The array in which {@code version} stands as far as {@link #awaitWeights} has returned true;
   * read only for replicas.
   */
  public float[] weights(long version) {
    return theta.array(version);
  }

  /**
   * Waits until θ[from, to) is there at {@code version}.
   *
   * @return false if the exchange was stopped before
   */
  public boolean awaitWeights(int slot, long version, int from, int to) {
    return awaitWeights(slot, version, from, to, false);
  }

  /**
   * As {@link #awaitWeights(int, long, int, int)}.
   *
   * @param callable whether to return false, too, when the replica is called away
   */
  boolean awaitWeights(int slot, long version, int from, int to, boolean callable) {
    for (int bucket = buckets.bucketAt(from); bucket <= buckets.bucketAt(to - 1); bucket++) {
      if (!versions.await(slot, bucket, version, callable)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Gives the sums of a node of {@code step}, before any of its gradient; copied.
   *
   * @param topLevel the level up to which this node has all leaves, see {@link Node#topLevel}
   */
  void sendSums(long step, Node of, int leaves, int topLevel, Sums sums) {
    synchronized (stepTree) {
      if (step < sumsStep) {
        return; // Done without this node.
      }
      if (step > sumsStep) {
        stepTree.clear();
        sumsStep = step;
      }
      if (stepTree.accept(of.level(), of.index(), leaves, topLevel, sums, stepSums)) {
        uplink.sums(step, topLevel, of.index() >> (topLevel - of.level()), leaves, stepSums);
      }
    }
  }

  /** Gives one bucket of a node's gradient, which belongs to the exchange until it is released. */
  void sendGradient(long step, int bucket, Node of, int leaves, int topLevel, Partial partial) {
    long since = times.begin(step);
    long adds = tracer.begin(step);
    int at = buckets.from(bucket) - partial.from();
    int length = buckets.to(bucket) - buckets.from(bucket);
    format.round(kernels, partial.values(), at, length);
    Partial sum = trees[bucket].accept(step, of.level(), of.index(), leaves, topLevel, partial);
    times.added(step, since);
    tracer.end(TraceKind.ADD, step, adds, bucket, of.level(), of.index());
    if (sum != null) {
      int index = of.index() >> (topLevel - of.level());
      uplink.gradient(step, bucket, topLevel, index, leaves, sum);
    }
  }

  /** Gives the sums of a node of an evaluation; copied. */
  public void sendEvaluation(Evaluation evaluation, long version, Node of, int units, Sums sums) {
    uplink.evaluation(evaluation, version, of.level(), of.index(), units, sums);
  }

  /**
   * Waits until every unit of the evaluation of {@code version} is in.
   *
   * @return false if the exchange was stopped before, or the replica called away
   */
  boolean awaitEvaluation(int slot, Evaluation evaluation, long version) {
    synchronized (evaluationLock) {
      while (evaluated[evaluation.ordinal()] < version
          && !versions.stopped()
          && !versions.called(slot)) {
        try {
          evaluationLock.wait(EVALUATION_RECHECK_MILLIS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return false;
        }
      }
      return evaluated[evaluation.ordinal()] >= version;
    }
  }

  /** Whether {@link #awaitEvaluation} would find every unit of {@code version} in. */
  boolean isEvaluated(Evaluation evaluation, long version) {
    synchronized (evaluationLock) {
      return evaluated[evaluation.ordinal()] >= version;
    }
  }

  // What the data plane calls.

  /** Whether {@code version} of a bucket is newer than what is here. */
  public boolean wants(int bucket, long version) {
    return versions.version(bucket) < version;
  }

  /** A bucket of {@code version} stands in {@link #weights}. */
  public void received(int bucket, long version) {
    versions.publish(bucket, version);
  }

  /** Step {@code version} begins under {@code plan}; what is older than known is ignored. */
  public void begins(long version, int plan) {
    if (begun >> PLAN_BITS >= version) {
      return;
    }
    synchronized (plans) {
      if (begun >> PLAN_BITS < version) {
        begunBefore = begun;
        planSince = begun >= 0 && planOf(begun) == plan ? planSince : version;
        begun = version << PLAN_BITS | plan;
        versions.publish(stepAt, version);
      }
    }
  }

  /** Every unit of the evaluation of {@code version} is in. */
  public void evaluated(Evaluation evaluation, long version) {
    synchronized (evaluationLock) {
      evaluated[evaluation.ordinal()] = Math.max(version, evaluated[evaluation.ordinal()]);
      evaluationLock.notifyAll();
    }
  }

  // What the owner of the node's part in the run calls.

  /** The node with this number was lost: this one computes its part of what it left open. */
  public void takeOver(int lostNode) {
    substitution.add(lostNode);
    call();
  }

  /** The node with this number is late: this one computes its part of what is open of a step. */
  public void takeOver(int lateNode, long step) {
    substitution.addLate(lateNode, step);
    call();
  }

  private void call() {
    versions.call();
    synchronized (evaluationLock) {
      evaluationLock.notifyAll();
    }
  }

  /** Whether replicas are to leave. */
  public boolean stopped() {
    return versions.stopped();
  }

  /** A shard's server cannot be reached any more: replicas wait for another. */
  public void lost(int shard, String why) {
    lost.put(shard, why);
  }

  /** Why no step can be completed here; null while all servers can be reached. */
  public String lost() {
    return lost.values().stream().findAny().orElse(null);
  }

  /** Another server of a shard is connected: what the one before may have lost is given again. */
  public void reconnected(int shard) {
    lost.remove(shard);
    synchronized (stepTree) {
      stepTree.clear(); // What was given is given again.
    }
    substitution.redo(newestStep());
    call();
  }

  private long newestStep() {
    return begun < 0 ? -1 : begun >> PLAN_BITS;
  }

  /**
   * A step that has begun.
   *
   * @param step -1 if none has
   * @param plan the number of its plan; {@value ShardHost#NO_PLAN} before the first
   * @param since the first step under that plan, of those that were seen here
   */
  public record Begun(long step, int plan, long since) {}

  /** The newest step that has begun. */
  public Begun newestBegun() {
    synchronized (plans) {
      return begun < 0
          ? new Begun(-1, ShardHost.NO_PLAN, -1)
          : new Begun(newestStep(), planOf(begun), planSince);
    }
  }

  /** Ends all waiting: replicas leave within their current pass. */
  public void stop() {
    versions.stop();
  }

  /**
   * After {@link #stop}, when every replica has left: drops what a broken-off step left open and
   * lets replicas wait again, so that {@code version}, the last of the run, can be evaluated.
   */
  public void settle(long version) {
    stepTree.clear();
    for (GradientTree tree : trees) {
      tree.clear();
    }
    versions.restart(version);
    if (!lost.isEmpty()) {
      versions.stop(); // Nobody answers.
    }
  }
}
