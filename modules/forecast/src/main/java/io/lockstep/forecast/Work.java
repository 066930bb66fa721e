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
      int workers = cluster.nodes() * cluster.workersPerNode();
      long turns = epochs * Math.ceilDiv(units, workers) + Math.ceilDiv(unitsAtEnd, workers);
      int threads = Math.min(cluster.workersPerNode(), cluster.coresPerNode());
      double share = cluster.workersPerNode() / (double) threads;
      return (double) turns * costs.evaluationNanos() * costs.slowdown(threads) * share;
    }
  }

  /** A step on these machines, of no more than all rows. */
  public Size size(ClusterSpec cluster) {
    long workers = perWorker ? (long) cluster.nodes() * cluster.workersPerNode() : 1;
    long rows = size.rows() * workers;
    long pieces = size.microBatches() * workers;
    long most = Math.min(rows, trainRows);
    MicroBatches cut = new MicroBatches(Math.toIntExact(rows), Math.toIntExact(pieces));
    return new Size((int) most, cut.leaves((int) most));
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

  /** The most nodes that have anything to do: a micro-batch is not divided. */
  public int mostNodes(ClusterSpec cluster) {
    int each = cluster.workersPerNode();
    if (!perWorker) {
      return Math.ceilDiv(size.microBatches(), each);
    }
    return (int) Math.max(1, trainRows / Math.max(1, (long) size.rows() * each));
  }

  /** How many of the workers have a micro-batch in each step. */
  public int busyWorkers(ClusterSpec cluster) {
    return Math.min(cluster.nodes() * cluster.workersPerNode(), size(cluster).microBatches());
  }
}
