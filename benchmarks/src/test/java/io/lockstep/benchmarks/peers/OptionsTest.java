package io.lockstep.benchmarks.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lockstep.benchmarks.BenchmarkNetwork;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class OptionsTest {

  private static final Set<String> PARTS = new LinkedHashSet<>(List.of("peak", "step", "start"));
  private static final Path FILE = Path.of("RESULTS.md");

  private static Options parse(String... arguments) {
    return Options.parse(arguments, PARTS, FILE);
  }

  @Test
  void measuresAllByDefault() {
    assertEquals(
        new Options(
            List.of("peak", "step", "start"),
            List.of(BenchmarkNetwork.values()),
            7,
            List.of("auto", "unix", "tcp"),
            false,
            FILE),
        parse());
  }

  @Test
  void takesWhatIsAskedForInTheOrderOfTheDocument() {
    assertEquals(
        new Options(
            List.of("step", "start"),
            List.of(BenchmarkNetwork.W2),
            5,
            List.of("tcp"),
            true,
            Path.of("other.md")),
        parse(
            "--only",
            "start,step",
            "--networks",
            "W2",
            "--repetitions",
            "5",
            "--transport",
            "tcp",
            "other.md",
            "--quick"));
  }

  @Test
  void saysWhatItDoesNotKnow() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> parse("--only", "step,stop"));
    assertEquals("--only: expected some of peak,step,start but found stop", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> parse("--quickly"));
    assertThrows(IllegalArgumentException.class, () -> parse("--repetitions"));
  }
}
