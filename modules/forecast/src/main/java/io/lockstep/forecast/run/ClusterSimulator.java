package io.lockstep.forecast.run;

import io.lockstep.data.Sampler;
import io.lockstep.forecast.ClusterSpec;
import io.lockstep.forecast.Profile;
import io.lockstep.forecast.Resource;
import io.lockstep.forecast.Simulated;
import io.lockstep.forecast.Simulator;
import io.lockstep.forecast.time.Draws;
import io.lockstep.training.Buckets;
import io.lockstep.training.Epochs;
import io.lockstep.training.Job;
import io.lockstep.training.MicroBatches;
import java.util.Set;

/** Simulates steps of a job on a cluster, from its assembling until they are steady. */
public final class ClusterSimulator implements Simulator {

  /** Rows of an epoch are counted by an int. */
  private static final long MOST_ROWS = 1 << 30;

  private final Job job;
  private final long bucketBytes;
  private final Profile profile;
  private final long seed;
  private final Window window;

  /**
   * Which steps are looked at.
   *
   * @param before steps that come before
   * @param steps that are looked at
   */
  public record Window(int before, int steps) {

    /** As many as are needed where nothing is drawn by lot. */
    public static final Window USUAL = new Window(10, 50);
  }

  /**
   * @param job its network, optimizer and numbers of gradients are simulated, with full batches and
   *     without the evaluations between epochs
   * @param bucketBytes wanted bytes of a bucket of θ
   * @param profile what the job costs
   * @param seed of what is drawn by lot
   */
  public ClusterSimulator(Job job, long bucketBytes, Profile profile, long seed, Window window) {
    this.job = job;
    this.bucketBytes = bucketBytes;
    this.profile = profile;
    this.seed = seed;
    this.window = window;
  }

  @Override
  public Simulated run(ClusterSpec spec, Size size, Set<Resource> free) {
    SimCluster cluster = assembled(spec, size, free);
    cluster.train(window.before());
    Usage before = Usage.of(cluster);
    cluster.train(window.before() + window.steps());
    return Usage.of(cluster).since(before, cluster.steps());
  }

  /** A cluster whose nodes are about to join. */
  SimCluster assembled(ClusterSpec spec, Size size, Set<Resource> free) {
    int parameters = job.network().parameters().packedLength();
    Buckets buckets = new Buckets(parameters, bucketBytes, spec.servers());
    World world = new World(of(size), buckets, spec, profile, free, new Draws(seed));
    SimCluster cluster = new SimCluster(world);
    cluster.assemble();
    return cluster;
  }

  /** The job with steps of that size, and enough of them. */
  private Job of(Size size) {
    long steps = window.before() + window.steps() + 2L;
    long whole = Math.clamp(MOST_ROWS / size.rows(), 1, steps) * size.rows();
    int epochs = (int) Math.ceilDiv(steps * size.rows(), whole);
    Sampler sampler = new Sampler(job.seed(), (int) whole, size.rows());
    return new Job(
        job.network(),
        job.data(),
        new MicroBatches(size.rows(), size.microBatches()),
        new Epochs(sampler, epochs, 0),
        job.optimizer(),
        job.schedule(),
        job.gradients(),
        job.stopping(),
        job.seed());
  }
}
