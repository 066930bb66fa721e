package io.lockstep.report.forecast;

import io.lockstep.model.StepParts;
import io.lockstep.report.LinesPanel.Spot;
import io.lockstep.report.Numbers;
import java.util.Map;

/**
 * What one cluster is predicted to do.
 *
 * @param machines of the cluster
 * @param batch rows of a step, of all workers together
 * @param microBatches that these are cut into
 * @param rate rows trained on in a second
 * @param efficiency rows a second by those of as many nodes with free links
 * @param stepMs milliseconds of a step
 * @param parts where these go
 * @param limit what keeps it from being faster
 * @param training how long all of it would take
 */
public record ForecastPoint(
    Machines machines,
    int batch,
    int microBatches,
    Rate rate,
    double efficiency,
    double stepMs,
    StepParts parts,
    Limit limit,
    Training training) {

  /**
   * What computes.
   *
   * @param nodes with workers
   * @param workers of all nodes together
   * @param busyWorkers those that have a micro-batch in each step
   * @param servers parameter servers
   */
  public record Machines(int nodes, int workers, int busyWorkers, int servers) {}

  /** Rows a second: of the slowest, the middle and the fastest draw. */
  public record Rate(double least, double median, double most) {

    /** Over some number of nodes. */
    Spot over(double nodes) {
      return new Spot(nodes, least, median, most, "");
    }

    /** Each of them by the same. */
    Rate by(double divisor) {
      return new Rate(least / divisor, median / divisor, most / divisor);
    }
  }

  /**
   * What keeps a cluster from being faster.
   *
   * @param name of it
   * @param gain the share of a step that would be saved if it took no time
   * @param servers with which servers are no bottleneck; null where they are none, or where no
   *     number is enough
   * @param gains the same of each thing, by its name
   * @param utilization how much of something is used, of the busiest machine, by its name
   */
  public record Limit(
      String name,
      double gain,
      Integer servers,
      Map<String, Double> gains,
      Map<String, Double> utilization) {}

  /**
   * Times of a whole training, in seconds.
   *
   * @param steps of it
   * @param stepsSeconds of all steps
   * @param evaluationsSeconds of all evaluations
   * @param lostSeconds expected to be lost by failures
   */
  public record Training(
      long steps, double stepsSeconds, double evaluationsSeconds, double lostSeconds) {

    /** All of it. */
    public double seconds() {
      return stepsSeconds + evaluationsSeconds + lostSeconds;
    }
  }

  /** Such as {@code 64 nodes, 4 servers}. */
  public String name() {
    return nodesName() + ", " + Numbers.count(machines.servers(), "server");
  }

  /** Such as {@code 64 nodes}. */
  String nodesName() {
    return Numbers.count(machines.nodes(), "node");
  }
}
