package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunArgumentTest {

  @TempDir private Path runs;

  private void run(String name, long changedMs) throws IOException {
    Path folder = Files.createDirectory(runs.resolve(name));
    Files.createFile(folder.resolve("config.conf"));
    Files.setLastModifiedTime(folder, FileTime.fromMillis(changedMs));
  }

  @Test
  void namesTheNewestRunsAndTheLikeliestOne() throws IOException {
    for (int i = 0; i < 6; i++) {
      run("digits-" + i, 1_000L * i);
    }
    run("mnist-long", 500);

    assertThatThrownBy(() -> RunArgument.require(runs.resolve("mnits-long")))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(runs.resolve("mnits-long") + ": no such folder; expected that of")
        .hasMessageContaining("such as %s/digits-5, %s/digits-4,".formatted(runs, runs))
        .hasMessageContaining("digits-1 (and 2 more)")
        .hasMessageEndingWith("; did you mean %s/mnist-long?".formatted(runs));
  }

  @Test
  void isSaidByTheCommandsThatTakeARun() throws IOException {
    run("mine", 1_000);
    String mistyped = runs.resolve("mime").toString();

    for (String command : new String[] {"evaluate", "inspect", "status", "attach", "stop"}) {
      CommandLineRun refused = CommandLineRun.of(command, mistyped);
      assertThat(refused.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(refused.err()).contains("did you mean " + runs.resolve("mine") + "?");
    }
    assertThat(CommandLineRun.of("train", "--resume", mistyped).err()).contains("did you mean");
  }
}
