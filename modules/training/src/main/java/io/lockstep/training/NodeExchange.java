package io.lockstep.training;

import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Sums;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the replicas of one node have of the parameter servers: they take versions of θ and give
 * partials, bucket by bucket. The node holds each version once for all its replicas, and adds their
 * partials itself as far as complete subtrees go, before one leaves.
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

  private final Buckets buckets;
  private final GradientFormat format;
  private final int node;
  private final Theta theta;
  private final Uplink uplink;
  private final BucketVersions versions;
  private final int stepAt;
  private final Map<Integer, Plan> plans = new ConcurrentHashMap<>();
  private volatile long begun = -1;
  private volatile String lost;
  private final GradientTree[] trees;
  private final SumsTree stepTree;
  private final Sums stepSums = new Sums();
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
    this.node = node;
    this.theta = theta;
    this.uplink = uplink;
    boolean coreEach = slots <= Runtime.getRuntime().availableProcessors();
    this.versions = new BucketVersions(buckets.count() + 1, slots, coreEach ? SPINS : 0);
    this.stepAt = buckets.count();
    this.stepTree = new SumsTree(job.mostLeaves());
    this.trees = new GradientTree[buckets.count()];
    for (int bucket = 0; bucket < trees.length; bucket++) {
      trees[bucket] =
          new GradientTree(
              kernels.elementwise(),
              format,
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

  /** Makes a plan known, before any step begins under it. */
  public void know(Plan plan) {
    plans.put(plan.number(), plan);
    long newest = begun;
    if (newest >= 0) {
      plans.keySet().removeIf(number -> number < planOf(newest));
    }
  }

  // What replicas call.

  /**
   * Waits until step {@code from} or a later one has begun.
   *
   * @return the newest step that has begun; -1 if the exchange is stopped
   */
  public long awaitStep(int slot, long from) {
    return versions.await(slot, stepAt, from) && !versions.stopped() ? begun >> PLAN_BITS : -1;
  }

  /** The plan of {@code step}; null if a later one has begun, and this node was not waited for. */
  public Plan plan(long step) {
    long newest = begun;
    return newest >> PLAN_BITS == step ? plans.get(planOf(newest)) : null;
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
    for (int bucket = buckets.bucketAt(from); bucket <= buckets.bucketAt(to - 1); bucket++) {
      if (!versions.await(slot, bucket, version)) {
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
      if (stepTree.accept(of.level(), of.index(), leaves, topLevel, sums, stepSums)) {
        uplink.sums(step, topLevel, of.index() >> (topLevel - of.level()), leaves, stepSums);
      }
    }
  }

  /** Gives one bucket of a node's gradient, which belongs to the exchange until it is released. */
  void sendGradient(long step, int bucket, Node of, int leaves, int topLevel, Partial partial) {
    int at = buckets.from(bucket) - partial.from();
    format.round(partial.values(), at, buckets.to(bucket) - buckets.from(bucket));
    Partial sum = trees[bucket].accept(of.level(), of.index(), leaves, topLevel, partial);
    if (sum != null) {
      int index = of.index() >> (topLevel - of.level());
      uplink.gradient(step, bucket, topLevel, index, leaves, sum);
    }
  }

  /** Gives the sums of a node of an evaluation; copied. */
  void sendEvaluation(Evaluation evaluation, long version, Node of, int units, Sums sums) {
    uplink.evaluation(evaluation, version, of.level(), of.index(), units, sums);
  }

  /**
   * Waits until every unit of the evaluation of {@code version} is in.
   *
   * @return false if the exchange was stopped before
   */
  boolean awaitEvaluation(Evaluation evaluation, long version) {
    synchronized (evaluationLock) {
      while (evaluated[evaluation.ordinal()] < version && !versions.stopped()) {
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

  /** Whether replicas are to leave. */
  public boolean stopped() {
    return versions.stopped();
  }

  /** A server cannot be reached any more: replicas leave, and this exchange is of no more use. */
  public void lost(String why) {
    lost = why;
    versions.stop();
  }

  /** Why this exchange is of no more use; null while it is. */
  public String lost() {
    return lost;
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
    if (lost != null) {
      versions.stop(); // Nobody answers.
    }
  }
}
