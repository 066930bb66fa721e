package io.lockstep.cluster;

import java.util.concurrent.CompletionStage;

/**
 * A node that is up: started by the process's main thread, which waits for its end and closes it.
 * The other methods may be called by any thread.
 */
public interface ClusterNode extends AutoCloseable {

  /** Where its peers reach it. */
  NodeAddresses addresses();

  /**
   * Completes when the node has left its cluster, by {@link #drain} or because it had to;
   * exceptionally, with a {@link io.lockstep.cluster.launch.LaunchException}, if it could not join.
   */
  CompletionStage<Void> ended();

  /** Has the node leave in order: its work goes to others first. Returns at once. */
  void drain();

  /** Has a failure happen to the node, on purpose. Returns at once. */
  void suffer(NodeFault fault);

  /** Ends it, in order or not; bounded. */
  @Override
  void close();
}
