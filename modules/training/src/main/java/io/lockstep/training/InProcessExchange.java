package io.lockstep.training;

import io.lockstep.nn.Sums;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The exchange between replicas and shards of one JVM: references only, nothing copied, no thread
 * of its own.
 *
 * <p>The thread that delivers a node's last child adds and, at the root, updates and publishes the
 * bucket, inline. Two arrays hold θ, one for even and one for odd versions. Version v + 1 of a
 * bucket may overwrite v − 1 as soon as its root is complete: then every leaf of step v is
 * computed, so nobody reads v − 1 any more. (An idle worker reads θ only in evaluations, and no
 * step begins before an evaluation is complete.)
 */
public final class InProcessExchange implements Exchange {

  /**
   * A waiter looks this often, some 20 µs, before it parks; only where each worker has a core to
   * itself.
   */
  private static final int SPINS = 1_000;

  private static final long EVALUATION_RECHECK_MILLIS = 100;

  private final Buckets buckets;
  private final AtomicReferenceArray<Shard> shards;
  private final BucketVersions versions;
  private final float[][] theta;
  private final RunObserver observer;
  private final AtomicInteger openBuckets;
  private final AtomicInteger nonFiniteLayer = new AtomicInteger(Sums.NONE);
  private final SumsTree stepTree;
  private final Sums stepSums = new Sums();
  private final SumsTree[] evaluationTrees;
  private final Sums evaluationSums = new Sums();
  private final long[] evaluated;
  private final Object evaluationLock = new Object();

  /**
   * @param initial packed θ of version 0, taken over
   * @param workers number of replicas
   */
  public InProcessExchange(
      Job job, Buckets buckets, float[] initial, int workers, RunObserver observer) {
    this.buckets = buckets;
    this.shards = new AtomicReferenceArray<>(buckets.shards());
    boolean coreEach = workers <= Runtime.getRuntime().availableProcessors();
    this.versions = new BucketVersions(buckets.count(), workers, coreEach ? SPINS : 0);
    this.theta = new float[][] {initial, new float[initial.length]};
    this.observer = observer;
    this.openBuckets = new AtomicInteger(buckets.count());
    this.stepTree = new SumsTree(job.mostLeaves());
    Evaluation[] evaluations = Evaluation.values();
    this.evaluationTrees = new SumsTree[evaluations.length];
    this.evaluated = new long[evaluations.length];
    for (Evaluation evaluation : evaluations) {
      evaluationTrees[evaluation.ordinal()] = new SumsTree(Math.max(1, evaluation.units(job)));
      evaluated[evaluation.ordinal()] = -1;
    }
  }

  /** Opens a shard; all shards are open before the first replica starts. */
  public void open(int shard, Shard opened) {
    shards.set(shard, opened);
  }

  @Override
  public float[] weights(long version) {
    return theta[(int) (version & 1)];
  }

  @Override
  public boolean awaitWeights(int worker, long version, int from, int to) {
    for (int bucket = buckets.bucketAt(from); bucket <= buckets.bucketAt(to - 1); bucket++) {
      if (!versions.await(worker, bucket, version)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void sendSums(long step, int level, int index, int leaves, Sums sums) {
    synchronized (stepTree) {
      stepTree.accept(level, index, leaves, sums, stepSums);
    }
  }

  @Override
  public void sendGradient(
      long step, int bucket, int level, int index, int leaves, Partial partial) {
    Shard shard = shards.get(buckets.shardOf(bucket));
    Partial root = shard.accept(bucket, level, index, leaves, partial);
    if (root != null) {
      int layer = update(shard, step, bucket, root);
      root.release(); // Before the version is published, so that a replica finds it free.
      complete(step, bucket, layer);
    }
  }

  /** Updates a bucket; returns the layer that is not finite, or {@link Sums#NONE}. */
  private int update(Shard shard, long step, int bucket, Partial root) {
    if (stepSums.nonFiniteLayer != Sums.NONE) {
      return stepSums.nonFiniteLayer;
    }
    int layer =
        shard.update(
            bucket, step, weights(step), weights(step + 1), root.values(), stepSums.weight);
    return layer < 0 ? Sums.NONE : layer;
  }

  /**
   * Publishes a bucket that is finite. The last bucket of the step commits it, or ends the run with
   * the first layer that is not finite in any bucket: which bucket came first is no part of it.
   */
  private void complete(long step, int bucket, int layer) {
    nonFiniteLayer.accumulateAndGet(layer, Math::min);
    if (openBuckets.decrementAndGet() == 0) {
      openBuckets.set(buckets.count());
      int first = nonFiniteLayer.getAndSet(Sums.NONE);
      if (first != Sums.NONE) {
        versions.stop();
        observer.diverged(step, first);
        return;
      }
      observer.stepCommitted(step, stepSums);
    }
    if (layer == Sums.NONE) {
      versions.publish(bucket, step + 1);
    }
  }

  @Override
  public void sendEvaluation(
      Evaluation evaluation, long version, int level, int index, int units, Sums sums) {
    synchronized (evaluationLock) {
      if (evaluationTrees[evaluation.ordinal()].accept(level, index, units, sums, evaluationSums)) {
        observer.evaluated(evaluation, version, evaluationSums);
        evaluated[evaluation.ordinal()] = version;
        evaluationLock.notifyAll();
      }
    }
  }

  @Override
  public boolean awaitEvaluation(Evaluation evaluation, long version) {
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

  @Override
  public boolean stopped() {
    return versions.stopped();
  }

  /** Ends all waiting: replicas leave within their current pass. */
  public void stop() {
    versions.stop();
  }

  /**
   * After {@link #stop} or the last step, when every replica has left: drops what a broken-off step
   * or evaluation left open, so that the committed version can be evaluated.
   */
  public void settle() {
    versions.restart();
    openBuckets.set(buckets.count());
    nonFiniteLayer.set(Sums.NONE);
    stepTree.clear();
    for (SumsTree tree : evaluationTrees) {
      tree.clear();
    }
    for (int i = 0; i < shards.length(); i++) {
      shards.get(i).clear();
    }
  }

  /** The newest version that every bucket has: the last good weights. */
  public long committedVersion() {
    return versions.committed();
  }
}
