package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.model.BuildInfo;
import io.lockstep.model.Machine;
import io.lockstep.report.scale.ScaleMode;
import io.lockstep.report.scale.ScaleResults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused before anything is predicted. */
final class ForecastCommandTest {

  @TempDir private Path folder;
  @TempDir private Path other;

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
    refused(
        "--set cluster={servers=3}: expected single keys, such as cluster.KEY=VALUE, found all of cluster",
        "--nodes=1",
        "--set=cluster={servers=3}");
    refused(
        "--servers 1000: expected at most 4, since the weights are cut into 4 buckets",
        "--nodes=1",
        "--servers=1000");
    refused(
        "--one-machine: expected neither --bandwidth nor --latency nor --servers auto",
        "--nodes=1",
        "--one-machine",
        "--latency=1ms");
    refused("--latency: expected at most 10 s", "--nodes=1", "--latency=1min");
    refused(
        "--workers-per-node: expected at most 1024 but found 2000",
        "--nodes=1",
        "--workers-per-node=2000");
    refused(
        "--seed: expected -1152921504606846975 to 1152921504606846975 but found 2305843009213693952",
        "--nodes=1",
        "--seed=2305843009213693952");
    refused("--profile nowhere.json: expected a profile", "--nodes=1", "--profile=nowhere.json");
    refused("did you mean train.epochs?", "--nodes=1", "--set=train.epcohs=3");
    refused(
        "--measured: expected the folder of a scaling experiment", "--nodes=1", "--measured=no");
  }

  /** As {@code train} does. */
  @Test
  void refusesToWriteOverWhatIsThere() throws IOException {
    Path earlier = Files.writeString(other.resolve("forecast.json"), "earlier");

    CommandLineRun run =
        CommandLineRun.of("forecast", "digits", "--nodes=1", "--out", other.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains(
            "--out %s: expected an empty or new folder for the forecast, but it holds files; name another"
                .formatted(other));
    assertThat(other).isDirectoryContaining(file -> file.equals(earlier));
    assertThat(earlier).hasContent("earlier");
  }

  /** Measuring anew would write over what a forecast that has failed left there. */
  @Test
  void refusesToMeasureOverAProfile() throws IOException {
    Path kept = Files.writeString(other.resolve("profile.json"), "earlier");

    CommandLineRun run =
        CommandLineRun.of("forecast", "digits", "--nodes=1", "--out", other.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains(
            "--out %s: expected an empty or new folder for the forecast, but it holds a profile; use that by --profile %s, or name another"
                .formatted(other, kept));
    assertThat(kept).hasContent("earlier");
  }

  @Test
  void refusesWhatWasMeasuredOfAnotherNetwork() throws IOException {
    Path scaled = Files.createDirectory(other.resolve("scaled"));
    ScaleResults.Setup setup =
        new ScaleResults.Setup(
            "mnist",
            ScaleMode.STRONG,
            null,
            "lockstep scale mnist",
            new Machine("25", "x", 2),
            new BuildInfo("0.1", "abc"),
            null);
    Files.writeString(scaled.resolve("scale.json"), new ScaleResults(setup, List.of()).toJson());

    refused(
        "--measured %s: expected a scaling experiment of digits, found one of mnist"
            .formatted(scaled),
        "--nodes=1",
        "--measured=" + scaled);
  }

  /** Each lacks something of which a comparison says something. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "{}",
        "{\"runs\":[]}",
        "{\"setup\":{},\"runs\":[]}",
        "{\"setup\":{\"network\":\"digits\",\"mode\":\"strong\",\"machine\":{\"cpu\":\"x\"}}}",
        "{\"setup\":{\"network\":\"digits\",\"mode\":\"strong\",\"machine\":{\"cpu\":\"x\"}},\"runs\":[{}]}",
        "{\"setup\":{\"network\":\"digits\",\"mode\":\"strong\",\"machine\":{\"cpu\":\"x\"},\"deployment\":{}},\"runs\":[]}",
        "{\"setup\":{\"network\":\"digits\",\"mode\":\"strong\",\"machine\":{}},\"runs\":[]}"
      })
  void refusesAnythingElseAsWhatWasMeasured(String content) throws IOException {
    Path scaled = Files.writeString(other.resolve("scale.json"), content);

    refused(
        "--measured: expected the scale.json of a scaling experiment but found another file: "
            + scaled,
        "--nodes=1",
        "--measured=" + other);
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
