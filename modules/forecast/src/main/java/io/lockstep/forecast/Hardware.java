package io.lockstep.forecast;

/**
 * What a cluster's processes run on: each node with workers and each parameter server has a machine
 * of its own, unless all are processes of one.
 *
 * @param coresPerNode of each machine
 * @param oneMachine whether all are processes of one machine with {@code coresPerNode} cores, which
 *     share memory
 * @param link that connects the machines
 * @param stragglers how the machines differ
 */
public record Hardware(int coresPerNode, boolean oneMachine, Link link, Stragglers stragglers) {

  /** The same with other stragglers. */
  public Hardware withStragglers(Stragglers others) {
    return new Hardware(coresPerNode, oneMachine, link, others);
  }
}
