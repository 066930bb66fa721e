package io.lockstep.cli;

import io.lockstep.data.NearestName;
import io.lockstep.report.ConfusionMatrix;
import io.lockstep.report.ConfusionMatrix.Mistake;
import io.lockstep.report.ConfusionPicture;
import io.lockstep.report.drawing.Drawing;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lockstep plot}. */
@Command(
    name = "plot",
    description = "Draws what a run learned, or how it went, as PNG or SVG.",
    footer = {
      "",
      "What can be drawn:",
      "  weights      the weights of each unit of the first layer as an image",
      "  activations  the way of one image through the network to its class",
      "  confusion    which classes were taken for which, with counts and rates",
      "  calibration  whether what is predicted with a probability is the case as often",
      "  curves       loss and accuracy over the epochs",
      "  effects      how predictions depend on each column of a table",
      "",
      "Weights and activations need images, confusion and calibration classes, effects a table. Rows are those of the test, without any those of the validation, else those trained on.",
      "",
      "Examples:",
      "  lockstep plot runs/digits-20260101-120000 --what weights",
      "  lockstep plot runs/long --what activations --row 7 --out seven.svg",
      "  lockstep plot runs/long --what confusion --out confusion.png"
    })
final class PlotCommand implements Callable<Integer> {

  private static final List<String> KINDS =
      List.of("weights", "activations", "confusion", "calibration", "curves", "effects");

  private final Terminal terminal;

  @Parameters(paramLabel = "RUN", description = "The folder of a run.")
  private Path run;

  @Option(
      names = "--what",
      required = true,
      paramLabel = "WHAT",
      description = "weights, activations, confusion, calibration, curves or effects.")
  private String what;

  @Option(
      names = "--row",
      paramLabel = "N",
      description = "The row of activations, counted from 0 (default: 0).")
  private Integer row;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "A .png or .svg file (default: plots/WHAT.png in the folder of the run).")
  private Path out;

  @Mixin private JarOption jars = new JarOption();

  PlotCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    requireOptions();
    RunArgument.require(run);
    PictureFile file =
        new PictureFile(out == null ? run.resolve("plots").resolve(what + ".png") : out);
    file.write(draw(RunPictures.of(run, jars.read(), terminal)));
    terminal.out().println(what + ": " + file.path());
    return ExitCode.OK;
  }

  private void requireOptions() {
    if (!KINDS.contains(what)) {
      throw new BadInputException(
          "--what: expected %s but found '%s'%s"
              .formatted(
                  "weights, activations, confusion, calibration, curves or effects",
                  what,
                  NearestName.of(what, KINDS)
                      .map(near -> "; did you mean " + near + "?")
                      .orElse("")));
    }
    if (row != null && !what.equals("activations")) {
      throw new BadInputException(
          "--row: only activations are of one row, but found --what " + what);
    }
  }

  private Drawing draw(RunPictures pictures) {
    return switch (what) {
      case "weights" -> pictures.ofImages().weights();
      case "activations" -> pictures.ofImages().activations(row == null ? 0 : row);
      case "calibration" -> pictures.calibration();
      case "curves" -> pictures.curves();
      case "effects" -> pictures.effects();
      default -> confusion(pictures.confusion());
    };
  }

  private Drawing confusion(ConfusionPicture picture) {
    ConfusionMatrix matrix = picture.matrix();
    terminal
        .out()
        .println(
            "%s, %s right"
                .formatted(
                    Figures.count(matrix.rows(), "row"), Figures.percent(matrix.accuracy())));
    for (String name : matrix.names()) {
      mostMistakenFor(matrix, name).ifPresent(terminal.out()::println);
    }
    return picture.draw();
  }

  private static Optional<String> mostMistakenFor(ConfusionMatrix matrix, String name) {
    return matrix.mistakes().stream()
        .filter(mistake -> mistake.predicted().equals(name))
        .findFirst()
        .map(mistake -> line(matrix, mistake));
  }

  private static String line(ConfusionMatrix matrix, Mistake mistake) {
    return "most often mistaken for %s: %s (%s of the %s of %s)"
        .formatted(
            mistake.predicted(),
            mistake.actual(),
            Figures.count(mistake.rows()),
            Figures.count(matrix.rowsOf(matrix.names().indexOf(mistake.actual())), "row"),
            mistake.actual());
  }
}
