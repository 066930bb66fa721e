package io.lockstep.forecast;

import io.lockstep.forecast.Simulator.Size;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Simulations, none of which is done twice; those of one question by all cores. Thread-safe. */
final class Runs {

  /** Where something is drawn by lot: an odd number, of which one is in the middle. */
  static final int DRAWS = 7;

  /** Draws of one seed: these, and that of failures. */
  private static final int DRAWS_OF_SEED = DRAWS + 1;

  /** Beyond it, up or down, the numbers of draws would begin anew. */
  static final long MOST_SEED = Long.MAX_VALUE / DRAWS_OF_SEED;

  private final Scenario scenario;
  private final Memo<Run, Simulated> done;

  private record Run(int draw, ClusterSpec cluster, Size size, Set<Resource> free) {}

  /**
   * One of several draws.
   *
   * @param number from 0
   * @param step how steps went
   */
  record Draw(int number, Simulated step) {}

  Runs(Scenario scenario) {
    this.scenario = scenario;
    this.done = new Memo<>(this::simulate, scenario.others());
  }

  /**
   * Draws of one seed are none of another one.
   *
   * @throws IllegalArgumentException if there are none left for such a seed
   */
  static long seed(long seed, int draw) {
    if (seed < -MOST_SEED || seed > MOST_SEED) {
      throw new IllegalArgumentException(
          "seed: expected %d to %d but found %d".formatted(-MOST_SEED, MOST_SEED, seed));
    }
    return seed * DRAWS_OF_SEED + draw;
  }

  private Simulated simulate(Run run) {
    long seed = seed(scenario.seed(), run.draw());
    return scenario.simulators().apply(seed).run(run.cluster(), run.size(), run.free());
  }

  /** The first draw. */
  Simulated of(ClusterSpec cluster, Resource... free) {
    return done.get(run(0, cluster, Set.of(free)));
  }

  /** One draw, for each of some sets of resources that are to cost no time. */
  List<Simulated> of(int draw, ClusterSpec cluster, List<Set<Resource>> free) {
    return done.getAll(free.stream().map(each -> run(draw, cluster, each)).toList());
  }

  /** The first draw of some clusters. */
  List<Simulated> of(List<ClusterSpec> clusters) {
    return done.getAll(clusters.stream().map(cluster -> run(0, cluster, Set.of())).toList());
  }

  /** All draws, the fastest first; one where nothing is drawn. */
  List<Draw> draws(ClusterSpec cluster) {
    int count = cluster.hardware().stragglers() instanceof Stragglers.LogNormal ? DRAWS : 1;
    List<Run> all =
        IntStream.range(0, count).mapToObj(draw -> run(draw, cluster, Set.of())).toList();
    List<Simulated> steps = done.getAll(all);
    return IntStream.range(0, count)
        .mapToObj(draw -> new Draw(draw, steps.get(draw)))
        .sorted(Comparator.comparingDouble(draw -> draw.step().stepNanos()))
        .toList();
  }

  private Run run(int draw, ClusterSpec cluster, Set<Resource> free) {
    return new Run(draw, cluster, scenario.work().size(cluster), free);
  }
}
