package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.Profiling;
import io.lockstep.config.Configuration;
import io.lockstep.config.Overrides;
import io.lockstep.data.DataRequest;
import io.lockstep.data.Partitions;
import io.lockstep.forecast.AggregationCosts;
import io.lockstep.forecast.PassCosts;
import io.lockstep.forecast.PassScript;
import io.lockstep.forecast.PassScript.Await;
import io.lockstep.forecast.PassScript.Compute;
import io.lockstep.forecast.PassScript.Ready;
import io.lockstep.forecast.PassScript.SumsReady;
import io.lockstep.forecast.Profile;
import io.lockstep.forecast.WireCosts;
import io.lockstep.model.BuildInfo;
import io.lockstep.model.Machine;
import io.lockstep.report.scale.Deployment;
import io.lockstep.report.scale.Deployment.Places;
import io.lockstep.report.scale.ScaleCell;
import io.lockstep.report.scale.ScaleMode;
import io.lockstep.report.scale.ScaleResults;
import io.lockstep.report.scale.ScaleRun;
import io.lockstep.report.scale.SteadyRate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command to its end, by a profile of round figures. */
@Timeout(120)
final class ForecastRunTest {

  private static final double LEAF_NANOS = 1e6;

  @TempDir private Path temp;

  private Path profile() {
    Configuration digits = Configuration.bundled("digits", Overrides.NONE);
    Partitions data = digits.loadData(DataRequest.ofProcess());
    int floats = digits.toNetwork(data).parameters().packedLength();
    List<PassScript> scripts =
        IntStream.range(0, 3).mapToObj(power -> script(1 << power, floats)).toList();
    WireCosts.Path path =
        WireCosts.Path.of(new WireCosts.Frames(1e3, 0.1, 4e3, 0.2, 4e3, 0.2), 2e4, 2e4);
    Profile profile =
        new Profile(
            new Profile.Machine("a processor", 2, "25", "0.1", 0),
            new PassCosts(scripts, LEAF_NANOS, List.of(1.0, 1.1)),
            new AggregationCosts(0.1, 0.1, 0.5),
            new WireCosts(path, path, 2e4));
    Path file = temp.resolve("profile.json");
    Profiling.create(digits, data).write(profile, file);
    return file;
  }

  private static PassScript script(int leaves, int floats) {
    return new PassScript(
        leaves,
        List.of(
            new Await(0, floats),
            new Compute(leaves * LEAF_NANOS),
            new SumsReady(),
            new Ready(0, floats)));
  }

  private CommandLineRun forecast(Path profile, String out, String... more) {
    List<String> words = new ArrayList<>(List.of("forecast", "digits", "--nodes=1..4"));
    words.add("--workers-per-node=1");
    words.addAll(List.of("--profile=" + profile, "--out=" + temp.resolve(out)));
    words.addAll(List.of(more));
    return CommandLineRun.of(words.toArray(String[]::new));
  }

  private CommandLineRun quiet(Path profile, String out, String... more) {
    String[] words = Stream.concat(Stream.of(more), Stream.of("--quiet")).toArray(String[]::new);
    CommandLineRun run = forecast(profile, out, words);
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    return run;
  }

  private String file(String out, String name) throws IOException {
    return Files.readString(temp.resolve(out).resolve(name));
  }

  @Test
  void sameProfileAndSeedGiveTheSameBytes() throws IOException {
    Path profile = profile();
    String[] words = {"--stragglers=lognormal:0.3", "--failures=1/1000h", "--servers=auto"};

    CommandLineRun first = quiet(profile, "first", words);
    CommandLineRun again = quiet(profile, "again", words);

    assertThat(again.lines().subList(0, again.lines().size() - 1))
        .isEqualTo(first.lines().subList(0, first.lines().size() - 1));
    assertThat(first.lines().getLast())
        .isEqualTo("report: " + temp.resolve("first").resolve("forecast.html"));
    assertThat(file("again", "forecast.json")).isEqualTo(file("first", "forecast.json"));
    assertThat(file("again", "profile.json")).isEqualTo(Files.readString(profile));
    assertThat(file("first", "forecast.csv").lines()).hasSize(4);
    try (Stream<Path> files = Files.list(temp.resolve("first"))) {
      assertThat(files.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "forecast.html",
              "forecast.png",
              "forecast.svg",
              "forecast.csv",
              "forecast.json",
              "profile.json");
    }
  }

  /** How much of the time each thing is in use, beside what would be saved without it. */
  @Test
  void csvHasWhatIsInUse() throws IOException {
    Path profile = profile();
    CommandLineRun run = CommandLineRun.of(one("used", "--profile=" + profile));
    assertThat(run.exitCode()).isZero();

    List<String> lines = file("used", "forecast.csv").lines().toList();
    List<String> head = List.of(lines.getFirst().split(","));
    assertThat(head)
        .endsWith(
            "utilization_of_aggregation",
            "utilization_of_compute",
            "utilization_of_server_link",
            "utilization_of_worker_link");
    for (String line : lines.subList(1, lines.size())) {
      List<String> fields = List.of(line.split(","));
      assertThat(fields).hasSameSizeAs(head);
      assertThat(fields.subList(head.size() - 4, head.size()))
          .allSatisfy(share -> assertThat(Double.parseDouble(share)).isBetween(1e-6, 1.0));
    }
  }

  /** Links of 1 bit/s are of no use; what was measured before that was known is. */
  @Test
  void whatWasMeasuredForAForecastThatFailsIsKept() throws IOException {
    Path profile = profile();
    Path out = temp.resolve("failed run");

    CommandLineRun failed = measured(profile, one("failed run", "--bandwidth=1bit"));

    Path kept = out.resolve("profile.json");
    assertThat(failed.exitCode()).isEqualTo(2);
    assertThat(failed.err().lines())
        .hasSize(2)
        .first()
        .isEqualTo("lockstep: what was measured is kept: use it by --profile '" + kept + "'");
    assertThat(failed.err()).contains("expected a step within 1 h");
    assertThat(out).isDirectoryContaining(kept::equals);
    assertThat(kept).hasSameTextualContentAs(profile);

    CommandLineRun again = CommandLineRun.of(one("failed run", "--profile=" + kept));
    assertThat(again.err()).isEmpty();
    assertThat(again.exitCode()).isZero();
    assertThat(kept).hasSameTextualContentAs(profile);
    assertThat(out.resolve("forecast.json")).exists();
  }

  /** Of the smallest cluster. */
  private String[] one(String out, String more) {
    return new String[] {
      "forecast",
      "digits",
      "--nodes=1",
      "--workers-per-node=1",
      "--quiet",
      "--out=" + temp.resolve(out),
      more
    };
  }

  /** The command by itself, to which what it measures is given. */
  private static CommandLineRun measured(Path profile, String... words) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream printed = new PrintStream(err, true, StandardCharsets.UTF_8);
    Terminal terminal = Terminal.piped(printed, printed);
    CommandLine line =
        new CommandLine(
            new ForecastCommand(terminal, (profiling, progress) -> profiling.read(profile)));
    Failures failures = new Failures(terminal, () -> false);
    line.setExecutionExceptionHandler((failure, command, parsed) -> failures.of(failure));
    int exitCode = line.execute(Arrays.copyOfRange(words, 1, words.length));
    return new CommandLineRun(exitCode, "", err.toString(StandardCharsets.UTF_8));
  }

  /** Where nothing can be shown in place, nobody waits without a word. */
  @Test
  void saysWhatItIsAtWhereItsOutputIsNoTerminal() {
    CommandLineRun run = forecast(profile(), "piped", "--within=5h");

    assertThat(run.exitCode()).isZero();
    assertThat(run.err().lines())
        .containsExactly(
            "simulating 3 clusters",
            "simulating others, to find the smallest one that trains in 5.00 h");
    assertThat(run.out()).doesNotContain("simulating");
  }

  @Test
  void putsWhatWasMeasuredBeside() throws IOException {
    ScaleResults.Setup setup =
        new ScaleResults.Setup(
            "digits",
            ScaleMode.STRONG,
            null,
            "lockstep scale digits",
            new Machine("25", "a processor", 2),
            new BuildInfo("0.1", "abc"),
            new Deployment(Places.ONE_MACHINE, 1, true, "float32"));
    ScaleRun run =
        new ScaleRun(
            new ScaleCell(2, 1, 128),
            4,
            1,
            "",
            new SteadyRate(12_800, 10, 50),
            null,
            new ScaleRun.End(75, 1, 0.5, "aa", null));
    Files.writeString(temp.resolve("scale.json"), new ScaleResults(setup, List.of(run)).toJson());

    CommandLineRun forecast = quiet(profile(), "two words", "--measured=" + temp);

    assertThat(forecast.lines())
        .anyMatch(
            line ->
                line.startsWith("measured with processes of one machine, predicted with machines"))
        .anyMatch(line -> line.matches("2 +1 +128 .* 10\\.000 .*%.*"));
    assertThat(file("two words", "forecast.html"))
        .contains("Measured beside predicted")
        .contains("'--out=" + temp.resolve("two words") + "'");
  }
}
