package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

class TraceOptionTest {

  @Command
  private static final class Line {
    @Mixin private TraceOption trace = new TraceOption();

    @Parameters(arity = "0..1")
    private String conf;

    Line(String... words) {
      new CommandLine(this).parseArgs(words);
    }
  }

  @Test
  void isOffUnlessAskedFor() {
    assertThat(new Line("digits").trace.steps()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--trace 100:40 digits", "digits --trace=100:40", "digits --trace 100:40"})
  void takesTheStepsThatItNames(String words) {
    Line line = new Line(words.split(" "));
    assertThat(List.of(line.trace.steps(), line.conf)).containsExactly("100:40", "digits");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--trace digits", "digits --trace"})
  void leavesTheConfigurationAlone(String words) {
    Line line = new Line(words.split(" "));
    assertThat(List.of(line.trace.steps(), line.conf)).containsExactly("", "digits");
  }

  /** Before any data is read. */
  @ParameterizedTest
  @ValueSource(strings = {"100", "100:", "100:0", "100:1001", "1:2:3", "5:x"})
  void refusesWhatNamesNoSteps(String steps) {
    assertThatThrownBy(() -> new Line("--trace", steps, "digits"))
        .isInstanceOf(ParameterException.class)
        .hasMessage(
            "--trace: expected FIRST:COUNT with 1 to 1,000 steps, such as 100:40, but found %s",
            steps);
  }

  /** What is attached is the option's, and no configuration. */
  @ParameterizedTest
  @CsvSource({"--trace=digits,digits", "--trace=,nothing"})
  void refusesAnAttachedWordThatNamesNoSteps(String word, String found) {
    assertThatThrownBy(() -> new Line(word, "digits"))
        .isInstanceOf(ParameterException.class)
        .hasMessage(
            "--trace: expected FIRST:COUNT with 1 to 1,000 steps, such as 100:40, but found "
                + found);
  }
}
