package io.lockstep.forecast;

import io.lockstep.forecast.Simulator.Size;
import java.util.HashMap;
import java.util.Map;

/** How much later a training ends because something died in it. */
@FunctionalInterface
public interface Losses {

  /** What one death costs, on these machines, in a training with such steps that survives it. */
  Loss lossOf(ClusterSpec cluster, Size size, Death death);

  /** The same, of which nothing is asked twice. To be used by one thread. */
  default Losses remembered() {
    record Asked(ClusterSpec cluster, Size size, Death death) {}
    Map<Asked, Loss> known = new HashMap<>();
    return (cluster, size, death) ->
        known.computeIfAbsent(new Asked(cluster, size, death), ask -> lossOf(cluster, size, death));
  }
}
