package io.lockstep.forecast.run;

import io.lockstep.forecast.AggregationCosts;
import io.lockstep.forecast.ClusterSpec;
import io.lockstep.forecast.Link;
import io.lockstep.forecast.Profile;
import io.lockstep.forecast.Resource;
import io.lockstep.forecast.Stragglers;
import io.lockstep.forecast.WireCosts;
import io.lockstep.forecast.time.Draws;
import io.lockstep.forecast.time.EventQueue;
import io.lockstep.kernels.CounterRandom.Purpose;
import io.lockstep.kernels.Kernels;
import io.lockstep.training.Buckets;
import io.lockstep.training.Job;
import java.util.Set;

/** What all of a simulated cluster has in common: what it trains, what that costs, and the time. */
final class World {

  private static final AggregationCosts NO_AGGREGATION = new AggregationCosts(0, 0, 0);

  /** 7 % of 100 nodes are 7. */
  private static final double ROUNDING = 1e-9;

  final EventQueue queue = new EventQueue();
  final Meter meter = new Meter(queue);
  final Job job;
  final Buckets buckets;
  final ClusterSpec spec;
  final Profile profile;
  final Draws draws;
  final Kernels workerKernels;
  final Kernels serverKernels;
  private final Set<Resource> free;

  /**
   * @param free what costs no time
   */
  World(
      Job job,
      Buckets buckets,
      ClusterSpec spec,
      Profile profile,
      Set<Resource> free,
      Draws draws) {
    this.job = job;
    this.buckets = buckets;
    this.spec = spec;
    this.profile = profile;
    this.free = Set.copyOf(free);
    this.draws = draws;
    this.workerKernels = kernels(isFree(Resource.COMPUTE));
    this.serverKernels = kernels(isFree(Resource.AGGREGATION));
  }

  private Kernels kernels(boolean free) {
    AggregationCosts costs = free ? NO_AGGREGATION : profile.aggregation();
    return new Kernels(
        Kernels.Choice.SCALAR,
        null,
        new MeteredElementwise(meter, costs),
        null,
        new MeteredUpdates(meter, costs),
        null);
  }

  boolean isFree(Resource resource) {
    return free.contains(resource);
  }

  /** Of a byte from one machine to another. */
  long latencyNanos() {
    return spec.hardware().oneMachine() || isFree(Resource.LATENCY)
        ? 0
        : spec.hardware().link().latencyNanos();
  }

  /** Bits per second of a machine's link. */
  double linkRate(Resource ofWhom) {
    return isFree(ofWhom) ? Link.FREE.bitsPerSecond() : spec.hardware().link().bitsPerSecond();
  }

  /** What frames cost the cores of worker nodes, or of servers. */
  WireCosts.Path wireCosts(Resource ofWhom) {
    if (isFree(ofWhom)) {
      return WireCosts.Path.FREE;
    }
    return spec.hardware().oneMachine() ? profile.wire().shared() : profile.wire().sockets();
  }

  /** Of a message between actors, apart from the network. */
  double controlNanos() {
    return profile.wire().controlNanos();
  }

  /** How many times as long a node, from 0, computes for a step. */
  double slowness(int node, long step) {
    if (isFree(Resource.STRAGGLERS)) {
      return 1;
    }
    return switch (spec.hardware().stragglers()) {
      case Stragglers.None() -> 1;
      case Stragglers.LogNormal(double sigma) ->
          draws.lognormal(sigma, Purpose.STRAGGLERS, node, step);
      case Stragglers.Slow(double factor, double share) ->
          node < Math.ceil(share * spec.nodes() - ROUNDING) ? factor : 1;
    };
  }
}
