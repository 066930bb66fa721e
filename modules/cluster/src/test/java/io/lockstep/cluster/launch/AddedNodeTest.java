package io.lockstep.cluster.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.cluster.keys.ClusterKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node that is started when the others are there. */
@Timeout(180)
final class AddedNodeTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final NodeProcesses.Patience PATIENCE =
      new NodeProcesses.Patience(Duration.ofSeconds(120), Duration.ofSeconds(5));

  @TempDir private Path logs;

  private final BlockingQueue<NodeExit> early = new LinkedBlockingQueue<>();

  private NodeProcesses start(NodeCommandLine... nodes) {
    return NodeProcesses.start(List.of(nodes), ClusterKey.create(), logs, early::add, PATIENCE);
  }

  @Test
  void isThereAlthoughAnotherHasEnded() throws InterruptedException {
    try (NodeProcesses nodes =
        start(Nodes.node("server-0", "fine"), Nodes.node("worker-0", "fine"))) {
      long pid = nodes.awaitReady().getLast().pid();
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      assertThat(early.poll(LIMIT.toSeconds(), TimeUnit.SECONDS)).isNotNull();

      assertThat(nodes.add(Nodes.node("worker-1", "fine")).name()).isEqualTo("worker-1");
    }
  }

  @Test
  void isNotWaitedForWhenCancelled() {
    try (NodeProcesses nodes = start(Nodes.node("server-0", "fine"))) {
      nodes.awaitReady();
      CompletableFuture<?> waiting =
          CompletableFuture.supplyAsync(() -> nodes.add(Nodes.node("mute", "silent")));
      nodes.cancel();

      assertThat(waiting).failsWithin(LIMIT);
    }
  }
}
