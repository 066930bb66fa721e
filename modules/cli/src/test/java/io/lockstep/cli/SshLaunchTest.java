package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lockstep.cluster.launch.JavaCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Launches over a real ssh to this machine. */
@Timeout(300)
final class SshLaunchTest {

  @TempDir private static Path folder;

  private static LocalSshd sshd;

  @BeforeAll
  static void start() throws Exception {
    sshd = LocalSshd.start(folder, List.of("LOCKSTEP_JAVA_HOME=/no/jdk"));
    command(lockstep("good home"), "exec " + quoted() + " \"$@\"");
    command(
        lockstep("other-data"),
        "case \"$*\" in *--set*) set -- node-check --set data.digits.train=77;; esac\nexec "
            + quoted()
            + " \"$@\"");
    command(
        lockstep("other-version"),
        "echo '{\"version\":\"0.0.1\",\"commit\":\"abc\",\"clockMs\":1,\"dataSha256\":\"00\"}'");
    Path sources = Path.of("../../bin").toAbsolutePath().normalize();
    for (String file : List.of("lockstep", "find-jdk")) {
      Files.copy(sources.resolve(file), lockstep("no-java").resolve("bin").resolve(file));
    }
    Files.createDirectories(folder.resolve("no-java/lib"));
    Files.createDirectories(folder.resolve("empty"));
  }

  @AfterAll
  static void stop() {
    if (sshd != null) {
      sshd.close();
    }
  }

  /** Stands in for an unpacked distribution: the test's own classes. */
  private static String quoted() {
    return JavaCommand.ofProcess(StandInMain.class.getName()).line(List.of()).stream()
        .map(word -> "'" + word + "'")
        .collect(Collectors.joining(" "));
  }

  private static Path lockstep(String name) throws IOException {
    Path home = folder.resolve(name);
    Files.createDirectories(home.resolve("bin"));
    return home;
  }

  private static void command(Path home, String script) throws IOException {
    Path file = Files.writeString(home.resolve("bin/lockstep"), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static Path hosts(String... lines) throws IOException {
    Path file = Files.createTempFile(folder, "hosts", ".conf");
    return Files.write(file, List.of(lines));
  }

  private static String host(String dir, String... more) {
    return "127.0.0.1 port=%d dir='%s' %s"
        .formatted(sshd.port(), folder.resolve(dir), String.join(" ", more));
  }

  private static List<String> launch(Path run, Path hosts, int epochs, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of("launch", "linear", "--out", run.toString(), "--hosts", hosts.toString()));
    for (String key :
        List.of(
            "data.digits.train=300",
            "data.digits.test=50",
            "train.reportEvery=1",
            "train.epochs=" + epochs)) {
      Collections.addAll(words, "--set", key);
    }
    Collections.addAll(words, sshd.options());
    Collections.addAll(words, more);
    return words;
  }

  private static CommandLineRun here(List<String> words) {
    return CommandLineRun.of(StandInMain.PROGRAM, words.toArray(String[]::new));
  }

  @Test
  void trainsWithNodesThere() throws IOException {
    Path run = folder.resolve("run");
    Path hosts = hosts(host("good home", "slots=2", "java-opts='-Da=b'"));
    CommandLineRun launched = here(launch(run, hosts, 1, "--workers=2"));
    assertThat(launched.exitCode()).as(launched.err()).isZero();
    assertThat(launched.out())
        .contains("node server-0: control 127.0.0.1:", "node worker-1: control 127.0.0.1:")
        .contains("weights  sha256 ");
    assertThat(run.resolve("logs/worker-1.log")).content().contains("node worker-1: ", "closed");
    assertThat(LaunchRecord.read(run).nodes())
        .extracting(LaunchRecord.Node::host)
        .containsOnly("127.0.0.1:" + sshd.port());
  }

  @Test
  void saysAllThatIsWrongWithAllHostsAtOnce() throws IOException {
    int closed = LocalSshd.freePort();
    Path hosts =
        hosts(
            host("good home"),
            "127.0.0.1 port=" + closed,
            host("empty"),
            host("no-such-folder"),
            host("no-java"),
            host("other-data"),
            host("other-version"),
            host("good home", "address=192.0.2.1"),
            "127.0.0.1 user=no-such-user port=" + sshd.port());
    Path run = folder.resolve("refused");
    CommandLineRun refused = here(launch(run, hosts, 1));
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .contains("lockstep: 8 of 9 hosts cannot take part; nothing was started")
        .contains("127.0.0.1:%d (line 2)".formatted(closed))
        .contains("ssh       connect to host 127.0.0.1 port " + closed + ": Connection refused")
        .contains("check name and port, and that sshd runs there")
        .contains("lockstep  no bin/lockstep in " + folder.resolve("empty"))
        .contains("lockstep  no folder " + folder.resolve("no-such-folder"))
        .contains("java      LOCKSTEP_JAVA_HOME=/no/jdk is not the home of a JDK 25 or newer")
        .contains("data      digits with sha256 ", "…, but here ")
        .contains("version   0.0.1 (commit abc), but here ")
        .contains("clock     ", " s behind this machine's")
        .contains("ports     cannot listen on 192.0.2.1, port any: ")
        .contains("no-such-user@127.0.0.1: Permission denied (publickey")
        .contains("ssh-copy-id -p " + sshd.port() + " no-such-user@127.0.0.1");
    assertThat(run).doesNotExist();
  }

  @Test
  void saysThatDataAreMissing() throws IOException {
    assumeTrue(System.getenv("LOCKSTEP_DATA") != null, "no MNIST here: set LOCKSTEP_DATA");
    Path nothing = Files.createDirectories(folder.resolve("nothing"));
    command(
        lockstep("bare"),
        "export XDG_CACHE_HOME='%s'\nexec %s \"$@\"".formatted(nothing, quoted()));
    Path run = folder.resolve("no-data");
    List<String> words = launch(run, hosts(host("bare", "data='" + nothing + "'")), 1);
    words.set(words.indexOf("linear"), "mnist");
    CommandLineRun refused = here(words);
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .contains("lockstep: 1 of 1 host cannot take part", "data  ", "mnist")
        .contains("put it there, and name its folder: data=DIR, or lockstep data mnist");
  }

  @Test
  void nodesEndWithAKilledLauncher() throws Exception {
    Path run = folder.resolve("killed");
    Path hosts = hosts(host("good home"));
    try (StandInProcess launcher =
        StandInProcess.start(folder, launch(run, hosts, 100_000, "--json", "--workers=1"))) {
      launcher.awaitOutput("\"event\":\"step\"");
      List<LaunchRecord.Node> nodes = LaunchRecord.read(run).nodes();
      launcher.signal("KILL");
      await().atMost(60, TimeUnit.SECONDS).until(() -> nodes.stream().noneMatch(this::listens));
    }
  }

  private boolean listens(LaunchRecord.Node node) {
    String[] address = node.control().split(":");
    try (var socket = new java.net.Socket(address[0], Integer.parseInt(address[1]))) {
      return socket.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }
}
