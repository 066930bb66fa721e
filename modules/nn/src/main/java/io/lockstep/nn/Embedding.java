package io.lockstep.nn;

import io.lockstep.nn.Codes.Others;
import java.util.List;

/**
 * An embedding: one column of the input holds codes, whole numbers from 0 to levels − 1, and each
 * code has a learned row of E [levels][units] (Bengio, Ducharme and Vincent 2000).
 *
 * <p>The output is the other columns in their order, then E's row of the code. It is what a dense
 * layer without bias makes of one column for each level, but forward it costs the same with any
 * number of levels. The gradient of E is added row by row in the order of the rows; rows of E whose
 * code does not occur have gradient 0. It is dense: for each micro-batch all of E's gradient is
 * cleared and added in the tree.
 *
 * <p>Where rows of each level were counted, n of them in all, E begins with zeros, so that all
 * levels begin alike; and what no row learned from has is embedded as the mean
 *
 * <pre>
 *   Σ over levels (rows[level] / n) E[level]
 * </pre>
 *
 * summed in double by ascending level.
 */
final class Embedding implements CustomLayer {

  private static final int NONE = -1;

  private final int in;
  private final Codes codes;
  private final int units;
  private final double[] share; // of the counted rows, of each level; empty where not counted
  private final List<Parameter> parameters;

  Embedding(int in, Codes codes, int units) {
    this.in = in;
    this.codes = codes;
    this.units = units;
    double all = codes.rows().stream().mapToLong(Integer::longValue).sum();
    this.share = codes.rows().stream().mapToDouble(rows -> rows / all).toArray();
    this.parameters = List.of(parameter());
  }

  private Parameter parameter() {
    return codes.others() == Others.MEAN
        ? Parameter.matrix("E", codes.levels(), units, (level, unit) -> 0f)
        : Parameter.embedding("E", codes.levels(), units);
  }

  /** The column that it reads, and which numbers may be there. */
  Codes codes() {
    return codes;
  }

  /** Numbers of each row of E. */
  int units() {
    return units;
  }

  @Override
  public int width() {
    return in - 1 + units;
  }

  @Override
  public List<Parameter> parameters() {
    return parameters;
  }

  @Override
  public String kind() {
    return "embedding";
  }

  @Override
  public String detail() {
    return "%s, %d levels to %d".formatted(codes.name(), codes.levels(), units);
  }

  @Override
  public void forward(Leaf leaf) {
    int meanRow = NONE;
    for (int row = 0; row < leaf.rows(); row++) {
      for (int c = 0; c < in - 1; c++) {
        leaf.output().set(row, c, leaf.input().get(row, source(c)));
      }
      int code = code(leaf, row);
      if (code == NONE && codes.others() == Others.MEAN) {
        meanRow = embedMean(leaf, row, meanRow);
      }
      for (int unit = 0; unit < units && code != NONE; unit++) {
        leaf.output().set(row, in - 1 + unit, leaf.parameter(0).get(code, unit));
      }
    }
  }

  /**
   * Computes the mean once for all rows of a leaf.
   *
   * @param meanRow a row of the output that already has it, or {@link #NONE}
   * @return a row that has it
   */
  private int embedMean(Leaf leaf, int row, int meanRow) {
    for (int unit = 0; unit < units; unit++) {
      float mean =
          meanRow == NONE
              ? mean(leaf.parameter(0), unit)
              : leaf.output().get(meanRow, in - 1 + unit);
      leaf.output().set(row, in - 1 + unit, mean);
    }
    return meanRow == NONE ? row : meanRow;
  }

  private float mean(Matrix e, int unit) {
    double sum = 0;
    for (int level = 0; level < share.length; level++) {
      sum += share[level] * e.get(level, unit);
    }
    return (float) sum;
  }

  @Override
  public void backward(Leaf leaf) {
    Matrix dy = leaf.outputGradient();
    for (int row = 0; row < leaf.rows(); row++) {
      for (int c = 0; c < in - 1 && leaf.wantsInputGradient(); c++) {
        leaf.inputGradient().set(row, source(c), dy.get(row, c));
      }
      int code = code(leaf, row);
      for (int unit = 0; unit < units && code != NONE; unit++) {
        leaf.gradient(0).add(code, unit, dy.get(row, in - 1 + unit));
      }
    }
  }

  /** Column of the input that becomes column {@code c} of the output. */
  private int source(int c) {
    return c < codes.column() ? c : c + 1;
  }

  /** {@link #NONE} where it is none of the levels, or one that no counted row has. */
  private int code(Leaf leaf, int row) {
    float value = leaf.input().get(row, codes.column());
    if (codes.refuses(value)) {
      throw new IllegalArgumentException(
          "row %d of the micro-batch, column %d: expected %s but found %s"
              .formatted(row, codes.column(), codes.expected(), value));
    }
    int code = codes.code(value);
    return code == NONE || (share.length > 0 && share[code] == 0) ? NONE : code;
  }
}
