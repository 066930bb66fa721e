package io.lockstep.forecast;

import io.lockstep.forecast.Simulator.Size;

/**
 * How often machines fail, and what that costs. What fails is a machine, of which nothing is heard
 * any more.
 *
 * @param perHour failures of one machine in an hour
 * @param restartNanos until another machine is in the place of one that failed
 * @param checkpoints when its weights are saved
 * @param losses of what a training survives
 */
public record Failures(
    double perHour, double restartNanos, Checkpoints checkpoints, Losses losses) {

  private static final double NANOS_PER_HOUR = 3600e9;

  /** Nothing ever fails. */
  public static final Failures NONE =
      new Failures(0, 0, new Checkpoints(0, 0), (cluster, size, death) -> new Loss(0, 0));

  /**
   * When weights are saved; whichever comes first.
   *
   * @param steps between two checkpoints; 0: not by their number
   * @param nanos between two checkpoints; 0: not by the time
   */
  public record Checkpoints(long steps, double nanos) {

    /** The time between two; the whole training where there are none. */
    double interval(double stepNanos, double trainingNanos) {
      double interval = trainingNanos;
      interval = steps > 0 ? Math.min(interval, (double) steps * stepNanos) : interval;
      return nanos > 0 ? Math.min(interval, nanos) : interval;
    }
  }

  /**
   * Expected lost time of a training, in nanoseconds: count · rate · loss of one death, summed over
   * worker nodes that have work and servers, for as long as it would take if nothing failed. Of
   * first order: that more fails in the time that is lost is left out.
   *
   * @param trainingNanos of steps and evaluations without failures
   */
  double expectedNanos(ClusterSpec cluster, Size size, double stepNanos, double trainingNanos) {
    if (perHour == 0) {
      return 0;
    }
    double again = restartNanos + checkpoints.interval(stepNanos, trainingNanos) / 2;
    double deaths = trainingNanos / NANOS_PER_HOUR * perHour;
    if (cluster.hardware().oneMachine()) {
      return deaths * again;
    }
    Survived survived = new Survived(cluster, size, restartNanos / stepNanos);
    return deaths * (ofNodes(survived) + ofServers(survived, again));
  }

  /** A training that goes on without what dies, for so many steps, which may be faster by that. */
  private record Survived(ClusterSpec cluster, Size size, double stepsWithout) {

    double nanos(Losses losses, Death death) {
      Loss loss = losses.lossOf(cluster, size, death);
      return loss.nanos() + Math.max(0, loss.nanosPerStep()) * stepsWithout;
    }
  }

  /** Without its last node a training waits for another one, and then does no step again. */
  private double ofNodes(Survived training) {
    int nodes = training.cluster().nodes();
    int busy = training.size().busy(nodes);
    return nodes == 1 ? restartNanos : busy * training.nanos(losses, Death.WORKER_MACHINE);
  }

  private double ofServers(Survived training, double again) {
    ClusterSpec cluster = training.cluster();
    double each = cluster.standbys() ? training.nanos(losses, Death.SERVER_MACHINE) : again;
    return cluster.servers() * each;
  }
}
