package io.lockstep.forecast;

import io.lockstep.forecast.Simulator.Size;

/** How much later a training ends because a process died in it. */
public interface Losses {

  /** What dies, in a training that goes on without it. */
  enum Death {
    /** A node with workers, not the last one. */
    WORKER,
    /** A parameter server that has a standby. */
    SERVER
  }

  /** Nanoseconds that one death costs, on these machines, in a training with such steps. */
  double lossOf(ClusterSpec cluster, Size size, Death death);
}
