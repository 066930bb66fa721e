package io.lockstep.cli;

import io.lockstep.Training;
import io.lockstep.cluster.ClusterNode;
import io.lockstep.cluster.HostPort;
import io.lockstep.cluster.NodeAddresses;
import io.lockstep.cluster.NodeFault;
import io.lockstep.cluster.NodeOptions;
import io.lockstep.cluster.launch.LaunchException;
import io.lockstep.model.RunSummary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Nodes that listen and do nothing, and a training in the launcher's own process. */
final class StandInCluster implements Cluster {

  /** A system property with a node's name after it: {@code mute} or {@code fails}. */
  static final String START = "lockstep.standIn.";

  @Override
  public ClusterNode start(NodeOptions options) {
    switch (System.getProperty(START + options.name(), "")) {
      case "mute" -> new CompletableFuture<>().orTimeout(10, TimeUnit.MINUTES).join();
      case "fails" -> throw new LaunchException("no room for " + options.name());
      default -> {}
    }
    try {
      InetAddress bind = InetAddress.getByName(options.bind());
      return new Node(
          options,
          new ServerSocket(options.port(), 50, bind),
          new ServerSocket(options.dataPort(), 50, bind));
    } catch (IOException taken) {
      throw new UncheckedIOException(taken);
    }
  }

  @Override
  public Run run(Training training, Nodes nodes) {
    return new Run() {
      @Override
      public RunSummary train(Path folder) {
        try (Socket seed = new Socket(nodes.seed().host(), nodes.seed().port())) {
          System.out.println("seed " + seed.getRemoteSocketAddress() + ", " + nodes.key());
        } catch (IOException unreachable) {
          throw new UncheckedIOException(unreachable);
        }
        return training.run(folder).summary();
      }

      @Override
      public void nodeEnded(NodeAddresses node) {
        training.stop();
      }
    };
  }

  private record Node(
      NodeOptions options, ServerSocket control, ServerSocket data, CompletableFuture<Void> left)
      implements ClusterNode {

    Node(NodeOptions options, ServerSocket control, ServerSocket data) {
      this(options, control, data, new CompletableFuture<>());
    }

    @Override
    public NodeAddresses addresses() {
      return new NodeAddresses(
          options.name(),
          new HostPort(options.advertise(), control.getLocalPort()),
          new HostPort(options.advertise(), data.getLocalPort()));
    }

    @Override
    public CompletionStage<Void> ended() {
      return left;
    }

    @Override
    public void drain() {
      System.out.println("drained");
      left.complete(null);
    }

    @Override
    public void suffer(NodeFault fault) {
      System.out.println(fault.text());
    }

    @Override
    public void close() {
      try (control;
          data) {
        System.out.println("closed");
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }
}
