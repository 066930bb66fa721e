package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;
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
    List<String> arguments =
        new ArrayList<>(List.of("launch", "digits", "--json", "--out=" + name, "--hosts=" + hosts));
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
