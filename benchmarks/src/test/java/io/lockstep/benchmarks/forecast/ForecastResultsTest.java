package io.lockstep.benchmarks.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForecastResultsTest {

  private static final Cell CELL = new Cell(ForecastNetwork.W1, 2, 1, 100, 1);
  private static final Cell OTHER = new Cell(ForecastNetwork.W2, 8, 2, 1_000, 1);

  @TempDir private Path folder;
  private Path json;
  private ForecastResults results;

  @BeforeEach
  void open() throws IOException {
    json = folder.resolve("results.json");
    results = ForecastResults.read(json);
  }

  private static Measured measured(double ms, double cores) {
    return new Measured(ms, ms, 30, cores);
  }

  @Test
  void keepsPredictionsAndEveryRound() throws IOException {
    results.on(Map.of("CPU", "some"));
    results.predicted(CELL, 81);
    results.measured(CELL, measured(90, 0.5));
    results.measured(CELL, measured(92, 0.5));
    results.measured(OTHER, measured(5, 0.5));

    ForecastResults read = ForecastResults.read(json);

    assertThat(read.machine()).containsEntry("CPU", "some");
    assertThat(read.cells()).isEqualTo(results.cells()).hasSize(2);
    assertThat(read.cells().getFirst().predictedMs()).isEqualTo(81);
    assertThat(read.cells().getFirst().measured()).hasSize(2);
  }

  @Test
  void aNewPredictionForgetsWhatWasMeasuredBefore() throws IOException {
    results.measured(CELL, measured(90, 0.5));

    results.predicted(CELL, 81);

    assertThat(results.cells().getFirst().measured()).isEmpty();
  }

  @Test
  void theErrorIsThatOfThePredictionAndOnlyWhereThereWereCores() throws IOException {
    results.predicted(CELL, 81);
    results.measured(CELL, measured(90, 0.5));
    results.predicted(OTHER, 81);
    results.measured(OTHER, measured(30, 100));

    String page = page();

    assertThat(page)
        .contains("| W1 | 2 | 1 | 100 Mbit/s, 1 ms | 81.00 | 90.00 | 90.00 | -10.0 % | 0.50 |")
        .contains(
            "| W2 | 8 | 2 | 1,000 Mbit/s, 1 ms | 81.00 | 30.00 | 30.00 |  | 100.00, not valid |")
        .contains("| all | 1 | 10.0 % | 10.0 % | W1:2:1:100:1 |");
  }

  private String page() throws IOException {
    Path file = folder.resolve("page.md");
    new ForecastPage(results, file, new PrintStream(new ByteArrayOutputStream())).write();
    return Files.readString(file);
  }
}
