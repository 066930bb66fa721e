package io.lockstep.cli;

import io.lockstep.Model;
import io.lockstep.config.Configuration;
import io.lockstep.data.Dataset;
import io.lockstep.data.ImageShape;
import io.lockstep.data.Partition;
import io.lockstep.data.Partitions;
import io.lockstep.data.table.Table;
import io.lockstep.model.Encoding;
import io.lockstep.model.Jar;
import io.lockstep.model.Metrics;
import io.lockstep.model.MetricsLog;
import io.lockstep.model.Quality;
import io.lockstep.model.RunFolder;
import io.lockstep.nn.Layer;
import io.lockstep.nn.OneHotSquaredError;
import io.lockstep.report.ActivationsPicture;
import io.lockstep.report.CalibrationPicture;
import io.lockstep.report.ConfusionMatrix;
import io.lockstep.report.ConfusionPicture;
import io.lockstep.report.CurvesPicture;
import io.lockstep.report.Effect;
import io.lockstep.report.EffectsPicture;
import io.lockstep.report.PartialDependence;
import io.lockstep.report.RunCurves;
import io.lockstep.report.Signals.LayerSignal;
import io.lockstep.report.WeightsPicture;
import io.lockstep.report.WeightsPicture.Unit;
import io.lockstep.report.drawing.Drawing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

  /**
   * The weights of the first layer.
   *
   * @throws BadInputException unless rows are images, and the first layer dense
   */
  Drawing weights() {
    Model model = Model.load(run, jars);
    ImageShape shape = requireImages(model.encoding(), "weights");
    int first = firstDense(model);
    Layer layer = model.network().layers().get(first);
    boolean classes = first == model.network().layers().size() - 1;
    Partitions data = RunData.load(run, configuration, terminal);
    Partition rows = shownRows(data);
    double[] activity = model.activity(rows, first);
    float[] weights = model.parameter(layer.name() + ".W");
    List<Unit> units =
        IntStream.range(0, layer.width())
            .mapToObj(
                unit ->
                    new Unit(
                        classes ? className(model, unit) : "#" + unit,
                        activity[unit],
                        column(weights, layer.width(), unit)))
            .toList();
    return new WeightsPicture(
            "%s: the weights of %s, %s"
                .formatted(
                    configuration.name(),
                    classes ? "each class" : "the first hidden layer's units",
                    classes ? "in the order of the classes" : "the most active units first"),
            classes ? units : WeightsPicture.mostActiveFirst(units),
            units.size(),
            shape,
            live(data.train()),
            "and its mean %s over %s"
                .formatted(classes ? outputName(model) : "activation", nameOf(data, rows)))
        .draw();
  }

  private static String className(Model model, int unit) {
    List<String> names = model.encoding().classNames();
    return names.isEmpty() ? "output " + unit : names.get(unit);
  }

  /** Dropout before it does nothing to predictions. */
  private int firstDense(Model model) {
    List<Layer> layers = model.network().layers();
    int first = 0;
    while (layers.get(first) instanceof Layer.Dropout) {
      first++;
    }
    if (!(layers.get(first) instanceof Layer.Dense)) {
      throw new BadInputException(
          "%s: --what weights: expected a network whose first layer is dense but found %s"
              .formatted(run, layers.get(first).name()));
    }
    return first;
  }

  private static float[] column(float[] matrix, int columns, int column) {
    float[] values = new float[matrix.length / columns];
    for (int row = 0; row < values.length; row++) {
      values[row] = matrix[row * columns + column];
    }
    return values;
  }

  /** Which columns are not the same in all rows. */
  private static boolean[] live(Partition rows) {
    Dataset data = rows.data();
    boolean[] live = new boolean[data.width()];
    for (int column = 0; column < live.length; column++) {
      float first = data.feature(rows.row(0), column);
      for (int i = 1; i < rows.size() && !live[column]; i++) {
        live[column] = data.feature(rows.row(i), column) != first;
      }
    }
    return live;
  }

  /**
   * One row's way through the network.
   *
   * @param position of the row
   * @throws BadInputException if there is no such row, or rows are no images or have no classes
   */
  Drawing activations(int position) {
    Model model = Model.load(run, jars);
    ImageShape shape = requireImages(model.encoding(), "activations");
    requireClasses(model.encoding(), "activations");
    Partitions data = RunData.load(run, configuration, terminal);
    Partition rows = shownRows(data);
    if (position < 0 || position >= rows.size()) {
      throw new BadInputException(
          "--row: expected 0 to %d, for %s of %s, but found %d"
              .formatted(rows.size() - 1, nameOf(data, rows), run, position));
    }
    int row = rows.row(position);
    List<LayerSignal> layers = signals(model, model.activations(rows.data(), row));
    float[] probabilities = layers.getLast().outputs();
    int predicted = model.classes(probabilities)[0];
    int truth = rows.data().label(row);
    List<String> names = model.encoding().classNames();
    String title =
        "%s, row %d of the %s: a %s, taken for a %s with %s %s"
            .formatted(
                configuration.name(),
                position,
                nameOf(data, rows).replaceFirst("^[\\d,]+ ", ""),
                names.get(truth),
                names.get(predicted),
                outputName(model),
                Figures.percent((double) probabilities[predicted]));
    return new ActivationsPicture(
            title, shape, inputs(model, rows.data(), row), layers, names, truth)
        .draw();
  }

  /** As the network reads them. */
  private static float[] inputs(Model model, Dataset data, int row) {
    float[] inputs = new float[data.width()];
    for (int column = 0; column < inputs.length; column++) {
      inputs[column] =
          data.feature(row, column) * model.encoding().scale()[column]
              + model.encoding().shift()[column];
    }
    return inputs;
  }

  /** Without layers that do nothing to predictions. */
  private static List<LayerSignal> signals(Model model, List<float[]> outputs) {
    List<LayerSignal> signals = new ArrayList<>();
    List<Layer> layers = model.network().layers();
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      String name = i == layers.size() - 1 ? "output" : "hidden layer " + (signals.size() + 1);
      switch (layer) {
        case Layer.Dropout dropout -> {}
        case Layer.Dense dense ->
            signals.add(
                new LayerSignal(
                    name,
                    i == layers.size() - 1 ? outputName(model) + " of each class" : detail(dense),
                    outputs.get(i),
                    model.parameter(dense.name() + ".W")));
        case Layer.Residual residual ->
            signals.add(new LayerSignal(name, residual.name(), outputs.get(i), null));
        case Layer.Custom own ->
            signals.add(new LayerSignal(name, own.name(), outputs.get(i), null));
      }
    }
    return signals;
  }

  private static String detail(Layer.Dense layer) {
    return "%d units, %s"
        .formatted(layer.units(), layer.activation().name().toLowerCase(Locale.ROOT));
  }

  private static String outputName(Model model) {
    return model.network().family() instanceof OneHotSquaredError ? "output" : "probability";
  }

  /**
   * Which classes were taken for which.
   *
   * @throws BadInputException unless the run predicts classes
   */
  ConfusionPicture confusion() {
    Model model = Model.load(run, jars);
    requireClasses(model.encoding(), "confusion");
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
   * @throws BadInputException unless the run is on a table
   */
  Drawing effects() {
    Model model = Model.load(run, jars);
    Encoding encoding = model.encoding();
    if (encoding.table() == null) {
      throw new BadInputException(
          "%s: --what effects: expected a run on a table (data.name = table) but found data.name = %s"
              .formatted(run, configuration.data().name()));
    }
    Table table = configuration.data().readTable(RunData.request(terminal)).orElseThrow();
    Table sample = PartialDependence.sampleOf(table, encoding.table());
    List<Effect> effects =
        new PartialDependence(encoding.table(), sample, model::predict, encoding.outputs())
            .effects(table);
    String response = encoding.table().formula().replaceFirst("~.*", "").strip();
    String title = "%s: what %s depends on".formatted(configuration.name(), response);
    List<String> classes = encoding.classNames();
    String probability = "mean " + outputName(model);
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

  private ImageShape requireImages(Encoding encoding, String what) {
    if (encoding.imageWidth() == 0) {
      throw new BadInputException(
          "%s: --what %s: expected a run on images but found rows of %d columns that are none"
              .formatted(run, what, encoding.inputs()));
    }
    return new ImageShape(encoding.imageWidth(), encoding.imageHeight());
  }

  private void requireClasses(Encoding encoding, String what) {
    if (encoding.classNames().isEmpty()) {
      throw new BadInputException(
          "%s: --what %s: expected a run that predicts classes but found one that predicts numbers"
              .formatted(run, what));
    }
  }

  private static Partition shownRows(Partitions data) {
    return !data.test().isEmpty()
        ? data.test()
        : !data.validation().isEmpty() ? data.validation() : data.train();
  }

  private static String nameOf(Partitions data, Partition rows) {
    String name =
        rows == data.test() ? "test" : rows == data.validation() ? "validation" : "training";
    return Figures.count(rows.size(), name + " row");
  }
}
