package io.lockstep.data;

import java.util.Arrays;
import java.util.List;

/**
 * How features become a network's input: x = feature · scale + shift, per column.
 *
 * <p>Immutable by agreement: the arrays are handed out without a copy, since every gather reads
 * them. Thread-safe.
 */
public final class Scaling {

  /** The ways to scale, by configuration key {@code data.scaling}. */
  public enum Kind {
    /** As stored. */
    NONE,
    /** Bytes divided by 255. */
    UNIT,
    /** Each column to mean 0 and standard deviation 1 over the training rows. */
    STANDARDIZE
  }

  private final float[] scale;
  private final float[] shift;

  private Scaling(float[] scale, float[] shift) {
    this.scale = scale;
    this.shift = shift;
  }

  /**
   * The given factors and shifts, one per column: for instance those of a stored run. The arrays
   * are copied.
   */
  public static Scaling of(float[] scale, float[] shift) {
    if (scale.length != shift.length) {
      throw new IllegalArgumentException(
          "scale has %d columns, shift %d".formatted(scale.length, shift.length));
    }
    return new Scaling(scale.clone(), shift.clone());
  }

  /** x = feature. */
  public static Scaling none(int width) {
    float[] scale = new float[width];
    Arrays.fill(scale, 1f);
    return new Scaling(scale, new float[width]);
  }

  /** x = feature / 255: bytes to [0, 1]. */
  public static Scaling unit(int width) {
    float[] scale = new float[width];
    Arrays.fill(scale, 1f / 255f);
    return new Scaling(scale, new float[width]);
  }

  /**
   * x = (feature − mean) / sd of each column, both over the rows of {@code train} alone, sd with
   * the divisor n.
   *
   * <p>A column that is constant over {@code train} becomes 0 everywhere: it teaches nothing, and
   * weights that were never trained must not meet a value that first turns up in other rows. Sums
   * are in double in the partition's order.
   */
  public static Scaling standardize(Partition train) {
    int width = train.data().width();
    double[] mean = means(train, width);
    double[] variance = variances(train, mean);
    float[] scale = new float[width];
    float[] shift = new float[width];
    for (int c = 0; c < width; c++) {
      float factor = (float) (1 / Math.sqrt(variance[c]));
      float offset = (float) (-mean[c] / Math.sqrt(variance[c]));
      boolean usable = variance[c] > 0 && Float.isFinite(factor) && Float.isFinite(offset);
      scale[c] = usable ? factor : 0f;
      shift[c] = usable ? offset : 0f;
    }
    return new Scaling(scale, shift);
  }

  /**
   * The scaling of the given kind for training on {@code train}.
   *
   * @throws DataException for {@link Kind#UNIT} on data that are no bytes
   */
  public static Scaling of(Kind kind, Partition train) {
    Dataset data = train.data();
    if (kind == Kind.UNIT && !data.hasByteFeatures()) {
      throw new DataException(
          "data.scaling: 'unit' divides bytes by 255, but the features of %s are floats; use 'standardize' or 'none'"
              .formatted(data.name()));
    }
    return switch (kind) {
      case NONE -> none(data.width());
      case UNIT -> unit(data.width());
      case STANDARDIZE -> standardize(train);
    };
  }

  /** The same, but these columns as stored. */
  public Scaling without(List<CodeColumn> columns) {
    Scaling without = of(scale, shift);
    for (CodeColumn codes : columns) {
      without.scale[codes.column()] = 1f;
      without.shift[codes.column()] = 0f;
    }
    return without;
  }

  private static double[] means(Partition train, int width) {
    double[] mean = new double[width];
    for (int p = 0; p < train.size(); p++) {
      int row = train.row(p);
      for (int c = 0; c < width; c++) {
        mean[c] += train.data().feature(row, c);
      }
    }
    for (int c = 0; c < width; c++) {
      mean[c] /= train.size();
    }
    return mean;
  }

  /**
   * A column of equal values may have a mean that is off by rounding, so whether it varies is
   * decided by comparing.
   */
  private static double[] variances(Partition train, double[] mean) {
    int width = mean.length;
    double[] variance = new double[width];
    boolean[] varies = new boolean[width];
    for (int p = 0; p < train.size(); p++) {
      int row = train.row(p);
      for (int c = 0; c < width; c++) {
        float value = train.data().feature(row, c);
        double deviation = value - mean[c];
        variance[c] += deviation * deviation;
        varies[c] |= value != train.data().feature(train.row(0), c);
      }
    }
    for (int c = 0; c < width; c++) {
      variance[c] = varies[c] ? variance[c] / train.size() : 0;
    }
    return variance;
  }

  /** Number of columns. */
  public int width() {
    return scale.length;
  }

  /** Factor per column; not to be changed. */
  public float[] scale() {
    return scale;
  }

  /** Shift per column; not to be changed. */
  public float[] shift() {
    return shift;
  }
}
