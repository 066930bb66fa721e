package io.lockstep.cli;

import io.lockstep.Model;
import io.lockstep.config.Configuration;
import io.lockstep.data.Partition;
import io.lockstep.data.Partitions;
import io.lockstep.data.table.Table;
import io.lockstep.model.Encoding;
import io.lockstep.model.Jar;
import io.lockstep.model.Metrics;
import io.lockstep.model.MetricsLog;
import io.lockstep.model.Quality;
import io.lockstep.model.RunFolder;
import io.lockstep.report.CalibrationPicture;
import io.lockstep.report.ConfusionMatrix;
import io.lockstep.report.ConfusionPicture;
import io.lockstep.report.CurvesPicture;
import io.lockstep.report.Effect;
import io.lockstep.report.EffectsPicture;
import io.lockstep.report.PartialDependence;
import io.lockstep.report.RunCurves;
import io.lockstep.report.drawing.Drawing;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Makes the pictures of a run from what is in its folder, and the data that it was trained on. */
final class RunPictures {

  private final Path run;
  private final List<Jar> jars;
  private final Terminal terminal;
  private final Configuration configuration;

  private RunPictures(Path run, List<Jar> jars, Terminal terminal, Configuration configuration) {
    this.run = run;
    this.jars = jars;
    this.terminal = terminal;
    this.configuration = configuration;
  }

  /**
   * Of a run.
   *
   * @param jars with layers of the user's own, for a run that kept none
   * @throws io.lockstep.model.ModelException if the folder is no run's
   */
  static RunPictures of(Path run, List<Jar> jars, Terminal terminal) {
    Configuration configuration = Configuration.load(RunFolder.open(run).configFile());
    return new RunPictures(run, jars, terminal, configuration);
  }

  /** Of a run on images. */
  ImagePictures ofImages() {
    return new ImagePictures(run, jars, terminal, configuration);
  }

  /**
   * Which classes were taken for which.
   *
   * @throws BadInputException unless the run predicts classes
   */
  ConfusionPicture confusion() {
    Model model = Model.load(run, jars);
    requireClasses(run, model.encoding(), "confusion");
    Partitions data = RunData.load(run, configuration, terminal);
    Partition rows = shownRows(data);
    int[] actual =
        IntStream.range(0, rows.size()).map(i -> rows.data().label(rows.row(i))).toArray();
    int[] predicted = model.classes(model.predict(rows));
    return new ConfusionPicture(
        "%s: which %s were taken for which class"
            .formatted(configuration.name(), nameOf(data, rows).replaceFirst("^[\\d,]+ ", "")),
        ConfusionMatrix.of(model.encoding().classNames(), actual, predicted));
  }

  /**
   * Whether predicted probabilities are what happens.
   *
   * @throws BadInputException unless the run predicts classes
   */
  Drawing calibration() {
    Model model = Model.load(run, jars);
    Partitions data = RunData.load(run, configuration, terminal);
    Partition rows = shownRows(data);
    Quality quality = model.evaluate(rows).quality();
    if (quality == null || quality.calibration() == null) {
      throw new BadInputException(
          "%s: --what calibration: expected a run that predicts probabilities of classes, or of 0 and 1, but found %s"
              .formatted(run, model.network().family().name()));
    }
    return new CalibrationPicture(
            "%s: calibration on %s".formatted(configuration.name(), nameOf(data, rows)),
            quality.calibration())
        .draw();
  }

  /**
   * Loss and accuracy.
   *
   * @throws BadInputException if nothing was measured yet
   */
  Drawing curves() {
    RunCurves curves = curves(run, configuration.name());
    return new CurvesPicture(configuration.name() + ": how training went", List.of(curves)).draw();
  }

  /** As {@link #curves()}, of a run under some name. */
  static RunCurves curves(Path run, String name) {
    Path file = RunFolder.open(run).metricsFile();
    List<Metrics> metrics = MetricsLog.read(file);
    if (metrics.isEmpty()) {
      throw new BadInputException(
          file + ": expected at least one report of progress but found none yet");
    }
    return RunCurves.of(name, metrics);
  }

  /**
   * How predictions depend on each column.
   *
   * @throws BadInputException unless the run is on a table, and that is still the same
   */
  Drawing effects() {
    Model model = Model.load(run, jars);
    Encoding encoding = model.encoding();
    if (encoding.table() == null) {
      throw new BadInputException(
          "%s: --what effects: expected a run on a table (data.name = table) but found data.name = %s"
              .formatted(run, configuration.data().name()));
    }
    RunData.load(run, configuration, terminal); // Refused where they are others than the run's.
    Table table = configuration.data().readTable(RunData.request(terminal)).orElseThrow();
    Table sample = PartialDependence.sampleOf(table, encoding.table());
    List<Effect> effects =
        new PartialDependence(encoding.table(), sample, model::predict, encoding.outputs())
            .effects(table);
    String response = encoding.table().formula().replaceFirst("~.*", "").strip();
    String title = "%s: what %s depends on".formatted(configuration.name(), response);
    List<String> classes = encoding.classNames();
    String probability = "mean " + ImagePictures.outputName(model);
    EffectsPicture picture =
        switch (classes.size()) {
          case 0 ->
              new EffectsPicture(
                  title, "mean predicted " + response, List.of(response), effects, sample.rows());
          case 2 -> // The other class's curve is this one upside down.
              new EffectsPicture(
                  title,
                  probability + " of " + classes.getLast(),
                  List.of(classes.getLast()),
                  effects.stream().map(effect -> effect.ofOutput(1)).toList(),
                  sample.rows());
          default -> new EffectsPicture(title, probability, classes, effects, sample.rows());
        };
    return picture.draw();
  }

  static void requireClasses(Path run, Encoding encoding, String what) {
    if (encoding.classNames().isEmpty()) {
      throw new BadInputException(
          "%s: --what %s: expected a run that predicts classes but found one that predicts numbers"
              .formatted(run, what));
    }
  }

  static Partition shownRows(Partitions data) {
    return !data.test().isEmpty()
        ? data.test()
        : !data.validation().isEmpty() ? data.validation() : data.train();
  }

  static String nameOf(Partitions data, Partition rows) {
    String name =
        rows == data.test() ? "test" : rows == data.validation() ? "validation" : "training";
    return Figures.count(rows.size(), name + " row");
  }
}
