package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Sums;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A replica and a shard of one JVM, whose steps are done when they are asked for. */
final class SteppedRun {

  private static final RunIdentity RUN = new RunIdentity(1, 1);

  final ShardHost shard;
  final Theta theta;

  /** The versions of which the shard said that it had a snapshot. */
  final BlockingQueue<Long> taken = new LinkedBlockingQueue<>();

  private final Job job;
  private final Buckets buckets;
  private final InProcessDataPlane plane = new InProcessDataPlane();
  private final List<Endpoint> servers = List.of(plane.endpoint());
  private final Replica replica;

  SteppedRun(Job job) {
    this.job = job;
    this.buckets = new Buckets(job.network().parameters().packedLength(), 1 << 14, 1);
    this.theta = plane.theta(buckets, 0);
    Kernels kernels = Kernels.select(Kernels.Choice.SCALAR);
    this.shard = new ShardHost(job, buckets, kernels, 0, theta, new Told());
    plane.serve(RUN, shard);
    NodeExchange exchange = plane.connect(RUN, "", job, buckets, kernels, 0, 1, servers);
    exchange.know(new Plan(1, List.of(new Plan.Share(0, 1))));
    shard.activate(1);
    shard.start();
    Workplaces workplaces = new Workplaces(job, buckets, kernels, 1);
    this.replica = new Replica(workplaces, exchange, 0, new Slowdown());
  }

  private final class Told implements ShardListener {
    @Override
    public void stepDone(long step, int layer, Sums sums) {}

    @Override
    public void evaluated(Evaluation evaluation, long version, Sums sums) {}

    @Override
    public void begun(long version, int plan) {}

    @Override
    public void snapshotTaken(long version) {
      taken.add(version);
    }
  }

  /** Does the steps [{@code from}, {@code to}). */
  void train(long from, long to) {
    for (long step = from; step < to; step++) {
      assertThat(replica.step(step)).isTrue();
    }
  }

  TrainingState fetch(long version) {
    return plane.fetch(RUN, "", job, buckets, version, servers);
  }

  float[] weights(long version) {
    return plane.weights(RUN, "", job, buckets, version, servers);
  }
}
