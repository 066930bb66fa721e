package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real process gets a real signal; SIGTERM, since a shell may have its children ignore SIGINT.
 */
final class StopOnSignalTest {

  private static final int TERMINATED = 128 + 15;

  @TempDir private Path folder;

  @Test
  @Timeout(120)
  void keepsWhatWasLearnedWhenTheProcessIsToEnd() throws IOException, InterruptedException {
    Path run = folder.resolve("run");
    Path errors = folder.resolve("stderr");
    Process lockstep =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "train",
                "linear",
                "--json",
                "--out",
                run.toString(),
                "--set",
                "train.epochs=100000",
                "--set",
                "train.reportEvery=1",
                "--set",
                "data.digits.train=300",
                "--set",
                "data.digits.test=50")
            .redirectError(errors.toFile())
            .start();
    try (BufferedReader out = lockstep.inputReader()) {
      String line = out.readLine();
      while (line != null && !line.contains("\"step\"")) {
        line = out.readLine();
      }
      lockstep.toHandle().destroy(); // The process's own method would close the streams.
      List<String> rest = out.lines().toList();
      assertThat(lockstep.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(rest.getLast()).contains("\"event\":\"end\"", "\"status\":\"stopped\"");
    } finally {
      lockstep.destroyForcibly();
    }
    assertThat(lockstep.exitValue()).isEqualTo(TERMINATED);
    assertThat(Files.readString(errors)).contains("stopping, and saving what was learned so far");
    assertThat(run.resolve("weights.safetensors")).exists();
    assertThat(Files.readString(run.resolve("run.json"))).contains("\"stopped\"");
  }
}
