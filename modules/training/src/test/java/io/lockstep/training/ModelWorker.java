package io.lockstep.training;

import io.lockstep.nn.Sums;

/** A worker of a simulated node: a {@link SteppedReplica} with passes of a {@link ModelJob}. */
final class ModelWorker extends Schedule.Source implements SteppedPasses {

  private final ModelJob model;
  private final Buckets buckets;
  private final SimulatedNode owner;
  private final NodeExchange exchange;
  private final int slot;
  private final GradientSender sender;
  private final SteppedReplica replica;
  private boolean warm;
  private boolean left;

  ModelWorker(
      ModelJob model, Buckets buckets, SimulatedNode owner, NodeExchange exchange, int slot) {
    this.model = model;
    this.buckets = buckets;
    this.owner = owner;
    this.exchange = exchange;
    this.slot = slot;
    PartialPool partials = new PartialPool(buckets.parameters(), buckets.count());
    this.sender = new GradientSender(exchange, buckets, partials, slot);
    this.replica = new SteppedReplica(model.job, exchange, slot, this);
  }

  /** After the steps: evaluates a version. */
  void evaluate(Evaluation evaluation, long version, Plan of) {
    replica.evaluate(evaluation, version, of);
  }

  void train() {
    replica.run();
  }

  @Override
  boolean isReady() {
    return !warm || replica.isReady();
  }

  @Override
  void go() {
    if (!warm) {
      warm = true;
      owner.workerReady();
      return;
    }
    replica.go();
    if (replica.hasLeft() && !left) {
      left = true;
      owner.workerLeft();
    }
  }

  @Override
  public SteppedPass train(long step, Node node, int leaves, int topLevel) {
    owner.tell(() -> "worker %d begins %s of step %d".formatted(slot, node, step));
    return new ModelPass(model, exchange, buckets, sender, step, node, topLevel);
  }

  @Override
  public SteppedPass evaluate(Evaluation evaluation, long version, Node node, int units) {
    return new Units(evaluation, version, node, units);
  }

  /** Some units of an evaluation, in one part. */
  private final class Units implements SteppedPass {

    private final Evaluation evaluation;
    private final long version;
    private final Node node;
    private final int units;

    private Units(Evaluation evaluation, long version, Node node, int units) {
      this.evaluation = evaluation;
      this.version = version;
      this.node = node;
      this.units = units;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public boolean go() {
      float[] theta = exchange.weights(version);
      double forward = 0;
      for (int bucket = 0; bucket < buckets.count(); bucket++) {
        forward = ModelJob.forward(forward, theta, buckets.from(bucket), buckets.to(bucket));
      }
      Sums sums = new Sums();
      ModelJob.sums(forward, version, node, units, sums);
      exchange.sendEvaluation(evaluation, version, node, units, sums);
      return true;
    }
  }
}
