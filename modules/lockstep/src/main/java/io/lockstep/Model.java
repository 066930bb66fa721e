package io.lockstep;

import io.lockstep.config.CodeChecks;
import io.lockstep.config.Configuration;
import io.lockstep.data.Dataset;
import io.lockstep.data.Partition;
import io.lockstep.data.Scaling;
import io.lockstep.data.formula.EncodedTable;
import io.lockstep.data.formula.TableEncoding;
import io.lockstep.data.table.ColumnType;
import io.lockstep.data.table.CsvFormat;
import io.lockstep.data.table.CsvOptions;
import io.lockstep.data.table.CsvTable;
import io.lockstep.glm.GlmSummary;
import io.lockstep.kernels.Kernels;
import io.lockstep.model.CoefficientTable;
import io.lockstep.model.Encoding;
import io.lockstep.model.Jar;
import io.lockstep.model.Quality;
import io.lockstep.model.RunFolder;
import io.lockstep.model.RunSummary.Score;
import io.lockstep.nn.Codes;
import io.lockstep.nn.Network;
import io.lockstep.nn.ParameterLayout.Range;
import io.lockstep.nn.Sums;
import io.lockstep.training.Evaluator;
import io.lockstep.training.Job;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A trained network with the encoding of its data: predicts rows as they are in the data, unscaled.
 * Thread-safe.
 */
public final class Model {

  private final Network network;
  private final Encoding encoding;
  private final Scaling scaling;
  private final float[] theta;
  private final Kernels kernels;
  private final Optional<CsvFormat> csvFormat;
  private final Predictor predictor;
  private final List<Codes> codes;

  private Model(
      Network network,
      Encoding encoding,
      float[] theta,
      Kernels kernels,
      Optional<CsvFormat> csvFormat) {
    this.network = network;
    this.encoding = encoding;
    this.scaling = Scaling.of(encoding.scale(), encoding.shift());
    this.theta = theta;
    this.kernels = kernels;
    this.csvFormat = csvFormat;
    this.predictor = new Predictor(network, kernels, scaling, theta);
    this.codes = Codes.ofInput(network);
  }

  /**
   * Loads what a run left, the jars that it kept included, with the widest kernels of this machine.
   *
   * @throws io.lockstep.model.ModelException if the folder is no run's, or a file of it is missing
   *     or damaged
   * @throws io.lockstep.config.ConfigurationException if the class of a layer is missing, or the
   *     system property {@code lockstep.kernels} asks for kernels that this machine lacks
   */
  public static Model load(Path run) {
    return load(run, List.of());
  }

  /**
   * As {@link #load(Path)}.
   *
   * @param jars with layers of the user's own, for a run that kept none
   */
  public static Model load(Path run, List<Jar> jars) {
    RunFolder folder = RunFolder.open(run);
    Configuration configuration =
        Configuration.load(folder.configFile()).withJars(jars.isEmpty() ? folder.readJars() : jars);
    Encoding encoding = folder.readEncoding();
    Network network = configuration.toNetwork(encoding);
    float[] theta = folder.readWeights(network.parameters());
    Kernels kernels = MachineKernels.widest();
    return new Model(network, encoding, theta, kernels, configuration.data().table().format());
  }

  /**
   * @param theta packed, not copied
   */
  static Model of(Configuration configuration, Job job, float[] theta, Kernels kernels) {
    Encoding encoding = RunRecorder.encoding(job.data());
    return new Model(
        job.network(), encoding, theta, kernels, configuration.data().table().format());
  }

  /** The network. */
  public Network network() {
    return network;
  }

  /** How rows become inputs, and what the outputs are called. */
  public Encoding encoding() {
    return encoding;
  }

  /**
   * Class probabilities, or the predicted mean, of one row.
   *
   * @param row [inputs], as in the data, unscaled
   * @return [outputs]
   * @throws IllegalArgumentException if the row has another length, or needs an offset
   */
  public float[] predict(float[] row) {
    return predict(oneRow(row));
  }

  /**
   * As {@link #predict(float[])}, for a network that was trained with offsets.
   *
   * @param offset is added to the linear predictor, such as the logarithm of an exposure
   * @throws IllegalArgumentException if the row has another length
   */
  public float[] predict(float[] row, float offset) {
    return predict(oneRow(row).withOffsets(new float[] {offset}));
  }

  private Dataset oneRow(float[] row) {
    if (row.length != encoding.inputs()) {
      throw new IllegalArgumentException(
          "row: expected %d numbers (the inputs of the network) but found %d"
              .formatted(encoding.inputs(), row.length));
    }
    return Dataset.unlabelled("row", 1, row.length, row);
  }

  /**
   * Class probabilities, or predicted means, of all rows.
   *
   * @return row-major [rows][outputs]
   * @throws IllegalArgumentException if the rows have another width, or lack offsets
   */
  public float[] predict(Dataset data) {
    return predict(Partition.all(data));
  }

  /**
   * Class probabilities, or predicted means, of the rows of a partition; by as many threads as this
   * machine has cores.
   *
   * @return row-major [rows][outputs]
   * @throws IllegalArgumentException if the rows have another width, or lack offsets
   */
  public float[] predict(Partition partition) {
    requireFitting(partition.data());
    return predictor.predict(partition);
  }

  /**
   * What each layer yields for one row; the last one yields the prediction.
   *
   * @return for each of the network's layers [width]
   * @throws IllegalArgumentException if the row has another width
   */
  public List<float[]> activations(Dataset data, int row) {
    requireFitting(data);
    return predictor.activations(Partition.range(data, row, row + 1));
  }

  /**
   * How active each unit of a layer is: the mean magnitude of what it yields.
   *
   * @param layer index into the network's layers
   * @return [width of the layer]; NaN without rows
   * @throws IllegalArgumentException if the rows have another width
   */
  public double[] activity(Partition partition, int layer) {
    requireFitting(partition.data());
    return predictor.activity(partition, layer);
  }

  /**
   * A parameter of the network as a new array.
   *
   * @param name such as {@code dense1.W}
   * @return row-major, a matrix of weights as [in][out]
   * @throws IllegalArgumentException if there is none of this name
   */
  public float[] parameter(String name) {
    Range range = network.parameters().range(name);
    float[] canonical = network.parameters().toCanonical(theta);
    int from = range.canonicalAt();
    return Arrays.copyOfRange(canonical, from, from + range.canonicalLength());
  }

  /**
   * Rows of a table as the network reads them; of those whose cells are missing some may be left
   * out, see {@link EncodedTable#tableRow}.
   *
   * @param csv with the columns that the formula of the run needs; the response may be missing. Its
   *     delimiter is that of the run ({@code data.table.delimiter}).
   * @throws IllegalStateException if the run was not trained on a table
   * @throws io.lockstep.data.DataException if the file is no such CSV, naming line and column
   */
  public EncodedTable read(Path csv) {
    TableEncoding table = encoding.table();
    if (table == null) {
      throw new IllegalStateException("the run was not trained on a table");
    }
    Map<String, ColumnType> types = table.predictorTypes();
    CsvOptions options =
        CsvOptions.automatic()
            .withFormat(csvFormat.orElse(null))
            .withTypes(types)
            .withColumns(types::containsKey);
    return table.encodeUnlabelled(CsvTable.read(csv, options));
  }

  /**
   * The coefficients on the scale of the data; empty if the network has hidden layers or
   * embeddings.
   */
  public Optional<Coefficients> coefficients() {
    return Coefficients.of(network, encoding, theta);
  }

  /**
   * The coefficients with their standard errors and tests, and the deviances of the model.
   *
   * @param rows that were learned from
   * @return empty if the network has hidden layers or embeddings, its family is none of generalized
   *     linear models, there are several responses, or so many coefficients that it would take long
   * @throws IllegalArgumentException if the rows have another width
   */
  public Optional<CoefficientTable> coefficientTable(Partition rows) {
    requireFitting(rows.data());
    return coefficients().flatMap(fitted -> GlmSummary.of(fitted.toFit(network, encoding), rows));
  }

  /** The class of the largest probability of each row, the first of equals. */
  public int[] classify(Dataset data) {
    return classes(predict(data));
  }

  /**
   * The class of the largest of each row's probabilities, the first of equals.
   *
   * @param probabilities row-major [rows][outputs], as {@link #predict(Dataset)} gives them
   */
  public int[] classes(float[] probabilities) {
    int[] classes = new int[probabilities.length / encoding.outputs()];
    for (int row = 0; row < classes.length; row++) {
      int at = row * encoding.outputs();
      for (int c = 1; c < encoding.outputs(); c++) {
        if (probabilities[at + c] > probabilities[at + classes[row]]) {
          classes[row] = c;
        }
      }
    }
    return classes;
  }

  /**
   * Mean loss, accuracy, deviance and log-likelihood over all rows, as far as the family has them,
   * with the bits that a run's evaluation has, and what the predictions are worth beside.
   *
   * @throws IllegalArgumentException if the rows have another width, or lack offsets
   */
  public Score evaluate(Partition partition) {
    requireFitting(partition.data());
    Sums sums = Evaluator.evaluate(network, kernels, partition, scaling, theta);
    return Scoring.ofEvaluation(network.family(), sums).with(quality(partition));
  }

  /** What the predictions of rows are worth; null if there are none, or they are not finite. */
  Quality quality(Partition partition) {
    return Qualities.of(network.family(), partition, predict(partition));
  }

  private void requireFitting(Dataset data) {
    if (data.width() != encoding.inputs()) {
      throw new IllegalArgumentException(
          "%s: expected rows of width %d (the inputs of the network) but found %d"
              .formatted(data.name(), encoding.inputs(), data.width()));
    }
    if (encoding.offsets() && !data.hasOffsets()) {
      throw new IllegalArgumentException(
          "%s: expected rows with offsets, as those that the network was trained on, but found none"
              .formatted(data.name()));
    }
    CodeChecks.require(data, codes);
  }
}
