package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused before anything is predicted. */
final class ForecastCommandTest {

  @TempDir private Path folder;

  @Test
  void refusesWhatItCannotPredict() {
    refused("Missing required option: '--nodes");
    refused("option '--nodes': expected numbers from 1 to 65536", "--nodes=4..2");
    refused("option '--bandwidth': expected bits a second", "--nodes=1", "--bandwidth=10");
    refused("option '--latency': expected a time", "--nodes=1", "--latency=5");
    refused("option '--failures': expected failures", "--nodes=1", "--failures=1");
    refused("option '--stragglers': expected none", "--nodes=1", "--stragglers=some");
    refused("--batch: expected 1 or more but found 0", "--nodes=1", "--batch=0");
    refused("--standbys: expected 0 or 1 but found 2", "--nodes=1", "--standbys=2");
    refused(
        "--set train.batch=3: expected any key but train.batch, which this command has options for",
        "--nodes=1",
        "--set=train.batch=3");
    refused("did you mean train.epochs?", "--nodes=1", "--set=train.epcohs=3");
    refused(
        "--measured: expected the folder of a scaling experiment", "--nodes=1", "--measured=no");
  }

  private void refused(String message, String... more) {
    List<String> arguments = new ArrayList<>(List.of("forecast", "digits"));
    Collections.addAll(arguments, "--out", folder.toString());
    Collections.addAll(arguments, more);
    CommandLineRun run = CommandLineRun.of(arguments.toArray(String[]::new));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(message);
    assertThat(run.out()).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }
}
