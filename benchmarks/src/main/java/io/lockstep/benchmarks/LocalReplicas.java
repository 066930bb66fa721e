package io.lockstep.benchmarks;

import io.lockstep.kernels.Kernels;
import io.lockstep.training.Buckets;
import io.lockstep.training.InProcessDataPlane;
import io.lockstep.training.Job;
import io.lockstep.training.NodeExchange;
import io.lockstep.training.Plan;
import io.lockstep.training.Replica;
import io.lockstep.training.RunIdentity;
import io.lockstep.training.ShardHost;
import io.lockstep.training.ShardListener;
import io.lockstep.training.Slowdown;
import io.lockstep.training.Theta;
import io.lockstep.training.Workplaces;
import java.util.List;
import java.util.stream.IntStream;

/** The replicas and the one shard of a job in this JVM, as a run has them, but without actors. */
public final class LocalReplicas {

  private static final long BUCKET_BYTES = 256 * 1024;

  private LocalReplicas() {}

  /**
   * Replicas that train together, to be stepped each by a thread of its own.
   *
   * @param listener told by the shard of steps and evaluations
   */
  public static List<Replica> of(Job job, int workers, Kernels kernels, ShardListener listener) {
    int parameters = job.network().parameters().packedLength();
    Buckets buckets = new Buckets(parameters, BUCKET_BYTES, 1);
    InProcessDataPlane plane = new InProcessDataPlane();
    Theta theta = plane.theta(buckets, 0);
    ShardHost shard = new ShardHost(job, buckets, kernels, 0, theta, listener);
    RunIdentity run = new RunIdentity(1, 1);
    plane.serve(run, shard);
    NodeExchange exchange =
        plane.connect(
            run, "benchmark", job, buckets, kernels, 0, workers, List.of(plane.endpoint()));
    exchange.know(new Plan(1, List.of(new Plan.Share(0, workers))));
    shard.activate(1);
    shard.start();
    Workplaces workplaces = new Workplaces(job, buckets, kernels, workers);
    return IntStream.range(0, workers)
        .mapToObj(worker -> new Replica(workplaces, exchange, worker, new Slowdown()))
        .toList();
  }
}
