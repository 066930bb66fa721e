package io.lockstep.forecast.run;

import io.lockstep.data.Sampler;
import io.lockstep.forecast.ClusterSpec;
import io.lockstep.forecast.Death;
import io.lockstep.forecast.Loss;
import io.lockstep.forecast.Losses;
import io.lockstep.forecast.Memo;
import io.lockstep.forecast.Profile;
import io.lockstep.forecast.Resource;
import io.lockstep.forecast.Simulated;
import io.lockstep.forecast.Simulator;
import io.lockstep.forecast.Stragglers;
import io.lockstep.forecast.time.Draws;
import io.lockstep.training.Buckets;
import io.lockstep.training.Epochs;
import io.lockstep.training.Job;
import io.lockstep.training.MicroBatches;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Simulates steps of a job on a cluster, from its assembling until they are steady. Thread-safe:
 * runs have nothing in common that changes.
 */
public final class ClusterSimulator implements Simulator, Losses {

  /** Rows of an epoch are counted by an int. */
  private static final long MOST_ROWS = 1 << 30;

  /** More than are simulated of any run. */
  private static final long MANY_STEPS = 1 << 20;

  private final Job job;
  private final long bucketBytes;
  private final Profile profile;
  private final long seed;
  private final Window window;
  private final Memo<Training, long[]> undisturbed = new Memo<>(this::withoutDeaths);

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
    SimCluster cluster = begun(spec, size, free);
    Usage before = Usage.of(cluster);
    cluster.train(before.steps() + window.steps());
    new Settling(cluster).requireAll();
    return Usage.of(cluster).since(before, cluster.steps());
  }

  /**
   * As before. The steps that are looked at are to be enough for the run to be steady again.
   *
   * @throws IllegalArgumentException if nobody can go on in place of what dies: then the run is
   *     over, and may be started again from its last checkpoint
   */
  @Override
  public Loss lossOf(ClusterSpec spec, Size size, Death death) {
    if (death.isOfServer() ? !spec.standbys() : spec.nodes() < 2) {
      throw new IllegalArgumentException(
          "death: expected another that goes on in place of a %s, found %s"
              .formatted(death.isOfServer() ? "server" : "worker", spec));
    }
    long[] without = undisturbed.get(new Training(spec, size));
    SimCluster disturbed = settled(spec, size);
    int at = disturbed.steps().steps();
    new SimDeaths(disturbed).one(death);
    long[] with = done(disturbed, at);
    return Loss.of(
        IntStream.range(0, with.length).mapToLong(step -> with[step] - without[step]).toArray());
  }

  /** A training in which nobody dies. */
  private record Training(ClusterSpec spec, Size size) {}

  private long[] withoutDeaths(Training training) {
    SimCluster cluster = settled(training.spec(), training.size());
    long[] done = done(cluster, cluster.steps().steps());
    new Settling(cluster).requireAll();
    return done;
  }

  /** When each of the next steps is done. */
  private long[] done(SimCluster cluster, int from) {
    cluster.train(from + window.steps());
    return IntStream.range(from, from + window.steps())
        .mapToLong(cluster.steps()::doneAt)
        .toArray();
  }

  /** A cluster whose steps are steady. */
  private SimCluster begun(ClusterSpec spec, Size size, Set<Resource> free) {
    SimCluster cluster = assembled(spec, size, free);
    cluster.train(window.before());
    Settling settling = new Settling(cluster);
    settling.mirror();
    if (spec.hardware().stragglers() instanceof Stragglers.Slow) {
      settling.adapt();
    }
    return cluster;
  }

  /** A cluster in which it is known what is usual. */
  private SimCluster settled(ClusterSpec spec, Size size) {
    SimCluster cluster = begun(spec, size, Set.of());
    new Settling(cluster).settle();
    return cluster;
  }

  /**
   * A cluster whose nodes are about to join.
   *
   * @throws IllegalArgumentException if there are more servers than buckets: a bucket is not
   *     divided
   */
  SimCluster assembled(ClusterSpec spec, Size size, Set<Resource> free) {
    int parameters = job.network().parameters().packedLength();
    Buckets buckets = new Buckets(parameters, bucketBytes, spec.servers());
    if (spec.servers() > buckets.shards()) {
      throw new IllegalArgumentException(
          "servers: expected at most %d, one for each bucket of weights, found %d"
              .formatted(buckets.shards(), spec.servers()));
    }
    World world = new World(of(size), buckets, spec, profile, free, new Draws(seed));
    SimCluster cluster = new SimCluster(world);
    cluster.assemble();
    return cluster;
  }

  /** The job with steps of that size, and enough of them. */
  private Job of(Size size) {
    long whole = Math.clamp(MOST_ROWS / size.rows(), 1, MANY_STEPS) * size.rows();
    int epochs = (int) Math.ceilDiv(MANY_STEPS * size.rows(), whole);
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
