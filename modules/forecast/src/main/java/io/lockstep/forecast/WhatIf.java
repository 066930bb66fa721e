package io.lockstep.forecast;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds what a cluster is short of, by simulating it with one thing after the other taking no time.
 *
 * @param runs of the simulator
 * @param draw what was drawn by lot, in all of them
 */
record WhatIf(Runs runs, int draw) {

  /** All that being several costs. */
  private static final List<Resource> PRICE =
      List.copyOf(EnumSet.complementOf(EnumSet.of(Resource.COMPUTE)));

  private static final Set<Resource> NOTHING = Set.of();

  private static final List<Resource> LINKS = List.of(Resource.WORKER_LINK, Resource.SERVER_LINK);

  /** Both links are named where together they save more than so many times what either does. */
  private static final double MUCH_MORE = 2;

  /**
   * The bottleneck of a cluster. Where resources bind alike, each alone would save little, so that
   * they are named together: both links, if that is more than anything alone would save or nothing
   * alone is worth a name, or all but computing, where nothing else is.
   */
  Bottleneck bottleneck(ClusterSpec cluster) {
    List<Resource> all = present(cluster, List.of(Resource.values()));
    simulate(cluster, all);
    Map<Resource, Double> gains = gains(cluster, all);
    return Stream.of(worst(cluster, gains), LINKS, PRICE)
        .map(some -> bottleneck(cluster, present(cluster, some), gains))
        .filter(found -> found.gain() >= Bottleneck.LEAST_GAIN)
        .findFirst()
        .orElseGet(
            () -> new Bottleneck(List.of(Resource.COMPUTE), gains.get(Resource.COMPUTE), gains));
  }

  /** By all cores, what is to be known in any case: each alone, and both links. */
  private void simulate(ClusterSpec cluster, List<Resource> all) {
    Stream<Set<Resource>> singles = all.stream().map(Set::of);
    Set<Resource> links = Set.copyOf(present(cluster, LINKS));
    runs.of(
        draw,
        cluster,
        Stream.of(Stream.of(NOTHING), singles, Stream.of(links))
            .flatMap(questions -> questions)
            .distinct()
            .toList());
  }

  /** What each would save alone. */
  private Map<Resource, Double> gains(ClusterSpec cluster, List<Resource> all) {
    Map<Resource, Double> gains = new EnumMap<>(Resource.class);
    for (Resource resource : Resource.values()) {
      gains.put(resource, all.contains(resource) ? gain(cluster, resource) : 0.0);
    }
    return gains;
  }

  /** What alone saves most, of all but computing; or both links, where they bind alike. */
  private List<Resource> worst(ClusterSpec cluster, Map<Resource, Double> gains) {
    Resource most = PRICE.stream().max(Comparator.comparingDouble(gains::get)).orElseThrow();
    double ofLink = LINKS.stream().mapToDouble(gains::get).max().orElseThrow();
    double ofLinks = gain(cluster, present(cluster, LINKS));
    return ofLinks > gains.get(most) && ofLinks > MUCH_MORE * ofLink ? LINKS : List.of(most);
  }

  private Bottleneck bottleneck(
      ClusterSpec cluster, List<Resource> free, Map<Resource, Double> gains) {
    return new Bottleneck(free, gain(cluster, free), gains);
  }

  /** Those of some resources that cost anything on these machines. */
  private static List<Resource> present(ClusterSpec cluster, List<Resource> some) {
    return some.stream().filter(resource -> isPresent(cluster, resource)).toList();
  }

  private static boolean isPresent(ClusterSpec cluster, Resource resource) {
    return switch (resource) {
      case COMPUTE, AGGREGATION -> true;
      case STRAGGLERS -> !(cluster.hardware().stragglers() instanceof Stragglers.None);
      case WORKER_LINK, SERVER_LINK ->
          !cluster.hardware().oneMachine()
              && Double.isFinite(cluster.hardware().link().bitsPerSecond());
      case LATENCY ->
          !cluster.hardware().oneMachine() && cluster.hardware().link().latencyNanos() > 0;
    };
  }

  /** The share of a step's time that would be saved if these took none; 0 for less than nothing. */
  double gain(ClusterSpec cluster, Resource... free) {
    return gain(cluster, List.of(free));
  }

  private double gain(ClusterSpec cluster, List<Resource> free) {
    List<Simulated> both = runs.of(draw, cluster, List.of(NOTHING, Set.copyOf(free)));
    return Math.max(0, 1 - both.getLast().stepNanos() / both.getFirst().stepNanos());
  }
}
