package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pictures of small runs, from training to the file. */
@Timeout(120)
final class PlotCommandsTest {

  @TempDir private static Path folder;
  private static Path digits;
  private static Path linear;
  private static Path table;

  @BeforeAll
  static void train() throws IOException {
    digits = folder.resolve("hidden");
    linear = folder.resolve("softmax");
    table = folder.resolve("table");
    trainDigits(digits, "network.layers=[{type=dense,units=6},{type=dropout,rate=0.1}]");
    trainDigits(linear, "network.layers=[]");
    trainTable();
  }

  private static void trainDigits(Path out, String layers) {
    List<String> arguments = new ArrayList<>(List.of("train", "digits", "--out", out.toString()));
    for (String key :
        List.of(
            "data.digits.train=300",
            "data.digits.test=50",
            "train.epochs=2",
            "train.batch=64",
            layers)) {
      Collections.addAll(arguments, "--set", key);
    }
    CommandLineRun trained = CommandLineRun.of(arguments.toArray(String[]::new));
    assertThat(trained.exitCode()).as(trained.err()).isZero();
  }

  private static void trainTable() throws IOException {
    StringBuilder csv = new StringBuilder("count,hour,kind\n");
    for (int i = 0; i < 200; i++) {
      csv.append(i % 8 + 1).append(',').append(i % 8).append(i % 3 == 0 ? ",a\n" : ",b\n");
    }
    Path file = Files.writeString(folder.resolve("counts.csv"), csv);
    Path conf =
        Files.writeString(
            folder.resolve("counts.conf"),
            """
            data { name = table, scaling = standardize }
            data.table { file = "%s", formula = "count ~ factor(hour) + kind" }
            network.output.family = poisson
            """
                .formatted(file.toString().replace('\\', '/')));
    CommandLineRun trained = CommandLineRun.of("train", conf.toString(), "--out", table.toString());
    assertThat(trained.exitCode()).as(trained.err()).isZero();
  }

  private static String svg(Path run, String what, String... more) throws IOException {
    Path file = folder.resolve(run.getFileName() + "-" + what + ".svg");
    List<String> arguments =
        new ArrayList<>(List.of("plot", run.toString(), "--what", what, "--out", file.toString()));
    Collections.addAll(arguments, more);
    CommandLineRun drawn = CommandLineRun.of(arguments.toArray(String[]::new));
    assertThat(drawn.exitCode()).as(drawn.err()).isZero();
    assertThat(drawn.lines().getLast()).isEqualTo(what + ": " + file);
    return Files.readString(file);
  }

  @Test
  void drawsTheWeightsOfEachUnit() throws IOException {
    String drawn = svg(digits, "weights");
    assertThat(drawn.split("<image ", -1)).hasSize(1 + 6 + 1); // the units, and the colour scale
    assertThat(drawn).contains("the most active units first", "#5", "over 50 test rows");
    assertThat(svg(linear, "weights")).contains("in the order of the classes", "mean probability");
  }

  @Test
  void drawsPngIntoTheFolderOfTheRun() throws IOException {
    CommandLineRun drawn = CommandLineRun.of("plot", digits.toString(), "--what", "curves");
    assertThat(drawn.exitCode()).as(drawn.err()).isZero();
    BufferedImage image = ImageIO.read(digits.resolve("plots").resolve("curves.png").toFile());
    assertThat(image.getWidth()).isGreaterThan(1000);
  }

  @Test
  void drawsTheWayOfARow() throws IOException {
    String drawn = svg(digits, "activations", "--row", "49");
    assertThat(drawn)
        .contains("digits, row 49 of the test rows: a ", "hidden layer 1", "6 units, relu")
        .contains("probability of each class", "excites");
    assertThat(svg(linear, "activations")).contains("row 0 of the test rows");
  }

  @Test
  void countsMistakes() throws IOException {
    assertThat(svg(digits, "confusion")).contains("predicted class", "recall", "50 rows, ");
    CommandLineRun said =
        CommandLineRun.of(
            "plot", digits.toString(), "--what", "confusion", "--out", folder + "/c.png");
    assertThat(said.lines().getFirst()).matches("50 rows, \\d+\\.\\d\\d % right");
    assertThat(said.out())
        .containsPattern("most often mistaken for \\d: \\d \\(\\d+ of the \\d+ rows? of \\d\\)");
  }

  @Test
  void drawsTheEffectsOfColumns() throws IOException {
    assertThat(svg(table, "effects"))
        .contains("counts: what count depends on", ">hour<", ">kind<", "mean predicted count");
  }

  @Test
  void drawsNoEffectsOfOtherRowsThanTheRuns() throws IOException {
    Path file = folder.resolve("counts.csv");
    String rows = Files.readString(file);
    Files.writeString(file, rows + "3,1,a\n");
    try {
      refused(
          table + ": expected the data of the run (sha256 ",
          "plot",
          table.toString(),
          "--what",
          "effects");
    } finally {
      Files.writeString(file, rows);
    }
  }

  @Test
  void comparesRuns() throws IOException {
    Path file = folder.resolve("compared.svg");
    CommandLineRun compared =
        CommandLineRun.of(
            "compare", digits.toString(), linear.toString(), "--out", file.toString());
    assertThat(compared.exitCode()).as(compared.err()).isZero();
    assertThat(compared.lines().getFirst()).matches(" +hidden +softmax");
    assertThat(compared.out())
        .containsPattern("network +784-6-10 relu, dropout, categorical +784-10 categorical")
        .containsPattern("steps +10 +10")
        .containsPattern("test accuracy +[\\d.]+ % +[\\d.]+ %")
        .contains("seconds", "samples/s")
        .doesNotContain("train.seed");
    assertThat(Files.readString(file)).contains("hidden (test: ", "softmax (test: ");
  }

  @Test
  void comparesTheSettingsThatDiffer() {
    CommandLineRun compared = CommandLineRun.of("compare", linear.toString(), table.toString());
    assertThat(compared.exitCode()).as(compared.err()).isZero();
    assertThat(compared.out())
        .containsPattern("data.name +digits +table")
        .containsPattern("network.output.family +categorical +poisson")
        .containsPattern("\nAIC +[\\d,.-]+ +[\\d,.-]+")
        .contains("note: losses of different families cannot be compared")
        .containsPattern("test accuracy +[\\d.]+ % +-");
  }

  @Test
  void comparesTheLayersWithinResidualConnections() {
    Path six = folder.resolve("six");
    Path seven = folder.resolve("seven");
    for (int units = 6; units <= 7; units++) {
      trainDigits(
          units == 6 ? six : seven,
          "network.layers=[{type=residual,layers=[{type=dense,units=%d},{type=dense,units=784}]}]"
              .formatted(units));
    }
    CommandLineRun compared = CommandLineRun.of("compare", six.toString(), seven.toString());
    assertThat(compared.exitCode()).as(compared.err()).isZero();
    assertThat(compared.out())
        .containsPattern("network\\.layers\\[0\\]\\.layers\\[0\\]\\.units +6 +7");
  }

  @Test
  void refusesWhatCannotBeDrawn() {
    String hidden = digits.toString();
    refused(
        "--what: expected weights, activations, confusion, calibration, curves or effects but found"
            + " 'weigths'; did you mean weights?",
        "plot",
        hidden,
        "--what",
        "weigths");
    refused(
        table + ": --what weights: expected a run on images but found rows of 8 columns",
        "plot",
        table.toString(),
        "--what",
        "weights");
    refused(
        table + ": --what confusion: expected a run that predicts classes",
        "plot",
        table.toString(),
        "--what",
        "confusion");
    refused(
        hidden
            + ": --what effects: expected a run on a table (data.name = table) but found"
            + " data.name = digits",
        "plot",
        hidden,
        "--what",
        "effects");
    refused(
        "--row: expected 0 to 49, for 50 test rows of " + hidden + ", but found 50",
        "plot",
        hidden,
        "--what",
        "activations",
        "--row",
        "50");
    refused("but found -1", "plot", hidden, "--what", "activations", "--row=-1");
    refused(
        "--row: only activations are of one row, but found --what curves",
        "plot",
        hidden,
        "--what",
        "curves",
        "--row",
        "3");
    refused(
        "--out: expected a file name that ends with .png or .svg but found a.gif",
        "plot",
        hidden,
        "--what",
        "curves",
        "--out",
        "a.gif");
    refused("ends with .png or .svg but found b", "compare", hidden, "--out", "b");
    refused("no such folder", "compare", hidden, folder.resolve("no-run").toString());
    refused("Missing required option: '--what=WHAT'", "plot", hidden);
    refused(
        "is a file",
        "plot",
        hidden,
        "--what",
        "curves",
        "--out",
        digits.resolve("run.json").resolve("a.png").toString());
  }

  private static void refused(String message, String... arguments) {
    CommandLineRun run = CommandLineRun.of(arguments);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(message).doesNotContain("\tat ", "internal error");
  }
}
