package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
final class NodeCommandTest {

  @TempDir private Path folder;

  @Test
  void listensOnThisMachineAndDrainsOnSigterm() throws Exception {
    List<String> arguments =
        List.of("node", "--role", "worker,parameter-server", "--name", "n1", "--join", "h:7355");
    try (StandInProcess node = StandInProcess.start(folder, arguments)) {
      node.awaitOutput("\n");
      assertThat(node.out()).containsPattern("^node n1: control 127.0.0.1:\\d+, data 127.0.0.1:");
      node.signal("TERM");
      assertThat(node.awaitEnd()).isEqualTo(128 + 15);
      assertThat(node.out()).contains("drained", "closed");
    }
  }

  @Test
  void needsAKeyBeyondThisMachine() {
    for (String address : List.of("--bind=0.0.0.0", "--bind=10.1.2.3", "--advertise=10.1.2.3")) {
      CommandLineRun run = CommandLineRun.of(StandInMain.PROGRAM, "node", "--role=worker", address);
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err())
          .contains("expected --key FILE", "can be reached from other machines")
          .contains("make a key with: lockstep key cluster.key");
    }
  }

  @Test
  void makesAKeyThatANodeReads() throws Exception {
    Path file = folder.resolve("cluster.key");
    CommandLineRun made = CommandLineRun.of("key", file.toString());
    assertThat(made.exitCode()).isZero();
    assertThat(made.out()).startsWith(file + ": cluster key ");
    assertThat(CommandLineRun.of("key", file.toString()).exitCode()).isEqualTo(2);
    List<String> arguments =
        List.of("node", "--role=worker", "--key", file.toString(), "--bind=0.0.0.0", "--port=0");
    try (StandInProcess node = StandInProcess.start(folder, arguments)) {
      node.awaitOutput("\n");
      assertThat(node.out()).startsWith("node ").doesNotContain("0.0.0.0");
    }
    Files.setPosixFilePermissions(
        file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
    CommandLineRun refused =
        CommandLineRun.of(StandInMain.PROGRAM, "node", "--role=worker", "--key", file.toString());
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("chmod 600 " + file);
  }

  @Test
  void refusesWhatItDoesNotUnderstand() {
    refused("Missing required option: '--role=ROLE", "node");
    refused("expected worker or parameter-server but found 'boss'", "node", "--role=boss");
    refused("expected HOST:PORT", "node", "--role=worker", "--join=here");
    refused(
        "--slots: expected a number from 1 to 1024 but found 0",
        "node",
        "--role=worker",
        "--slots=0");
    refused("--name: expected up to 64 letters", "node", "--role=worker", "--name=a b");
    refused(
        "expected auto, tcp or unix but found 'udp'", "node", "--role=worker", "--transport=udp");
  }

  private static void refused(String message, String... arguments) {
    CommandLineRun run = CommandLineRun.of(StandInMain.PROGRAM, arguments);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(message);
  }
}
