package io.lockstep.data;

import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Panels;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Rows of features, each with a label (classification), with target numbers (regression), or with
 * neither (to predict).
 *
 * <p>Immutable and thread-safe. Arrays given to the factories are kept, not copied: they must not
 * be changed afterwards. Rows and columns are counted from 0.
 */
public final class Dataset {

  private final String name;
  private final Features features;
  private final Answers answers;
  private final ImageShape image;
  private final CaseNumbers cases;
  private final Places places; // null: rows are counted
  private volatile String sha256;

  /** Where rows are in a file, and what the column of their answers is called there. */
  private record Places(IntFunction<String> rows, String answer) {}

  private Dataset(String name, Features features, Answers answers, ImageShape image) {
    this(name, features, answers, image, CaseNumbers.NONE, null);
  }

  private Dataset(
      String name,
      Features features,
      Answers answers,
      ImageShape image,
      CaseNumbers cases,
      Places places) {
    this.name = name;
    this.features = features;
    this.answers = answers;
    this.image = image;
    this.cases = cases;
    this.places = places;
  }

  /**
   * Classification on unsigned bytes.
   *
   * @param features row-major [rows][width]
   * @param labels [rows], each in [0, classes)
   * @throws DataException if a length does not match or a label is out of range
   */
  public static Dataset ofBytes(
      String name, int rows, int width, byte[] features, int[] labels, int classes) {
    DataChecks.shape(name, rows, width, features.length);
    return new Dataset(
        name, new Features.Bytes(rows, width, features), labels(name, rows, labels, classes), null);
  }

  /**
   * Classification on floats.
   *
   * @param features row-major [rows][width]
   * @param labels [rows], each in [0, classes)
   * @throws DataException if a length does not match, a feature is not finite, or a label is out of
   *     range
   */
  public static Dataset ofFloats(
      String name, int rows, int width, float[] features, int[] labels, int classes) {
    return ofFloats(name, rows, width, MemorySegment.ofArray(features), labels, classes);
  }

  /**
   * Classification on floats, wherever they are.
   *
   * @param features row-major [rows][width] in the machine's byte order, of a {@code float[]} or of
   *     a mapped file
   * @param labels [rows], each in [0, classes)
   * @throws DataException as for an array
   */
  public static Dataset ofFloats(
      String name, int rows, int width, MemorySegment features, int[] labels, int classes) {
    return new Dataset(
        name, floats(name, rows, width, features), labels(name, rows, labels, classes), null);
  }

  /**
   * Regression on floats.
   *
   * @param features row-major [rows][width]
   * @param targets row-major [rows][outputs]
   * @throws DataException if a length does not match, or a feature or target is not finite
   */
  public static Dataset ofFloats(
      String name, int rows, int width, float[] features, float[] targets, int outputs) {
    return ofFloats(name, rows, width, MemorySegment.ofArray(features), targets, outputs);
  }

  /**
   * Regression on floats, wherever they are.
   *
   * @param features row-major [rows][width] in the machine's byte order, of a {@code float[]} or of
   *     a mapped file
   * @param targets row-major [rows][outputs]
   * @throws DataException as for an array
   */
  public static Dataset ofFloats(
      String name, int rows, int width, MemorySegment features, float[] targets, int outputs) {
    Features checked = floats(name, rows, width, features);
    DataChecks.length(name, "target", targets.length, rows, outputs);
    DataChecks.finite(name, "target", targets, outputs);
    return new Dataset(name, checked, new Answers.Targets(targets, outputs), null);
  }

  /**
   * Rows to predict, of unsigned bytes, without labels.
   *
   * @param features row-major [rows][width]
   * @throws DataException if the length does not match
   */
  public static Dataset unlabelled(String name, int rows, int width, byte[] features) {
    DataChecks.shape(name, rows, width, features.length);
    return new Dataset(
        name, new Features.Bytes(rows, width, features), new Answers.Unknown(), null);
  }

  /**
   * Rows to predict, of floats, without labels or targets.
   *
   * @param features row-major [rows][width]
   * @throws DataException if the length does not match, or a feature is not finite
   */
  public static Dataset unlabelled(String name, int rows, int width, float[] features) {
    return unlabelled(name, rows, width, MemorySegment.ofArray(features));
  }

  /**
   * Rows to predict, of floats, wherever they are, without labels or targets.
   *
   * @param features row-major [rows][width] in the machine's byte order, of a {@code float[]} or of
   *     a mapped file
   * @throws DataException as for an array
   */
  public static Dataset unlabelled(String name, int rows, int width, MemorySegment features) {
    return new Dataset(name, floats(name, rows, width, features), new Answers.Unknown(), null);
  }

  private static Features floats(String name, int rows, int width, MemorySegment features) {
    DataChecks.shape(name, rows, width, features.byteSize() / Float.BYTES);
    DataChecks.finite(name, "feature", features, width);
    return Features.of(rows, width, features);
  }

  private static Answers labels(String name, int rows, int[] labels, int classes) {
    DataChecks.length(name, "label", labels.length, rows, 1);
    DataChecks.labels(name, labels, classes);
    return new Answers.Labels(
        labels, IntStream.range(0, classes).mapToObj(Integer::toString).toList());
  }

  /** The same data, whose rows are images. */
  public Dataset withImage(ImageShape shape) {
    if (shape.size() != width()) {
      throw new DataException(
          "%s: an image of %s needs rows of width %d, but they have %d"
              .formatted(name, shape, shape.size(), width()));
    }
    return new Dataset(name, features, answers, shape, cases, places);
  }

  /** The same data, whose classes have names. */
  public Dataset withClassNames(List<String> names) {
    if (!(answers instanceof Answers.Labels labels) || names.size() != classes()) {
      throw new DataException(
          "%s: expected a name for each of %d classes, but %d were given"
              .formatted(name, classes(), names.size()));
    }
    return new Dataset(
        name,
        features,
        new Answers.Labels(labels.values(), List.copyOf(names)),
        image,
        cases,
        places);
  }

  /**
   * The same data with a number that is added to the linear predictor of each row, such as the
   * logarithm of an exposure.
   *
   * @param offsets [rows]
   * @throws DataException if the length does not match, or one is not finite
   */
  public Dataset withOffsets(float[] offsets) {
    DataChecks.length(name, "offset", offsets.length, rows(), 1);
    DataChecks.finite(name, "offset", offsets, 1);
    return new Dataset(
        name, features, answers, image, new CaseNumbers(offsets, cases.weights()), places);
  }

  /**
   * The same data with the weight of each row: how much its loss counts.
   *
   * @param weights [rows], above 0
   * @throws DataException if the length does not match, or one is not finite or not above 0
   */
  public Dataset withWeights(float[] weights) {
    DataChecks.length(name, "weight", weights.length, rows(), 1);
    DataChecks.finite(name, "weight", weights, 1);
    DataChecks.positive(name, "weight", weights);
    return new Dataset(
        name, features, answers, image, new CaseNumbers(cases.offsets(), weights), places);
  }

  /**
   * The same data, whose rows have places in a file, for messages.
   *
   * @param rows the place of a row: {@code rides.csv:17}
   * @param answer the column of its answer: {@code cnt}
   */
  public Dataset withPlaces(IntFunction<String> rows, String answer) {
    return new Dataset(name, features, answers, image, cases, new Places(rows, answer));
  }

  /** What messages call this data. */
  public String name() {
    return name;
  }

  /** Number of rows, at least 1. */
  public int rows() {
    return features.rows();
  }

  /** Features of a row. */
  public int width() {
    return features.width();
  }

  /** Number of classes; 0 unless rows have labels. */
  public int classes() {
    return answers instanceof Answers.Labels ? answers.outputs() : 0;
  }

  /**
   * Numbers that a network has to put out for a row: the classes, or the targets of a row; 0 if
   * unknown.
   */
  public int outputs() {
    return answers.outputs();
  }

  /** The shape of the image that a row is, or null if rows are no images. */
  public ImageShape image() {
    return image;
  }

  /** The classes' names in order, {@code 0, 1, ...} if none were given; empty without labels. */
  public List<String> classNames() {
    return answers instanceof Answers.Labels labels ? labels.classNames() : List.of();
  }

  /** Whether rows have offsets. */
  public boolean hasOffsets() {
    return cases.offsets() != null;
  }

  /** Whether rows have weights; else each counts once. */
  public boolean hasWeights() {
    return cases.weights() != null;
  }

  /** Whether the features are unsigned bytes, so that {@link Scaling#unit} applies. */
  public boolean hasByteFeatures() {
    return features instanceof Features.Bytes;
  }

  /** A feature as it is stored, unscaled. */
  public float feature(int row, int column) {
    return features.value(row, column);
  }

  /**
   * The class of a row.
   *
   * @throws IllegalStateException if rows have no labels
   */
  public int label(int row) {
    return labels()[row];
  }

  /**
   * A target number of a row.
   *
   * @throws IllegalStateException if rows have no targets
   */
  public float target(int row, int output) {
    return targets()[row * outputs() + output];
  }

  /** Where a row is, for messages. */
  public String rowPlace(int row) {
    return places == null
        ? "row %d (counted from 0) of %s".formatted(row, name)
        : places.rows().apply(row);
  }

  /** Where a target is, for messages. */
  public String targetPlace(int row, int output) {
    return places == null
        ? "row %d, column %d (counted from 0) of %s".formatted(row, output, name)
        : places.rows().apply(row) + ": column " + places.answer();
  }

  /**
   * X[i][c] = feature(rows[from + i], c) · scale[c] + shift[c] for i in [0, count).
   *
   * @param x packed [count][width] from {@code xAt}; overwritten, the padding with zeros
   */
  public void gather(
      Kernels kernels, Scaling scaling, int[] rows, int from, int count, float[] x, int xAt) {
    features.gather(kernels.elementwise(), scaling, rows, from, count, x, xAt);
  }

  /** labels[labelsAt + i] = label(rows[from + i]) for i in [0, count). */
  public void gatherLabels(int[] rows, int from, int count, int[] labels, int labelsAt) {
    int[] all = labels();
    for (int i = 0; i < count; i++) {
      labels[labelsAt + i] = all[rows[from + i]];
    }
  }

  /**
   * T[i][o] = target(rows[from + i], o) for i in [0, count).
   *
   * @param targets packed [count][outputs] from {@code targetsAt}; overwritten, the padding with
   *     zeros
   */
  public void gatherTargets(int[] rows, int from, int count, float[] targets, int targetsAt) {
    int outputs = outputs();
    float[] all = targets();
    Arrays.fill(targets, targetsAt, targetsAt + Panels.size(count, outputs), 0f);
    for (int i = 0; i < count; i++) {
      for (int o = 0; o < outputs; o++) {
        targets[targetsAt + Panels.index(count, i, o)] = all[rows[from + i] * outputs + o];
      }
    }
  }

  /** offsets[i] = offset(rows[from + i]) for i in [0, count); of data that have them. */
  public void gatherOffsets(int[] rows, int from, int count, float[] offsets) {
    CaseNumbers.gather(cases.offsets(), rows, from, count, offsets);
  }

  /** weights[i] = weight(rows[from + i]) for i in [0, count); of data that have them. */
  public void gatherWeights(int[] rows, int from, int count, float[] weights) {
    CaseNumbers.gather(cases.weights(), rows, from, count, weights);
  }

  private int[] labels() {
    if (answers instanceof Answers.Labels labels) {
      return labels.values();
    }
    throw new IllegalStateException(name + " has no labels");
  }

  private float[] targets() {
    if (answers instanceof Answers.Targets targets) {
      return targets.values();
    }
    throw new IllegalStateException(name + " has no targets");
  }

  /**
   * SHA-256 of the content in lower-case hexadecimal: rows, width and outputs as big-endian int32,
   * then the features row-major (bytes as they are, floats as little-endian float32), then the
   * labels as little-endian int32 or the targets as little-endian float32, then, if there are any,
   * an O and the offsets, a W and the weights as little-endian float32. The file format,
   * compression and names are no part of it. Computed once, on the first call.
   */
  public String sha256() {
    String known = sha256;
    if (known == null) {
      MessageDigest digest = Digests.sha256();
      digest.update(
          ByteBuffer.allocate(12).putInt(rows()).putInt(width()).putInt(outputs()).flip());
      features.digest(digest);
      answers.digest(digest);
      cases.digest(digest);
      known = Digests.hex(digest);
      sha256 = known;
    }
    return known;
  }

  @Override
  public String toString() {
    return "%s (%d rows of %d)".formatted(name, rows(), width());
  }
}
