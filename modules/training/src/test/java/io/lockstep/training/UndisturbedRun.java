package io.lockstep.training;

import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Sums;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a run of a {@link ModelJob} is to yield: leaf by leaf, in order, with one shard. */
final class UndisturbedRun implements ShardListener {

  private final ModelJob model;
  private final Buckets buckets;
  private final ShardHost shard;
  private final Theta theta;
  private final Kernels kernels;

  /** By version: θ, then the optimizer's state. */
  final List<float[][]> states = new ArrayList<>();

  final List<StepSums> steps = new ArrayList<>();

  UndisturbedRun(ModelJob model, Kernels kernels) {
    this.model = model;
    this.kernels = kernels;
    Job job = model.job;
    this.buckets = new Buckets(job.network().parameters().packedLength(), 1, 1);
    this.theta = new Theta(0, buckets.parameters());
    this.shard = new ShardHost(job, buckets, kernels, 0, theta, this);
    keep(0);
    for (long step = 0; step < job.epochs().steps(); step++) {
      train(step);
      keep(step + 1);
    }
  }

  private void keep(long version) {
    shard.keeping().snapshotAt(version);
    float[][] state = new float[shard.keeping().stateArrays()][];
    Arrays.setAll(state, i -> shard.keeping().snapshot(version, i).clone());
    states.add(state);
  }

  private void train(long step) {
    float[] weights = theta.array(step).clone();
    double forward = forward(weights);
    int leaves = model.leaves(step);
    Sums sums = new Sums();
    for (int leaf = 0; leaf < leaves; leaf++) {
      ModelJob.sums(forward, step, new Node(0, leaf), leaves, sums);
      shard.sums(step, 0, leaf, leaves, sums);
      for (int bucket = 0; bucket < buckets.count(); bucket++) {
        int from = buckets.from(bucket);
        int to = buckets.to(bucket);
        float[] gradient = new float[buckets.parameters()];
        model.gradient(forward, weights, step, new Node(0, leaf), from, to, gradient);
        Partial partial = shard.take(bucket);
        int at = from - partial.from();
        System.arraycopy(gradient, from, partial.values(), at, to - from);
        GradientFormat format = model.job.gradients();
        format.round(kernels.elementwise(), partial.values(), at, to - from);
        shard.gradient(step, bucket, 0, leaf, leaves, partial);
      }
    }
  }

  private double forward(float[] weights) {
    double forward = 0;
    for (int bucket = 0; bucket < buckets.count(); bucket++) {
      forward = ModelJob.forward(forward, weights, buckets.from(bucket), buckets.to(bucket));
    }
    return forward;
  }

  StepSums evaluation(Evaluation evaluation, long version) {
    int units = evaluation.units(model.job);
    Sums sums = new Sums();
    double forward = forward(states.get((int) version)[0]);
    ModelJob.sums(forward, version, new Node(Node.rootLevel(units), 0), units, sums);
    return told(sums);
  }

  /** The version at which the validations end the run. */
  long end() {
    EarlyStopping rule = model.job.stopping();
    Validations validations = Validations.NONE;
    long steps = model.job.epochs().steps();
    for (long version = 1; version < steps && rule.decides(); version++) {
      if (model.job.epochs().endsEpoch(version - 1)) {
        StepSums sums = evaluation(Evaluation.VALIDATION, version);
        validations = rule.after(validations, version, sums.loss() / sums.weight());
        if (rule.isOver(validations)) {
          return version;
        }
      }
    }
    return steps;
  }

  /** Without the time. */
  static StepSums told(Sums sums) {
    return new StepSums(sums.weight, sums.loss, sums.correct, sums.deviance, 0);
  }

  @Override
  public void stepDone(long step, int layer, Sums sums) {
    steps.add(told(sums));
  }

  @Override
  public void evaluated(Evaluation evaluation, long version, Sums sums) {}

  @Override
  public void begun(long version, int plan) {}
}
