package io.lockstep.training;

import io.lockstep.nn.Sums;

/**
 * A pass over the leaves of a node, one bucket at a time: forward as its weights are there, then
 * the sums, then backward, where each bucket of the gradient is handed on as it is done.
 */
final class ModelPass implements SteppedPass {

  private final ModelJob model;
  private final NodeExchange exchange;
  private final Buckets buckets;
  private final GradientSender sender;
  private final long step;
  private final Node node;
  private double forward;
  private int next;
  private boolean backward;
  private float[] gradient;

  /**
   * @param topLevel the level up to which the node that computes has all leaves
   */
  ModelPass(
      ModelJob model,
      NodeExchange exchange,
      Buckets buckets,
      GradientSender sender,
      long step,
      Node node,
      int topLevel) {
    this.model = model;
    this.exchange = exchange;
    this.buckets = buckets;
    this.sender = sender;
    this.step = step;
    this.node = node;
    sender.begin(step, node, model.leaves(step), topLevel);
  }

  @Override
  public boolean isReady() {
    return backward || !exchange.wants(next, step);
  }

  @Override
  public boolean go() {
    float[] theta = exchange.weights(step);
    int from = buckets.from(next);
    int to = buckets.to(next);
    if (backward) {
      model.gradient(forward, theta, step, node, from, to, gradient);
      sender.gradientReady(from, to);
      next--;
      return next < 0;
    }
    forward = ModelJob.forward(forward, theta, from, to);
    next++;
    if (next == buckets.count()) {
      backward = true;
      next--;
      Sums sums = new Sums();
      ModelJob.sums(forward, step, node, model.leaves(step), sums);
      sender.sumsReady(sums);
      gradient = sender.takeGradient();
    }
    return false;
  }
}
