package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.forecast.ForecastException;
import io.lockstep.wire.MeasuringException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What users are told of failures, and scripts by the exit code. */
final class FailuresTest {

  private final ByteArrayOutputStream told = new ByteArrayOutputStream();
  private final PrintStream err = new PrintStream(told, true, StandardCharsets.UTF_8);
  private final Failures failures = new Failures(Terminal.piped(err, err), () -> false);

  private List<String> lines() {
    return told.toString(StandardCharsets.UTF_8).lines().toList();
  }

  /** Nobody's mistake, and none of the program's: no stack trace. */
  @Test
  void whatCannotBeMeasuredIsOneLine() {
    assertThat(failures.of(new MeasuringException("measuring frames: expected one, found none")))
        .isEqualTo(ExitCode.FAILURE);
    assertThat(lines()).containsExactly("lockstep: measuring frames: expected one, found none");
  }

  @Test
  void whatCannotBeForecastIsTheUsersToChange() {
    assertThat(failures.of(new ForecastException("faster links are needed")))
        .isEqualTo(ExitCode.BAD_INPUT);
    assertThat(lines()).containsExactly("lockstep: faster links are needed");
  }
}
