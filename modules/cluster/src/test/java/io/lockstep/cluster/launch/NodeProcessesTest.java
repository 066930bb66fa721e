package io.lockstep.cluster.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lockstep.cluster.keys.ClusterKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, ended in every way. */
@Timeout(180)
final class NodeProcessesTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final NodeProcesses.Patience PATIENCE =
      new NodeProcesses.Patience(LIMIT, Duration.ofSeconds(20));

  private static final int ENDED_BY_TERM = 128 + 15;

  @TempDir private Path logs;

  private final ClusterKey key = ClusterKey.create();
  private final BlockingQueue<NodeExit> early = new LinkedBlockingQueue<>();

  private NodeProcesses start(NodeProcesses.Patience patience, NodeCommandLine... nodes) {
    return NodeProcesses.start(List.of(nodes), key, logs, early::add, patience);
  }

  @Test
  void startsNodesThatJoinTheFirstAndEndsThem() throws IOException {
    List<NodeProcesses.Running> running;
    try (NodeProcesses nodes =
        start(
            PATIENCE,
            Nodes.node("server-0", "fine"),
            Nodes.node("worker-0", "fine"),
            Nodes.node("worker-1", "fine"))) {
      running = nodes.awaitReady();
      assertThat(running)
          .extracting(NodeProcesses.Running::name)
          .containsExactly("server-0", "worker-0", "worker-1");
      for (NodeProcesses.Running node : running) {
        new Socket("127.0.0.1", node.addresses().control().port()).close();
      }
    }
    assertThat(running).noneMatch(node -> alive(node.pid()));
    assertThat(early).isEmpty();
    String seed = running.getFirst().addresses().control().toString();
    assertThat(log("server-0")).contains("with " + key, "joins []");
    assertThat(log("worker-1")).contains("with " + key, "joins [" + seed + "]");
    assertThat(log("worker-1")).doesNotContain(key.toText());
  }

  @Test
  void noticesAtOnceWhatEndsBeforeItsTime() throws InterruptedException {
    try (NodeProcesses nodes =
        start(PATIENCE, Nodes.node("server-0", "fine"), Nodes.node("worker-0", "fine"))) {
      long pid = nodes.awaitReady().getLast().pid();
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      NodeExit exit = early.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
      assertThat(exit.name()).isEqualTo("worker-0");
      assertThat(exit.describe())
          .startsWith("node worker-0 was killed by signal 9; its log: " + logs)
          .doesNotContain("\n");
      assertThat(exit.lastLines())
          .last()
          .asString()
          .startsWith("node worker-0: control 127.0.0.1:");
    }
    assertThat(early).isEmpty();
  }

  @Test
  void reportsANodeThatDoesNotComeUpWithItsLastWords() {
    try (NodeProcesses nodes =
        start(PATIENCE, Nodes.node("server-0", "fine"), Nodes.node("bad", "fails-at-start"))) {
      assertThatThrownBy(nodes::awaitReady)
          .isInstanceOf(LaunchException.class)
          .hasMessageStartingWith("node bad ended with exit code 7")
          .hasMessageContaining("\n  | no room for another node");
    }
  }

  @Test
  void doesNotWaitForTheOthersWhenAReadyNodeEnds() {
    try (NodeProcesses nodes =
        start(PATIENCE, Nodes.node("server-0", "leaves"), Nodes.node("mute", "silent"))) {
      assertThatThrownBy(nodes::awaitReady)
          .isInstanceOf(LaunchException.class)
          .hasMessageStartingWith("node server-0 ended with exit code 3");
    }
  }

  @Test
  void waitsNoLongerThanItsPatience() {
    try (NodeProcesses nodes =
        start(
            new NodeProcesses.Patience(Duration.ofSeconds(2), Duration.ofSeconds(5)),
            Nodes.node("mute", "silent"))) {
      assertThatThrownBy(nodes::awaitReady)
          .isInstanceOf(LaunchException.class)
          .hasMessageStartingWith("node mute: expected it to listen after 2 s");
    }
  }

  @Test
  void stopsWaitingWhenCancelled() throws Exception {
    try (NodeProcesses nodes = start(PATIENCE, Nodes.node("mute", "silent"))) {
      CompletableFuture<?> waiting = CompletableFuture.supplyAsync(nodes::awaitReady);
      nodes.cancel();
      assertThat(waiting).failsWithin(LIMIT);
    }
  }

  @Test
  void killsWhatDoesNotListen() {
    List<NodeProcesses.Running> running;
    try (NodeProcesses nodes =
        start(
            new NodeProcesses.Patience(LIMIT, Duration.ofMillis(300)),
            Nodes.node("stubborn", "stubborn"))) {
      running = nodes.awaitReady();
    }
    await().atMost(LIMIT).until(() -> !alive(running.getFirst().pid()));
  }

  @Test
  void startsWhatItCanAndEndsItWhenAnotherCannotBeStarted() {
    NodeCommandLine fine = Nodes.node("server-0", "fine");
    NodeCommandLine none =
        new NodeCommandLine("none", List.of("/no/such/program"), java.util.Map.of());
    try (NodeProcesses nodes = start(PATIENCE, fine, none)) {
      assertThatThrownBy(nodes::awaitReady)
          .isInstanceOf(LaunchException.class)
          .hasMessageContaining("node none ended with exit code 127");
    }
  }

  @Test
  void nodesEndWithALauncherThatWasKilled() throws Exception {
    Process launcher =
        new ProcessBuilder(
                JavaCommand.ofProcess(StandInLauncher.class.getName())
                    .line(List.of(logs.toString())))
            .redirectErrorStream(true)
            .start();
    try (BufferedReader out = launcher.inputReader()) {
      List<Long> pids = Stream.of(pid(out), pid(out)).toList();
      assertThat(pids).allMatch(NodeProcessesTest::alive);
      launcher.toHandle().destroyForcibly();
      await().atMost(LIMIT).until(() -> pids.stream().noneMatch(NodeProcessesTest::alive));
    } finally {
      launcher.destroyForcibly();
    }
  }

  /** What was sent before would have ended it before, with another exit code. */
  @Test
  void onlyTheLauncherHearsCtrlC() throws Exception {
    try (NodeProcesses nodes = start(PATIENCE, Nodes.node("server-0", "fine"))) {
      NodeProcesses.Running node = nodes.awaitReady().getFirst();
      for (String signal : List.of("-INT", "-HUP", "-TERM")) {
        Process kill = new ProcessBuilder("kill", signal, Long.toString(node.pid())).start();
        assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
      }
      NodeExit exit = early.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
      assertThat(exit.exitCode()).as(exit.describe()).isEqualTo(ENDED_BY_TERM);
    }
  }

  private static long pid(BufferedReader out) throws IOException {
    String line = out.readLine();
    while (line != null && !line.startsWith("pid ")) {
      line = out.readLine();
    }
    assertThat(line).as("the launcher's output").isNotNull();
    return Long.parseLong(line.substring("pid ".length()));
  }

  private static boolean alive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  private String log(String name) throws IOException {
    return Files.readString(logs.resolve(name + ".log"));
  }
}
