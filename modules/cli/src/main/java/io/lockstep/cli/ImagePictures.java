package io.lockstep.cli;

import io.lockstep.Model;
import io.lockstep.config.Configuration;
import io.lockstep.data.Dataset;
import io.lockstep.data.ImageShape;
import io.lockstep.data.Partition;
import io.lockstep.data.Partitions;
import io.lockstep.model.Encoding;
import io.lockstep.model.Jar;
import io.lockstep.nn.Layer;
import io.lockstep.report.ActivationsPicture;
import io.lockstep.report.Signals.LayerSignal;
import io.lockstep.report.WeightsPicture;
import io.lockstep.report.WeightsPicture.Unit;
import io.lockstep.report.drawing.Drawing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Makes the pictures of a run on images: what its weights look like, and how it sees one of them.
 */
final class ImagePictures {

  private final Path run;
  private final List<Jar> jars;
  private final Terminal terminal;
  private final Configuration configuration;

  ImagePictures(Path run, List<Jar> jars, Terminal terminal, Configuration configuration) {
    this.run = run;
    this.jars = jars;
    this.terminal = terminal;
    this.configuration = configuration;
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
    Partition rows = RunPictures.shownRows(data);
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
                .formatted(
                    classes ? outputName(model) : "activation", RunPictures.nameOf(data, rows)))
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
    RunPictures.requireClasses(run, model.encoding(), "activations");
    Partitions data = RunData.load(run, configuration, terminal);
    Partition rows = RunPictures.shownRows(data);
    if (position < 0 || position >= rows.size()) {
      throw new BadInputException(
          "--row: expected 0 to %d, for %s of %s, but found %d"
              .formatted(rows.size() - 1, RunPictures.nameOf(data, rows), run, position));
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
                RunPictures.nameOf(data, rows).replaceFirst("^[\\d,]+ ", ""),
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

  static String outputName(Model model) {
    return model.network().family().yieldsProbabilities() ? "probability" : "output";
  }

  private ImageShape requireImages(Encoding encoding, String what) {
    if (encoding.imageWidth() == 0) {
      throw new BadInputException(
          "%s: --what %s: expected a run on images but found rows of %d columns that are none"
              .formatted(run, what, encoding.inputs()));
    }
    return new ImageShape(encoding.imageWidth(), encoding.imageHeight());
  }
}
