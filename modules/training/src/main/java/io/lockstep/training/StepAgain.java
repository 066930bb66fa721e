package io.lockstep.training;

import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Sums;
import java.util.List;

/**
 * Does a step again, alone and in this process, whose update some buckets have and others lack: a
 * gradient has the same bits wherever it is computed. So a run can go on although the partials of
 * its last step are gone. Used once, by one thread.
 */
public final class StepAgain {

  private static final RunIdentity ALONE = new RunIdentity(0, 0);

  private final Sums sums = new Sums();
  private final TrainingState state;
  private int layer = Sums.NONE;

  private StepAgain(
      Job job, Kernels kernels, Salvage.Choice<?> choice, float[] theta, float[][] found) {
    long step = choice.version();
    int parameters = theta.length;
    Buckets buckets = new Buckets(parameters, 4L * parameters, 1);
    InProcessDataPlane plane = new InProcessDataPlane();
    ShardHost shard = new ShardHost(job, buckets, kernels, 0, plane.theta(buckets, 0), new Told());
    float[][] from = found.clone();
    from[0] = theta;
    plane.serve(ALONE, shard);
    plane.restore(
        ALONE, "", job, buckets, new TrainingState(step, from), List.of(plane.endpoint()));
    NodeExchange exchange =
        plane.connect(ALONE, "", job, buckets, kernels, 0, 1, List.of(plane.endpoint()));
    exchange.know(new Plan(1, List.of(new Plan.Share(0, 1))));
    shard.activate(1);
    shard.goOn(step); // Where it ends an epoch: what that has decided is known.
    shard.keeping().snapshotAt(step + 1);
    if (choice.totals().isEmpty() && job.optimizer().totalsOfState()) {
      throw new IllegalStateException(
          "step %d: expected its totals with the copies of the shards, found none".formatted(step));
    }
    if (!choice.totals().isEmpty()) {
      shard.takeTotals(step, choice.totals().stream().mapToDouble(total -> total).toArray());
    }
    shard.start();
    new Replica(new Workplaces(job, buckets, kernels, 1), exchange, 0, new Slowdown()).step(step);
    if (layer != Sums.NONE) {
      throw new IllegalStateException(
          "step %d: expected finite weights, found others in layer %d".formatted(step, layer));
    }
    this.state = shard.keeping().state(step + 1);
  }

  private final class Told implements ShardListener {

    @Override
    public void stepDone(long step, int failed, Sums of) {
      layer = failed;
      sums.copy(of);
    }

    @Override
    public void evaluated(Evaluation evaluation, long version, Sums of) {}

    @Override
    public void begun(long version, int plan) {}
  }

  /**
   * Makes up for what is missing of a step.
   *
   * @param buckets of the run
   * @param choice the version before the step, the buckets that have had its update, and the totals
   *     that it needs: what they are measured on may be gone
   * @param theta packed θ before the step
   * @param found the state as it is: before the step, but for the buckets that are ahead
   * @throws IllegalStateException if the step is not finite
   */
  public static StepAgain of(
      Job job,
      Kernels kernels,
      Buckets buckets,
      Salvage.Choice<?> choice,
      float[] theta,
      TrainingState found) {
    StepAgain done = new StepAgain(job, kernels, choice, theta, found.arrays());
    choice.ahead().stream()
        .forEach(bucket -> done.take(found.arrays(), buckets.from(bucket), buckets.to(bucket)));
    return done;
  }

  private void take(float[][] found, int from, int to) {
    for (int array = 0; array < found.length; array++) {
      System.arraycopy(found[array], from, state.arrays()[array], from, to - from);
    }
  }

  /** All of the state after the step. */
  public TrainingState state() {
    return state;
  }

  /** The sums over the step's rows. */
  public Sums sums() {
    return sums;
  }
}
