package io.lockstep.training;

import io.lockstep.nn.PassListener;
import io.lockstep.nn.Sums;
import io.lockstep.training.trace.TraceKind;
import io.lockstep.training.trace.Tracer;

/**
 * Between a replica's pass and the exchange: waits for the weights that the forward pass is about
 * to read, and sends each bucket of the gradient as soon as the backward pass has completed it.
 *
 * <p>Reused for every node; used by the replica's thread.
 */
public final class GradientSender implements PassListener {

  private final NodeExchange exchange;
  private final Buckets buckets;
  private final int slot;
  private final PartialPool pool;
  private Partial partial;
  private long step;
  private Node node;
  private int leaves;
  private int topLevel;

  /** Of each bucket, how many floats the backward pass has still to complete. */
  private final int[] open;

  private long waitNanos;
  private long giveNanos;
  private Tracer tracer = Tracer.OFF;

  /** When the part of the pass began that is under way; the backward pass has its gradient then. */
  private long partSince;

  /**
   * @param pool the partials that it takes and hands on
   */
  public GradientSender(NodeExchange exchange, Buckets buckets, PartialPool pool, int slot) {
    this.exchange = exchange;
    this.buckets = buckets;
    this.slot = slot;
    this.pool = pool;
    this.open = new int[buckets.count()];
  }

  /**
   * Begins a node. Waiting for weights ends, by an exception, when the replica is called away.
   *
   * @param topLevel the level up to which this cluster node has all leaves
   */
  public void begin(long step, Node node, int leaves, int topLevel) {
    this.tracer = exchange.tracer();
    this.partSince = tracer.begin(step);
    this.step = step;
    this.node = node;
    this.leaves = leaves;
    this.topLevel = topLevel;
    this.waitNanos = 0;
    this.giveNanos = 0;
    for (int bucket = 0; bucket < open.length; bucket++) {
      open[bucket] = buckets.to(bucket) - buckets.from(bucket);
    }
  }

  /**
   * Takes the partial that the node's gradient goes into. All weights of the step are here by then,
   * so that of the step before has been added and is free: where gradients wait to be sent as the
   * next pass begins, there is no need for a second one.
   */
  public float[] takeGradient() {
    partial = pool.take(0);
    partSince = tracer.begin(step);
    return partial.values();
  }

  /** How long this node has waited for weights. */
  long waitNanos() {
    return waitNanos;
  }

  /** How long it took to hand on what this node yields. */
  long giveNanos() {
    return giveNanos;
  }

  @Override
  public void awaitWeights(int from, int to) {
    long since = System.nanoTime();
    long waits = tracer.begin(step);
    if (!exchange.awaitWeights(slot, step, from, to, true)) {
      throw exchange.stopped() ? StoppedException.INSTANCE : CalledAwayException.INSTANCE;
    }
    tracer.waited(TraceKind.WAIT_WEIGHTS, step, waits);
    waitNanos += System.nanoTime() - since;
  }

  @Override
  public void sumsReady(Sums sums) {
    long since = System.nanoTime();
    long noted = tracer.begin(step);
    exchange.sendSums(step, node, leaves, topLevel, sums);
    tracer.end(TraceKind.GIVE_SUMS, step, noted, 0, node.level(), node.index());
    giveNanos += System.nanoTime() - since;
  }

  @Override
  public void gradientReady(int from, int to) {
    long since = System.nanoTime();
    for (int bucket = buckets.bucketAt(from); bucket <= buckets.bucketAt(to - 1); bucket++) {
      open[bucket] -= Math.min(to, buckets.to(bucket)) - Math.max(from, buckets.from(bucket));
      if (open[bucket] == 0) {
        give(bucket);
      }
    }
    giveNanos += System.nanoTime() - since;
  }

  private void give(int bucket) {
    long since = tracer.begin(step);
    exchange.sendGradient(step, bucket, node, leaves, topLevel, partial);
    tracer.end(TraceKind.GIVE, step, since, bucket, node.level(), node.index());
  }

  @Override
  public void forwardDone(int operation) {
    partDone(TraceKind.FORWARD, operation);
  }

  @Override
  public void lossDone() {
    partDone(TraceKind.LOSS, 0);
  }

  @Override
  public void backwardDone(int operation) {
    partDone(TraceKind.BACKWARD, operation);
  }

  private void partDone(TraceKind kind, int operation) {
    tracer.end(kind, step, partSince, operation);
    partSince = tracer.begin(step);
  }
}
