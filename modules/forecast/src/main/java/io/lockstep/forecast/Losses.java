package io.lockstep.forecast;

import io.lockstep.forecast.Simulator.Size;

/** How much later a training ends because something died in it. */
@FunctionalInterface
public interface Losses {

  /** What one death costs, on these machines, in a training with such steps that survives it. */
  Loss lossOf(ClusterSpec cluster, Size size, Death death);

  /** The same, of which nothing is asked twice. */
  default Losses remembered() {
    record Asked(ClusterSpec cluster, Size size, Death death) {}
    Memo<Asked, Loss> known =
        new Memo<>(asked -> lossOf(asked.cluster(), asked.size(), asked.death()));
    return (cluster, size, death) -> known.get(new Asked(cluster, size, death));
  }
}
