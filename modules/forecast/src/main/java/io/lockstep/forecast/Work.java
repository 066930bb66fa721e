package io.lockstep.forecast;

import io.lockstep.forecast.Simulator.Size;
import io.lockstep.training.MicroBatches;

/**
 * All that a training has to do.
 *
 * @param size of a step; of one worker's part of it if {@code perWorker}
 * @param perWorker whether steps grow with the workers (weak scaling), or stay as they are (strong)
 * @param trainRows that an epoch has
 * @param epochs how often each row is seen
 * @param maxSteps after which it ends; 0 for after {@code epochs}
 * @param evaluations between its steps
 */
public record Work(
    Size size,
    boolean perWorker,
    int trainRows,
    int epochs,
    long maxSteps,
    Evaluations evaluations) {

  /**
   * What is evaluated, in units that workers share.
   *
   * @param units after each epoch
   * @param unitsAtEnd after the last step
   * @param costs of a unit
   */
  public record Evaluations(int units, int unitsAtEnd, PassCosts costs) {

    /** Time of all of them after so many epochs: the busiest worker's units are waited for. */
    double nanos(ClusterSpec cluster, long epochs) {
      int workers = cluster.workers();
      long turns = epochs * Math.ceilDiv(units, workers) + Math.ceilDiv(unitsAtEnd, workers);
      int together = cluster.hardware().oneMachine() ? workers : cluster.workersPerNode();
      int threads = Math.min(together, cluster.hardware().coresPerNode());
      double share = together / (double) threads;
      return (double) turns * costs.evaluationNanos() * costs.slowdown(threads) * share;
    }
  }

  /** A step on these machines, of no more than all rows. */
  public Size size(ClusterSpec cluster) {
    long workers = perWorker ? cluster.workers() : 1;
    int rows = (int) Math.min(size.rows() * workers, trainRows);
    int leaves = new MicroBatches(size.rows(), size.microBatches()).leafRows();
    return new Size(rows, Math.ceilDiv(rows, leaves));
  }

  /** Steps of the training on these machines. */
  public long steps(ClusterSpec cluster) {
    long all = stepsPerEpoch(cluster) * epochs;
    return maxSteps == 0 ? all : Math.min(all, maxSteps);
  }

  private long stepsPerEpoch(ClusterSpec cluster) {
    return Math.ceilDiv(trainRows, size(cluster).rows());
  }

  /** Time of all evaluations on these machines, in nanoseconds. */
  double evaluationNanos(ClusterSpec cluster) {
    return evaluations.nanos(cluster, Math.ceilDiv(steps(cluster), stepsPerEpoch(cluster)));
  }

  /**
   * The most nodes that have anything to do: each has a micro-batch before any has two, and these
   * are not divided. Where steps grow with the workers, until a step has all rows.
   */
  public int mostNodes(ClusterSpec cluster) {
    long ofNode = (long) size.rows() * cluster.workersPerNode();
    return perWorker ? (int) Math.ceilDiv(trainRows, ofNode) : size(cluster).microBatches();
  }

  /** How many of the workers have a micro-batch in each step. */
  public int busyWorkers(ClusterSpec cluster) {
    return size(cluster).busy(cluster.workers());
  }
}
