package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UsageTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train",
        "launch",
        "attach",
        "status",
        "stop",
        "node",
        "key",
        "evaluate",
        "predict",
        "coefficients",
        "plot",
        "compare",
        "repeat",
        "scale",
        "forecast",
        "inspect",
        "data",
        "doctor"
      })
  void helpsWithExamples(String command) {
    CommandLineRun run = CommandLineRun.of(command, "--help");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("Usage: lockstep " + command, "Example", "  lockstep " + command);
    assertThat(run.out().lines()).allMatch(line -> line.length() <= 80);
    assertThat(examples(run)).allMatch(line -> line.startsWith("  lockstep "));
  }

  /** None is broken into two lines. */
  private static List<String> examples(CommandLineRun help) {
    return help.out()
        .lines()
        .dropWhile(line -> !line.startsWith("Example"))
        .skip(1)
        .takeWhile(line -> !line.isEmpty())
        .toList();
  }

  @Test
  void helpsWithTheCommands() {
    String help = CommandLineRun.of("--help").out();
    assertThat(help).contains("Examples:", "train", "Exit codes: 0");
    assertThat(help.lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void helpsWithAllCommandsWhateverFollows() {
    assertThat(CommandLineRun.of("--help", "train").out())
        .isEqualTo(CommandLineRun.of("--help").out());
  }

  @Test
  void saysItsVersion() {
    assertThat(CommandLineRun.of("--version").out()).startsWith("lockstep ").contains("Java ");
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertRefused("lockstep: which command?");
    assertRefused("Did you mean: lockstep train?", "trian");
    assertRefused("lockstep: there is no command trian", "trian");
    assertRefused("lockstep train: expected no further argument but found b", "train", "a", "b");
    assertRefused("lockstep: Unknown option: '--wrkers=2'", "train", "--wrkers=2");
    assertRefused("but found '5:explode:any'; --help has", "launch", "--chaos=5:explode:any");
    assertRefused("lockstep: --quiet, --json are mutually exclusive", "train", "--quiet", "--json");
    assertRefused("Missing required parameter: 'RUN'", "evaluate");
  }

  @Test
  void refusesAConfigurationInOneLine() {
    assertRefused("did you mean train.batch?", "train", "--set", "train.bacth=3");
    assertRefused("found 0 at --workers 0", "train", "--workers", "0");
    assertRefused("lockstep: no-such.conf: no such file", "train", "no-such.conf");
    assertRefused("unknown data set 'mnits'", "data", "mnits");
    assertRefused("--rows: expected 0 or more but found -1", "data", "digits", "--rows=-1");
    assertRefused("no such folder", "evaluate", "no-such-run");
  }

  private static void assertRefused(String message, String... arguments) {
    CommandLineRun run = CommandLineRun.of(arguments);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains(message).doesNotContain("\tat ");
    assertThat(run.err().lines()).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void listsDataAndShowsADigit() {
    assertThat(CommandLineRun.of("data").out()).contains("digits: ", "mnist: ");
    CommandLineRun run = CommandLineRun.of("data", "digits", "--rows", "1");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("row 0: class", "28x28 pixels", "rows per class:")
        .containsPattern("[░▒▓█]");
  }

  @Test
  void inspectsADivisionOfWork() {
    CommandLineRun run =
        CommandLineRun.of(
            "inspect",
            "digits",
            "--set",
            "data.digits.train=200",
            "--set",
            "data.digits.test=20",
            "--set",
            "train.batch=100",
            "--set",
            "train.microBatches=5",
            "--set",
            "cluster.workers=7",
            "--set",
            "cluster.servers=2");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("dense1  784", "100 rows in 5 micro-batches of 20 rows")
        .contains("at most 5 workers can be busy", "idle: 5, 6;")
        .contains("servers     2;", "memory ");
  }

  @Test
  void inspectsTheMemoryOfWorkersThatShareTheirPlaces() {
    String many = "1,000 workers in " + 2 * Runtime.getRuntime().availableProcessors();
    CommandLineRun run =
        CommandLineRun.of(
            "inspect",
            "digits",
            "--set",
            "data.digits.train=200",
            "--set",
            "data.digits.test=20",
            "--set",
            "cluster.workers=1000");
    assertThat(run.out()).contains(", " + many + " places of ");
  }
}
