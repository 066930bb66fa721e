package io.lockstep.forecast;

import io.lockstep.model.StepParts;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Steps by a formula: with n nodes, k servers, and β bytes a second, T = F + max(D, n·G/(k·β), G/β)
 * + n·b/β + n·A/k + 2L, where F and D grow with the leaves of a worker.
 *
 * @param costs F, D and A in nanoseconds
 * @param gradientBytes G
 * @param bucketBytes b
 * @param seed of the factor on F and D with which nodes differ
 */
record FormulaSimulator(Costs costs, double gradientBytes, double bucketBytes, long seed)
    implements Simulator {

  record Costs(double forwardNanos, double backwardNanos, double addNanos) {}

  @Override
  public Simulated run(ClusterSpec cluster, Size size, Set<Resource> free) {
    int workers = cluster.nodes() * cluster.workersPerNode();
    double leaves = Math.ceilDiv(size.microBatches(), workers);
    double compute = free.contains(Resource.COMPUTE) ? 0 : leaves * factor(cluster, free);
    double bytesPerNano = cluster.hardware().link().bitsPerSecond() / 8e9;
    double each = gradientBytes / bytesPerNano;
    double worker = free.contains(Resource.WORKER_LINK) ? 0 : each;
    boolean freeServers = free.contains(Resource.SERVER_LINK);
    double server = freeServers ? 0 : cluster.nodes() * each / cluster.servers();
    double last = freeServers ? 0 : cluster.nodes() * bucketBytes / bytesPerNano;
    double adds =
        free.contains(Resource.AGGREGATION)
            ? 0
            : cluster.nodes() * costs.addNanos() / cluster.servers();
    double latency =
        free.contains(Resource.LATENCY) ? 0 : 2.0 * cluster.hardware().link().latencyNanos();
    double forward = costs.forwardNanos() * compute;
    double overlapped = Math.max(costs.backwardNanos() * compute, Math.max(worker, server));
    double step = forward + overlapped + last + adds + latency;
    Map<Resource, Double> used = new EnumMap<>(Resource.class);
    used.put(Resource.WORKER_LINK, worker / step);
    used.put(Resource.SERVER_LINK, server / step);
    double computing = (costs.forwardNanos() + costs.backwardNanos()) * compute;
    StepParts parts = new StepParts(computing, 0, adds, step - adds - computing, 0);
    return new Simulated(50, step, parts, used, 1);
  }

  private double factor(ClusterSpec cluster, Set<Resource> free) {
    return cluster.hardware().stragglers() instanceof Stragglers.LogNormal(double sigma)
            && !free.contains(Resource.STRAGGLERS)
        ? Math.exp(sigma * Math.abs(new Random(seed).nextGaussian()))
        : 1;
  }
}
