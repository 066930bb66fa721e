package io.lockstep.forecast;

/**
 * The cluster that a forecast is about.
 *
 * @param nodes with workers
 * @param workersPerNode workers of each
 * @param servers parameter servers, each with its part of θ
 * @param standbys whether each server's part has a standby, on another server or worker node
 * @param hardware what these run on
 */
public record ClusterSpec(
    int nodes, int workersPerNode, int servers, boolean standbys, Hardware hardware) {

  /** Of all nodes together. */
  public int workers() {
    return Math.multiplyExact(nodes, workersPerNode);
  }

  /** The same with other nodes. */
  public ClusterSpec withNodes(int others) {
    return new ClusterSpec(others, workersPerNode, servers, standbys, hardware);
  }

  /** The same with other servers. */
  public ClusterSpec withServers(int others) {
    return new ClusterSpec(nodes, workersPerNode, others, standbys, hardware);
  }

  /** The same on other machines. */
  public ClusterSpec withHardware(Hardware other) {
    return new ClusterSpec(nodes, workersPerNode, servers, standbys, other);
  }
}
