package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A worker that is to join does not start: the training is real, the nodes are stand-ins. */
@Timeout(300)
final class LaunchChangeTest {

  @TempDir private Path folder;

  private StandInProcess launch(String joiner) throws IOException {
    Path hosts =
        Files.writeString(
            folder.resolve("hosts"),
            "local java-opts=\"-D%sworker-1=%s\"\n".formatted(StandInCluster.START, joiner));
    return StandInProcess.start(
        folder,
        List.of(
            "launch",
            "linear",
            "--out=" + folder.resolve("run"),
            "--workers=1",
            "--change=3:+1",
            "--json",
            "--hosts=" + hosts,
            "--set=data.digits.train=300",
            "--set=data.digits.test=50",
            "--set=train.epochs=100000"));
  }

  @Test
  void aSignalIsHeardWhileItStarts() throws Exception {
    try (StandInProcess launcher = launch("mute")) {
      Path log = folder.resolve("run").resolve("logs").resolve("worker-1.log");
      await().atMost(60, TimeUnit.SECONDS).until(() -> Files.exists(log));
      launcher.signal("TERM");

      assertThat(launcher.awaitEnd()).as(launcher.err()).isEqualTo(128 + 15);
      assertThat(launcher.out()).contains("\"status\":\"stopped\"");
      assertThat(launcher.err())
          .contains("stopping, and saving")
          .doesNotContain("gave up waiting", "internal error");
    }
  }

  @Test
  void aFailureIsOneLineAndTheRunIsSaved() throws Exception {
    try (StandInProcess launcher = launch("fails")) {
      assertThat(launcher.awaitEnd()).as(launcher.err()).isEqualTo(ExitCode.INTERRUPTED);
      assertThat(launcher.out()).contains("\"status\":\"stopped\"");
      assertThat(launcher.err())
          .containsOnlyOnce("lockstep: node worker-1 ended with exit code 1; its log: ")
          .contains("no room for worker-1")
          .doesNotContain("internal error");
    }
  }
}
