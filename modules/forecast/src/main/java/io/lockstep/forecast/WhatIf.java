package io.lockstep.forecast;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/**
 * Finds what a cluster is short of, by simulating it with one thing after the other taking no time.
 *
 * @param runs of the simulator
 */
record WhatIf(Runs runs) {

  /** All that being several costs. */
  private static final List<Resource> PRICE =
      List.copyOf(EnumSet.complementOf(EnumSet.of(Resource.COMPUTE)));

  private static final List<Resource> LINKS = List.of(Resource.WORKER_LINK, Resource.SERVER_LINK);

  /**
   * The bottleneck of a cluster. Where resources bind alike, and none alone would save anything,
   * they are named together: both links, else all but computing.
   */
  Bottleneck bottleneck(ClusterSpec cluster) {
    Map<Resource, Double> gains = new EnumMap<>(Resource.class);
    for (Resource resource : Resource.values()) {
      gains.put(resource, present(cluster, resource) ? gain(cluster, resource) : 0.0);
    }
    Resource most = PRICE.stream().max(Comparator.comparingDouble(gains::get)).orElseThrow();
    for (List<Resource> some : List.of(List.of(most), LINKS, PRICE)) {
      List<Resource> free = some.stream().filter(resource -> present(cluster, resource)).toList();
      double gain = gain(cluster, free.toArray(Resource[]::new));
      if (gain >= Bottleneck.LEAST_GAIN) {
        return new Bottleneck(free, gain, gains);
      }
    }
    return new Bottleneck(List.of(Resource.COMPUTE), gains.get(Resource.COMPUTE), gains);
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

  /** The share of a step's time that would be saved if these took none; 0 for less than nothing. */
  double gain(ClusterSpec cluster, Resource... free) {
    return Math.max(0, 1 - runs.of(cluster, free).stepNanos() / runs.of(cluster).stepNanos());
  }
}
