package io.lockstep.cli;

import io.lockstep.Training;
import io.lockstep.cluster.ClusterNode;
import io.lockstep.cluster.NodeOptions;

/** Stands where the cluster's actors will be. */
final class AbsentCluster implements Cluster {

  private static final String ABSENT =
      "this build has no cluster yet; lockstep train runs in one process";

  @Override
  public ClusterNode start(NodeOptions options) {
    throw new BadInputException(ABSENT);
  }

  @Override
  public Run run(Training training, Nodes nodes) {
    throw new BadInputException(ABSENT);
  }
}
