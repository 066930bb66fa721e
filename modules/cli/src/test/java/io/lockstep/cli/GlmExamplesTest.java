package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lockstep.data.DataEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The generalized linear models that come with the program have R's deviance, log-likelihood and
 * coefficients ({@code glm.R} made {@code glm.txt}), as a user sees them. Without {@code
 * LOCKSTEP_DATA} these tests are skipped, visibly and with a reason.
 */
@Timeout(120)
class GlmExamplesTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  /** A fit of R's: of a multinomial model one for each class but the first. */
  private record Fit(
      String name, double deviance, double logLikelihood, Map<String, double[]> coefficients) {}

  @ParameterizedTest
  @CsvSource({
    "gaussian, ebay/ebay.csv",
    "bernoulli, ebay/ebay.csv",
    "poisson, bikeshare/hour.csv",
    "multinomial, penguins/penguins.csv"
  })
  void fitsAsR(String model, String file) throws IOException {
    if (DataEnvironment.ofProcess().dataFolder(file) == null) {
      Assumptions.abort("needs LOCKSTEP_DATA: a folder that holds " + file);
    }
    List<Fit> fits = fits(model);
    Path run = folder.resolve("run");
    CommandLineRun trained =
        CommandLineRun.of("train", "glm-" + model, "--json", "--out", run.toString());
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    CommandLineRun evaluated = CommandLineRun.of("evaluate", run.toString(), "--json");
    JsonNode scores = JSON.readTree(evaluated.out()).path("train");
    double deviance = fits.getFirst().deviance();
    assertThat(scores.path("deviance").asDouble()).isCloseTo(deviance, within(1e-6 * deviance));
    assertThat(scores.path("logLikelihood").asDouble())
        .isCloseTo(
            fits.getFirst().logLikelihood(),
            within(1e-6 * Math.abs(fits.getFirst().logLikelihood())));

    CommandLineRun shown = CommandLineRun.of("coefficients", run.toString(), "--json");
    JsonNode outputs = JSON.readTree(shown.out()).path("outputs");
    JsonNode table = JSON.readTree(shown.out()).path("table");
    assertThat(table.path("deviance").asDouble()).isCloseTo(deviance, within(1e-6 * deviance));
    assertThat(table.path("newtonStep").asDouble()).isLessThan(1e-3);
    int next = 0;
    assertThat(outputs).hasSameSizeAs(fits);
    for (int output = 0; output < fits.size(); output++) {
      assertCoefficients(outputs.get(output).path("coefficients"), fits.get(output));
      for (double[] figures : fits.get(output).coefficients().values()) {
        JsonNode one = table.path("coefficients").get(next++);
        assertThat(one.path("standardError").asDouble())
            .as("standard error of %s", one.path("name"))
            .isCloseTo(figures[1], within(1e-3 * figures[1]));
      }
    }
  }

  @Test
  void theReadmeShowsWhatIsPrinted() throws IOException {
    if (DataEnvironment.ofProcess().dataFolder("ebay/ebay.csv") == null) {
      Assumptions.abort("needs LOCKSTEP_DATA: a folder that holds ebay/ebay.csv");
    }
    String run = folder.resolve("run").toString();
    CommandLineRun.of("train", "glm-gaussian", "--quiet", "--out", run);
    CommandLineRun shown = CommandLineRun.of("coefficients", run);
    assertThat(Files.readString(Path.of("../../README.md"))).contains("rows/s\n\n" + shown.out());
  }

  private static void assertCoefficients(JsonNode found, Fit fit) {
    assertThat(found.fieldNames())
        .toIterable()
        .containsExactlyElementsOf(fit.coefficients().keySet());
    fit.coefficients()
        .forEach(
            (name, figures) ->
                assertThat(found.path(name).asDouble())
                    .as("%s of %s, in units of 1/1000 of its standard error", name, fit.name())
                    .isCloseTo(figures[0], within(1e-3 * figures[1])));
  }

  private static List<Fit> fits(String model) throws IOException {
    try (InputStream in = GlmExamplesTest.class.getResourceAsStream("glm.txt")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return List.of(text.split("(?m)^fit ")).stream()
          .filter(block -> block.startsWith(model))
          .map(GlmExamplesTest::fit)
          .toList();
    }
  }

  private static Fit fit(String block) {
    List<String> lines = block.lines().toList();
    String[] head = lines.getFirst().split(" ");
    Map<String, double[]> coefficients = new LinkedHashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split("\t");
      coefficients.put(
          cells[0], new double[] {Double.parseDouble(cells[1]), Double.parseDouble(cells[2])});
    }
    return new Fit(head[0], Double.parseDouble(head[1]), Double.parseDouble(head[2]), coefficients);
  }
}
