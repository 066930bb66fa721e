package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.lockstep.Training;
import io.lockstep.cli.LocalSshd;
import io.lockstep.config.Configuration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code lockstep launch --hosts}, with real nodes over a real ssh to this machine. */
@Timeout(600)
class LaunchOverSshTest {

  private static final Duration NODES_END = Duration.ofSeconds(60);

  @TempDir private static Path folder;

  private static LocalSshd sshd;
  private static Path hosts;

  @BeforeAll
  static void start() throws Exception {
    sshd = LocalSshd.start(Files.createDirectory(folder.resolve("sshd")), List.of());
    Path home = folder.resolve("lockstep home");
    putCommand(Files.createDirectories(home.resolve("bin")).resolve("lockstep"));
    String host = "127.0.0.1 port=%d dir='%s' ".formatted(sshd.port(), home);
    hosts =
        Files.write(
            folder.resolve("hosts.conf"),
            List.of(host + "roles=parameter-server", host + "roles=worker slots=2"));
  }

  /** Where a distribution would have its command: the classes of this build. */
  private static void putCommand(Path file) throws Exception {
    String java =
        LockstepProcess.command(List.of(), LockstepProcess.SMALL_FLAGS).stream()
            .map("'%s'"::formatted)
            .collect(Collectors.joining(" "));
    Files.writeString(file, "#!/bin/sh\nexec " + java + " \"$@\"\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @AfterAll
  static void stop() {
    if (sshd != null) {
      sshd.close();
    }
  }

  @Test
  void trainsToTheWeightsOfOneJvm() throws Exception {
    try (LockstepProcess launcher = launch("run", "train.maxSteps=30")) {
      LockstepProcess.Ended ended = launcher.await();
      KeptRun run = new KeptRun(folder.resolve("run"));

      assertThat(ended.exitCode()).as(ended.err() + logs(run)).isZero();
      assertThat(run.weights())
          .isEqualTo(
              Training.create(Configuration.bundled("digits", overrides("train.maxSteps=30")))
                  .run()
                  .summary()
                  .weightsSha256());
      assertThat(run.summary().get("microBatchesPerWorker"))
          .hasSize(2)
          .allMatch(count -> count.asLong() > 0);
      assertThat(run.nodes())
          .extracting(KeptRun.Node::host)
          .containsExactly("127.0.0.1:" + sshd.port(), "127.0.0.1:" + sshd.port());
    }
    await().atMost(NODES_END).until(() -> !sshd.isBusy());
  }

  /** A launcher can signal no process of another host: the node does it itself. */
  @Test
  void failuresHappenToNodesThere() throws Exception {
    List<String> overrides = List.of("train.maxSteps=60", "train.microBatches=6");
    List<String> chaos =
        List.of(
            "--workers=3",
            "--chaos=10:pause:worker-0:1",
            "--chaos=30:kill:worker-1",
            "--chaos=31:hold:lost:120");
    try (LockstepProcess launcher = launch("harmed", chaos, overrides.toArray(String[]::new))) {
      LockstepProcess.Ended ended = launcher.await();
      KeptRun run = new KeptRun(folder.resolve("harmed"));

      assertThat(ended.exitCode()).as(ended.err() + logs(run)).isZero();
      assertThat(run.events())
          .extracting(KeptRun.Event::what, KeptRun.Event::node)
          .contains(tuple("lost", "worker-1"));
      assertThat(run.log("worker-0")).contains("on purpose: Pause[time=PT1S]");
      assertThat(run.weights())
          .isEqualTo(
              Training.create(
                      Configuration.bundled("digits", overrides(overrides.toArray(String[]::new))))
                  .run()
                  .summary()
                  .weightsSha256());
    }
    await().atMost(NODES_END).until(() -> !sshd.isBusy());
  }

  @Test
  void nodesEndWithAKilledLauncher() throws Exception {
    try (LockstepProcess launcher = launch("endless", "train.epochs=100000")) {
      launcher.awaitOut("\"event\":\"step\"");
      assertThat(sshd.isBusy()).isTrue();

      launcher.signal("KILL");

      await().atMost(NODES_END).until(() -> !sshd.isBusy());
    }
  }

  private static LockstepProcess launch(String name, String... more) throws Exception {
    return launch(name, List.of(), more);
  }

  private static LockstepProcess launch(String name, List<String> options, String... more)
      throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("launch", "digits", "--json", "--out=" + name, "--hosts=" + hosts));
    arguments.addAll(options);
    overrides(more).forEach(override -> arguments.add("--set=" + override));
    Collections.addAll(arguments, sshd.options());
    return LockstepProcess.start(
        folder, LockstepProcess.SMALL_FLAGS, arguments.toArray(String[]::new));
  }

  private static List<String> overrides(String... more) {
    List<String> all = new ArrayList<>(List.of("data.digits.train=2000", "data.digits.test=500"));
    Collections.addAll(all, more);
    return all;
  }

  private static String logs(KeptRun run) {
    return Files.exists(run.folder()) ? run.logs() : "";
  }
}
