package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lockstep.config.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A model on a CSV file without a configuration, and what a statistician reads of it. */
@Timeout(120)
class TableOptionsTest {

  @TempDir Path folder;
  private String csv;
  private String run;

  @BeforeEach
  void write() throws IOException {
    StringBuilder text = new StringBuilder("count,x,group,size,yes,t\n");
    for (int i = 0; i < 120; i++) {
      double x = (i * 37 % 120) / 40.0;
      int count = (int) Math.round(Math.exp(0.7 * x) + (i * 7 % 5) - 1);
      text.append(count).append(',').append(x).append(",g").append(i % 3).append(',');
      text.append(2000 + 300 * x + i * 11 % 17).append(',');
      text.append(x + (i % 4) > 3 ? 1 : 0).append(',').append(1 + i % 2).append('\n');
    }
    csv = Files.writeString(folder.resolve("some rides.csv"), text).toString();
    run = folder.resolve("run").toString();
  }

  private CommandLineRun train(String... more) {
    String[] all = new String[more.length + 3];
    all[0] = "train";
    all[1] = "--out";
    all[2] = run;
    System.arraycopy(more, 0, all, 3, more.length);
    return CommandLineRun.of(all);
  }

  private static JsonNode table(String run) throws IOException {
    CommandLineRun shown = CommandLineRun.of("coefficients", run, "--json");
    assertThat(shown.exitCode()).as(shown.err()).isZero();
    return new ObjectMapper().readTree(shown.out()).path("table");
  }

  @Test
  void fitsPoissonModelWithOffset() throws IOException {
    CommandLineRun trained =
        train(
            "--data",
            csv,
            "--formula",
            "count ~ x + group + offset(log(t))",
            "--family",
            "poisson");
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    Configuration kept = Configuration.load(Path.of(run, "config.conf"));
    assertThat(kept.name()).isEqualTo("some rides");
    assertThat(kept.data().name()).isEqualTo("table");
    assertThat(kept.network().output().family()).isEqualTo("poisson");
    assertThat(kept.train().batch()).isEqualTo(120);
    JsonNode table = table(run);
    assertThat(table.path("statistic").asText()).isEqualTo("z");
    assertThat(table.path("newtonStep").asDouble()).isLessThan(1e-3);
    assertThat(table.path("warnings")).isEmpty();
    assertThat(Files.readAllLines(Path.of(run, "coefficients.csv")))
        .hasSize(5)
        .startsWith("term,estimate,std.error,statistic,p.value");
    CommandLineRun shown = CommandLineRun.of("coefficients", run);
    assertThat(shown.lines().getFirst())
        .matches(" +Estimate +Std. Error +z value +Pr\\(>\\|z\\|\\) *");
    assertThat(shown.out()).contains("null deviance ").contains("119").contains("AIC");
    assertThat(trained.out()).contains(shown.out());
    assertThat(trained.lines())
        .filteredOn(line -> line.startsWith("epoch"))
        .hasSize(kept.train().epochs() / kept.train().reportEvery())
        .allMatch(line -> line.matches("epoch \\d+/\\d+  train .*"));
    CommandLineRun evaluated = CommandLineRun.of("evaluate", run);
    assertThat(evaluated.out()).contains("train: RMSE ").contains(", R² ");
    CommandLineRun predicted = CommandLineRun.of("predict", run, csv);
    assertThat(predicted.lines()).hasSize(121).startsWith("row,count");
  }

  @Test
  void takesTwoTextsAsBinaryLikeR() throws IOException {
    String[] binary = {"--data", csv, "--formula", "yes ~ x", "--family", "binomial"};
    assertThat(train(binary).exitCode()).isZero();
    JsonNode numbers = table(run);
    run = folder.resolve("texts").toString();
    binary[3] = "factor(yes) ~ x";
    CommandLineRun trained = train(binary);
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    assertThat(trained.lines()).contains("1, as against 0:");
    for (int j = 0; j < 2; j++) {
      for (String figure : List.of("estimate", "standardError")) {
        assertThat(table(run).path("coefficients").get(j).path(figure).asDouble())
            .isCloseTo(
                numbers.path("coefficients").get(j).path(figure).asDouble(), withinPercentage(0.1));
      }
    }
    assertThat(CommandLineRun.of("predict", run, csv).lines())
        .hasSize(121)
        .startsWith("row,class,p(0),p(1)");
    run = folder.resolve("probit").toString();
    assertThat(train(append(binary, "--link", "probit")).err())
        .contains("or a response of numbers 0 and 1 but found bernoulli at --family binomial");
  }

  private static String[] append(String[] words, String... more) {
    return Stream.of(words, more).flatMap(Stream::of).toArray(String[]::new);
  }

  @Test
  void fitsLargeGaussianResponse() throws IOException {
    CommandLineRun trained = train("--data", csv, "--formula", "size ~ x + group");
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    JsonNode table = table(run);
    assertThat(table.path("family").asText()).isEqualTo("gaussian");
    assertThat(table.path("statistic").asText()).isEqualTo("t");
    assertThat(table.path("newtonStep").asDouble()).isLessThan(1e-2);
  }

  @Test
  void hasHiddenLayersAndAnotherLink() {
    CommandLineRun trained =
        train(
            "--data",
            csv,
            "--formula",
            "yes ~ x + group",
            "--family",
            "bernoulli",
            "--link",
            "probit",
            "--hidden",
            "5,3",
            "--na",
            "impute",
            "--set",
            "train.epochs=3",
            "--quiet");
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    Configuration kept = Configuration.load(Path.of(run, "config.conf"));
    assertThat(kept.network().layers()).hasSize(2);
    assertThat(kept.toHocon()).contains("probit").contains("impute").contains("one-hot");
    assertThat(kept.train().epochs()).isEqualTo(3);
    CommandLineRun evaluated = CommandLineRun.of("evaluate", run);
    assertThat(evaluated.out())
        .contains("validation: AUC ")
        .contains("Brier score ")
        .contains("precision");
  }

  @Test
  void embedsFactors() {
    CommandLineRun trained =
        train(
            "--data",
            csv,
            "--formula",
            "yes ~ x + group + factor(t)",
            "--family",
            "bernoulli",
            "--embed",
            "group=2,t=1",
            "--set",
            "train.epochs=3",
            "--quiet");
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    Configuration kept = Configuration.load(Path.of(run, "config.conf"));
    assertThat(kept.data().table().embeddings()).isEqualTo(Map.of("group", 2, "t", 1));
    assertThat(kept.data().validation()).isEqualTo(0.1);
    assertThat(CommandLineRun.of("inspect", run).out())
        .contains("embedding, group, 3 levels to 2")
        .contains("embedding, t, 2 levels to 1");
    assertThat(CommandLineRun.of("coefficients", run).err())
        .contains("expected a network without hidden layers and embeddings");
    assertThat(CommandLineRun.of("evaluate", run).out()).contains("validation: AUC ");
    assertThat(CommandLineRun.of("predict", run, csv).lines()).hasSize(121);
    String chart = folder.resolve("effects.png").toString();
    assertThat(CommandLineRun.of("plot", run, "--what", "effects", "--out", chart).exitCode())
        .isZero();
    assertThat(CommandLineRun.of("compare", run, run).out()).contains("3-4-1 embedding, bernoulli");
  }

  private void assertRefused(String message, String... arguments) {
    CommandLineRun refused = train(arguments);
    assertThat(refused.exitCode()).as(refused.out()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(refused.err()).contains(message);
  }

  @Test
  void refusesPartsOfModelAndTwoModels() {
    assertRefused(
        "--data, --formula: expected no configuration beside it, but found mnist",
        "mnist",
        "--data",
        csv,
        "--formula",
        "count ~ x");
    assertRefused(
        "--data: expected --data and --formula, but there is no --formula", "--data", csv);
    assertRefused("--family: expected --data and --formula", "--family", "poisson");
    assertRefused("--embed: expected --data and --formula", "--embed", "group=2");
    assertRefused(
        "expected a whole number of at least 1 but found 0 at --embed group=0",
        "--data",
        csv,
        "--formula",
        "count ~ group",
        "--embed",
        "group=0");
    assertRefused(
        "found the column of numbers x; wrap it in factor(x)",
        "--data",
        csv,
        "--formula",
        "count ~ x",
        "--embed",
        "x=3");
    assertRefused(
        "--link probit: expected --family, too",
        "--data",
        csv,
        "--formula",
        "yes ~ x",
        "--link",
        "probit");
    assertRefused(
        "did you mean 'count'", "--data", csv, "--formula", "counts ~ x", "--family", "poisson");
    assertRefused(
        "at --family posson", "--data", csv, "--formula", "count ~ x", "--family", "posson");
  }
}
