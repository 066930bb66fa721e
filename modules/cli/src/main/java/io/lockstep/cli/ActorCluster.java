package io.lockstep.cli;

import io.lockstep.Jobs;
import io.lockstep.Training;
import io.lockstep.cluster.ActorNode;
import io.lockstep.cluster.ClusterNode;
import io.lockstep.cluster.ClusterTarget;
import io.lockstep.cluster.NodeAddresses;
import io.lockstep.cluster.NodeOptions;
import io.lockstep.cluster.launch.BindAddress;
import io.lockstep.data.DataRequest;
import io.lockstep.model.RunSummary;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The cluster of actors. */
final class ActorCluster implements Cluster {

  /** Nodes that were started are up; they only have to find each other. */
  private static final int PATIENCE_SECONDS = 60;

  @Override
  public ClusterNode start(NodeOptions options) {
    DataRequest request = DataRequest.ofProcess().withDir(options.data().orElse(null));
    return ActorNode.start(options, Jobs.source(request, options.slots() > 0));
  }

  @Override
  public Run run(Training training, Nodes nodes) {
    String bind =
        nodes.bind().equals(BindAddress.AUTO)
            ? BindAddress.find(List.of(nodes.seed()), System.getenv())
            : nodes.bind();
    training.on(
        new ClusterTarget(
            List.of(nodes.seed()),
            Optional.of(nodes.key()),
            bind,
            nodes.workers(),
            nodes.servers(),
            nodes.transport(),
            nodes.encrypt(),
            true, // No process of the launch has it, so none takes it along.
            PATIENCE_SECONDS));
    return new Submitted(training);
  }

  private record Submitted(Training training) implements Run {

    @Override
    public RunSummary train(Path folder) {
      return training.run(folder).summary();
    }

    @Override
    public void nodeEnded(NodeAddresses node) {
      training.nodeDied(node);
    }
  }
}
