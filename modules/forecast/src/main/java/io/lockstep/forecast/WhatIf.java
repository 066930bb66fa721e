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
   * they are named together: both links, if that is more than anything alone would save, or all but
   * computing, where nothing else is worth a name.
   */
  Bottleneck bottleneck(ClusterSpec cluster) {
    List<Resource> all =
        Stream.of(Resource.values()).filter(resource -> present(cluster, resource)).toList();
    List<Resource> links = LINKS.stream().filter(all::contains).toList();
    Stream<Set<Resource>> singles = all.stream().map(Set::of);
    runs.of(
        draw,
        cluster,
        Stream.of(Stream.of(NOTHING), singles, Stream.of(Set.copyOf(links)))
            .flatMap(questions -> questions)
            .distinct()
            .toList());
    Map<Resource, Double> gains = new EnumMap<>(Resource.class);
    for (Resource resource : Resource.values()) {
      gains.put(resource, all.contains(resource) ? gain(cluster, resource) : 0.0);
    }
    Resource most = PRICE.stream().max(Comparator.comparingDouble(gains::get)).orElseThrow();
    double either = links.stream().mapToDouble(gains::get).max().orElse(0);
    double both = gain(cluster, links.toArray(Resource[]::new));
    boolean together = both > gains.get(most) && both > MUCH_MORE * either;
    List<Resource> first = together ? links : List.of(most);
    for (List<Resource> some : List.of(first, links, PRICE)) {
      List<Resource> free = some.stream().filter(all::contains).toList();
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
    List<Simulated> both = runs.of(draw, cluster, List.of(NOTHING, Set.of(free)));
    return Math.max(0, 1 - both.getLast().stepNanos() / both.getFirst().stepNanos());
  }
}
