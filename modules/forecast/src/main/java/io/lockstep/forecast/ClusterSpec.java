package io.lockstep.forecast;

/**
 * The machines that a forecast is about. Each node with workers and each parameter server has a
 * machine of its own, unless all are processes of one.
 *
 * @param nodes with workers
 * @param workersPerNode workers of each
 * @param coresPerNode of each machine
 * @param servers parameter servers, each with its part of θ
 * @param standbys whether each server's part has a standby, on another server or worker node
 * @param oneMachine whether all are processes of one machine with {@code coresPerNode} cores, which
 *     share memory
 * @param link that connects the machines
 * @param stragglers how the machines differ
 */
public record ClusterSpec(
    int nodes,
    int workersPerNode,
    int coresPerNode,
    int servers,
    boolean standbys,
    boolean oneMachine,
    Link link,
    Stragglers stragglers) {

  /** Of all nodes together. */
  public int workers() {
    return Math.multiplyExact(nodes, workersPerNode);
  }

  /** The same with other nodes. */
  public ClusterSpec withNodes(int others) {
    return new ClusterSpec(
        others, workersPerNode, coresPerNode, servers, standbys, oneMachine, link, stragglers);
  }

  /** The same with other servers. */
  public ClusterSpec withServers(int others) {
    return new ClusterSpec(
        nodes, workersPerNode, coresPerNode, others, standbys, oneMachine, link, stragglers);
  }

  /** The same with another link. */
  public ClusterSpec withLink(Link other) {
    return new ClusterSpec(
        nodes, workersPerNode, coresPerNode, servers, standbys, oneMachine, other, stragglers);
  }

  /** The same with other stragglers. */
  public ClusterSpec withStragglers(Stragglers others) {
    return new ClusterSpec(
        nodes, workersPerNode, coresPerNode, servers, standbys, oneMachine, link, others);
  }
}
