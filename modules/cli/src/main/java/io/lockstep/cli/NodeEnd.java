package io.lockstep.cli;

import io.lockstep.cluster.ClusterNode;
import io.lockstep.cluster.NodeFault;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How a node's process ends before the node itself decides to. By hand: a signal drains the node,
 * while the JVM shuts down. Under a launcher: when the leash ends, nobody is left to wait for it.
 *
 * <p>Thread-safe; closed by the main thread.
 */
final class NodeEnd implements AutoCloseable {

  private static final long DRAIN_SECONDS = 60;
  private static final long CLOSE_SECONDS = 2;

  private final Thread hook;
  private volatile ClusterNode node;

  private NodeEnd(ClusterNode node) {
    this.node = node;
    this.hook = new Thread(this::drain, "lockstep-drain");
  }

  static NodeEnd onSignal(ClusterNode node) {
    NodeEnd end = new NodeEnd(node);
    Runtime.getRuntime().addShutdownHook(end.hook);
    return end;
  }

  static NodeEnd onLeash() {
    return new NodeEnd(null);
  }

  /** The node has started. */
  void owns(ClusterNode started) {
    node = started;
  }

  /** Has the node leave in order; the process then ends by itself. */
  void drainNow() {
    ClusterNode there = node;
    if (there != null) {
      there.drain();
    }
  }

  /** Has a failure happen to the node; nothing if it has not started yet. */
  void suffer(NodeFault fault) {
    ClusterNode there = node;
    if (there != null) {
      there.suffer(fault);
    }
  }

  private void drain() {
    node.drain();
    await(node.ended().toCompletableFuture(), DRAIN_SECONDS);
    node.close();
  }

  /** Ends the process; the node has a moment to close. */
  void now() {
    ClusterNode there = node;
    if (there != null) {
      await(CompletableFuture.runAsync(there::close), CLOSE_SECONDS);
    }
    Runtime.getRuntime().halt(ExitCode.OK);
  }

  private static void await(CompletableFuture<?> awaited, long seconds) {
    try {
      awaited.get(seconds, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException late) {
      return; // The process ends all the same.
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      return; // The hook is what ends the node.
    }
  }
}
