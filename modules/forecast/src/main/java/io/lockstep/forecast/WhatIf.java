package io.lockstep.forecast;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Finds what a cluster is short of, by simulating it with one thing after the other taking no time.
 *
 * @param runs of the simulator
 */
record WhatIf(Runs runs) {

  /** All that being several costs. */
  private static final Set<Resource> PRICE = EnumSet.complementOf(EnumSet.of(Resource.COMPUTE));

  /**
   * The bottleneck of a cluster. Where two resources bind alike, and neither alone would save
   * anything, the busier one is named if both together would.
   */
  Bottleneck bottleneck(ClusterSpec cluster) {
    Map<Resource, Double> gains = new EnumMap<>(Resource.class);
    for (Resource resource : Resource.values()) {
      gains.put(resource, present(cluster, resource) ? gain(cluster, resource) : 0.0);
    }
    Resource most = PRICE.stream().max(Comparator.comparingDouble(gains::get)).orElseThrow();
    if (gains.get(most) >= Bottleneck.LEAST_GAIN) {
      return new Bottleneck(most, gains);
    }
    boolean together = gain(cluster, PRICE.toArray(Resource[]::new)) >= Bottleneck.LEAST_GAIN;
    return new Bottleneck(together ? busiest(cluster) : Resource.COMPUTE, gains);
  }

  private static boolean present(ClusterSpec cluster, Resource resource) {
    return switch (resource) {
      case COMPUTE, AGGREGATION -> true;
      case STRAGGLERS -> !(cluster.stragglers() instanceof Stragglers.None);
      case WORKER_LINK, SERVER_LINK ->
          !cluster.oneMachine() && Double.isFinite(cluster.link().bitsPerSecond());
      case LATENCY -> !cluster.oneMachine() && cluster.link().latencyNanos() > 0;
    };
  }

  private Resource busiest(ClusterSpec cluster) {
    Map<Resource, Double> used = runs.of(cluster).utilization();
    return PRICE.stream()
        .filter(resource -> present(cluster, resource))
        .max(Comparator.comparingDouble(resource -> used.getOrDefault(resource, 0.0)))
        .orElse(Resource.COMPUTE);
  }

  /** The share of a step's time that would be saved if these took none; 0 for less than nothing. */
  double gain(ClusterSpec cluster, Resource... free) {
    return Math.max(0, 1 - runs.of(cluster, free).stepNanos() / runs.of(cluster).stepNanos());
  }
}
