package io.lockstep.forecast;

import io.lockstep.forecast.Simulator.Size;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;

/** Simulations that were done already are not done again. Used by one thread. */
final class Runs {

  /** Where something is drawn by lot. */
  private static final int DRAWS = 8;

  private final LongFunction<Simulator> simulators;
  private final long seed;
  private final Work work;
  private final Map<Key, Simulated> done = new HashMap<>();

  private record Key(int draw, ClusterSpec cluster, Size size, Set<Resource> free) {}

  Runs(LongFunction<Simulator> simulators, long seed, Work work) {
    this.simulators = simulators;
    this.seed = seed;
    this.work = work;
  }

  /** The first draw. */
  Simulated of(ClusterSpec cluster, Resource... free) {
    return of(0, cluster, Set.of(free));
  }

  /** All draws; one where nothing is drawn. */
  List<Simulated> draws(ClusterSpec cluster) {
    int count = cluster.stragglers() instanceof Stragglers.LogNormal ? DRAWS : 1;
    List<Simulated> all = new ArrayList<>();
    for (int draw = 0; draw < count; draw++) {
      all.add(of(draw, cluster, Set.of()));
    }
    return all;
  }

  private Simulated of(int draw, ClusterSpec cluster, Set<Resource> free) {
    Key key = new Key(draw, cluster, work.size(cluster), free);
    return done.computeIfAbsent(
        key, run -> simulators.apply(seed + draw).run(run.cluster(), run.size(), run.free()));
  }
}
