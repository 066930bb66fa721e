package io.lockstep.cluster;

import io.lockstep.training.trace.NodeTrace;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Puts together what a node has noted. Used by the node's actor, which does not wait for it, and
 * which no failure of it ends.
 *
 * @param threads where that happens: it may take a while
 */
record TracePacking(Executor threads) {

  /** On a thread of its own, since the node's may be busy with the next run. */
  static TracePacking ofNode(String name) {
    return new TracePacking(Thread.ofPlatform().name("lockstep-trace-" + name).daemon(true)::start);
  }

  /** The bytes of what was noted, or why there are none, for {@link #why}. */
  CompletableFuture<byte[]> bytes(Supplier<NodeTrace> noted) {
    try {
      return CompletableFuture.supplyAsync(() -> noted.get().toBytes(), threads);
    } catch (OutOfMemoryError none) {
      return CompletableFuture.failedFuture(Tracing.noThread(none));
    }
  }

  /** In words that can be sent to the driver. */
  static String why(Throwable failure) {
    Throwable root = Causes.root(failure);
    return root instanceof OutOfMemoryError ? NodeTrace.NO_ROOM : Causes.message(root);
  }
}
