package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Launches with real processes of stand-in nodes; the training is real, in the launcher. */
@Timeout(300)
final class LaunchCommandTest {

  @TempDir private Path folder;

  private Path run() {
    return folder.resolve("run");
  }

  private List<String> launch(int epochs, String... more) {
    List<String> words = new ArrayList<>(List.of("launch", "linear", "--out", run().toString()));
    for (String key :
        List.of(
            "data.digits.train=300",
            "data.digits.test=50",
            "train.epochs=" + epochs,
            "train.reportEvery=1")) {
      Collections.addAll(words, "--set", key);
    }
    Collections.addAll(words, more);
    return words;
  }

  private CommandLineRun here(List<String> words) {
    return CommandLineRun.of(StandInMain.PROGRAM, words.toArray(String[]::new));
  }

  private String log(String node) throws IOException {
    return Files.readString(run().resolve("logs").resolve(node + ".log"));
  }

  @Test
  void startsNodesTrainsAndEndsThem() throws IOException {
    CommandLineRun launched = here(launch(2, "--workers", "2", "--workers-per-node=2"));
    assertThat(launched.exitCode()).as(launched.err()).isZero();
    assertThat(launched.out())
        .contains("node server-0: control 127.0.0.1:", "node worker-1: control 127.0.0.1:")
        .contains("epoch 2/2", "folder   " + run(), "weights  sha256 ");
    assertThat(log("worker-1")).contains("node worker-1: ").contains("closed");
    LaunchRecord record = LaunchRecord.read(run());
    assertThat(record.state()).isEqualTo(LaunchRecord.State.ENDED);
    assertThat(record.exitCode()).isZero();
    assertThat(record.nodes()).hasSize(3).noneMatch(node -> alive(node.pid()));
    var summary = new ObjectMapper().readTree(run().resolve("run.json").toFile());
    assertThat(summary.path("workers").asInt()).isEqualTo(4);
  }

  @Test
  void refusesAFolderThatHoldsSomethingBeforeAnythingStarts() throws IOException {
    Files.createDirectories(run());
    Files.writeString(run().resolve("mine.txt"), "");
    CommandLineRun refused = here(launch(1));
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains(run() + ": expected an empty or new folder");
    assertThat(run().resolve("logs")).doesNotExist();
    assertThat(here(launch(1, "--workers=0")).err()).contains("--workers: expected 1 or more");
  }

  /** The run has fewer steps; in the background nobody would see the refusal. */
  @ParameterizedTest
  @ValueSource(strings = {"", "--detach"})
  void refusesStepsToTraceThatTheRunDoesNotHaveBeforeAnythingStarts(String how) {
    List<String> words = launch(1, "--trace=2:40");
    if (!how.isEmpty()) {
      words.add(how);
    }

    CommandLineRun refused = here(words);

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .contains("steps to trace: expected steps from 0 (the first that this run does) to ")
        .contains("found 2 to 41");
    assertThat(run()).doesNotExist();
    assertThat(refused.out()).doesNotContain("node ");
  }

  @Test
  void startsNodesWithOptionsOfTheirOwn() throws IOException {
    Path hosts =
        Files.writeString(
            folder.resolve("hosts"),
            "local roles=parameter-server\nlocal java-opts=-Xno roles=worker\n");
    CommandLineRun failed = here(launch(1, "--hosts", hosts.toString()));
    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(failed.err())
        .contains("node worker-0 ended with exit code 1; its log: ")
        .contains("\n  | Unrecognized option: -Xno");
    assertThat(LaunchRecord.read(run()).exitCode()).isEqualTo(1);
  }

  @Test
  void ctrlCKeepsWhatWasLearnedAndEndsAllNodes() throws Exception {
    try (StandInProcess launcher =
        StandInProcess.start(folder, launch(100_000, "--json", "--workers=1"))) {
      launcher.awaitOutput("\"event\":\"step\"");
      List<LaunchRecord.Node> nodes = LaunchRecord.read(run()).nodes();
      launcher.signal("TERM");
      assertThat(launcher.awaitEnd()).isEqualTo(128 + 15);
      assertThat(launcher.out()).contains("\"status\":\"stopped\"");
      assertThat(nodes).hasSize(2).noneMatch(node -> alive(node.pid()));
      assertThat(LaunchRecord.read(run()).exitCode()).isEqualTo(130);
      assertThat(run().resolve("weights.safetensors")).exists();
    }
  }

  @Test
  void nodesEndWithAKilledLauncher() throws Exception {
    try (StandInProcess launcher =
        StandInProcess.start(folder, launch(100_000, "--json", "--workers=1"))) {
      launcher.awaitOutput("\"event\":\"step\"");
      List<LaunchRecord.Node> nodes = LaunchRecord.read(run()).nodes();
      launcher.signal("KILL");
      await()
          .atMost(60, TimeUnit.SECONDS)
          .until(() -> nodes.stream().noneMatch(node -> alive(node.pid())));
      assertThat(CommandLineRun.of("status", run().toString()).out()).contains("killed");
      assertThat(CommandLineRun.of("stop", run().toString()).out()).contains("is not running");
    }
  }

  @Test
  void tellsTheTrainingOfANodeThatDied() throws Exception {
    try (StandInProcess launcher =
        StandInProcess.start(folder, launch(100_000, "--json", "--workers=1"))) {
      launcher.awaitOutput("\"event\":\"step\"");
      LaunchRecord.Node worker = LaunchRecord.read(run()).nodes().getLast();
      ProcessHandle.of(worker.pid()).orElseThrow().destroyForcibly();
      assertThat(launcher.awaitEnd()).isEqualTo(130); // The stand-in stops then.
      assertThat(launcher.err())
          .contains("lockstep: node worker-0 was killed by signal 9; its log");
    }
  }

  @Test
  void goesOnInTheBackgroundUntilItIsStopped() throws Exception {
    List<String> words = launch(100_000, "--workers=1", "--detach");
    CommandLineRun detached = here(words);
    try {
      assertThat(detached.exitCode()).as(detached.err()).isZero();
      assertThat(detached.out()).contains("lockstep attach " + run());
      LaunchRecord record = LaunchRecord.read(run());
      assertThat(record.state()).isEqualTo(LaunchRecord.State.RUNNING);
      signal("HUP", record.pid());
      try (StandInProcess attached =
          StandInProcess.start(folder, List.of("attach", run().toString(), "--json"))) {
        attached.awaitOutput("\"event\":\"step\"");
        attached.signal("TERM");
        attached.awaitEnd();
      }
      assertThat(CommandLineRun.of("status", run().toString()).out())
          .contains("running", "worker-0  local");
      assertThat(here(words).err()).contains("expected an empty or new folder");
      CommandLineRun stopped = CommandLineRun.of("stop", run().toString());
      assertThat(stopped.exitCode()).as(stopped.err()).isZero();
      assertThat(record.nodes()).hasSize(2).noneMatch(node -> alive(node.pid()));
      CommandLineRun late = CommandLineRun.of("attach", run().toString());
      assertThat(late.exitCode()).isEqualTo(130);
      assertThat(late.out()).contains("linear: 784-10", "epoch 1/100000", "weights  sha256 ");
    } finally {
      LaunchRecord.read(run()).process().ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  @Test
  void tellsWhyItDidNotGoToTheBackground() throws IOException {
    Path hosts = Files.writeString(folder.resolve("hosts"), "local java-opts=-Xno\n");
    CommandLineRun failed = here(launch(1, "--detach", "--hosts", hosts.toString()));
    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(failed.err()).contains("Unrecognized option: -Xno");
  }

  private static void signal(String name, long pid) throws Exception {
    new ProcessBuilder("kill", "-" + name, Long.toString(pid))
        .start()
        .waitFor(10, TimeUnit.SECONDS);
  }

  private static boolean alive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }
}
