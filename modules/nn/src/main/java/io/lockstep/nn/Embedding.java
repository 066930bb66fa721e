package io.lockstep.nn;

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
 */
final class Embedding implements CustomLayer {

  private final int in;
  private final int column;
  private final int levels;
  private final int units;
  private final boolean unseenIsZero;
  private final List<Parameter> parameters;

  /**
   * @param column holds the codes
   * @param unseenIsZero whether any other code is embedded as zeros; else it is an error
   */
  Embedding(int in, int column, int levels, int units, boolean unseenIsZero) {
    this.in = in;
    this.column = column;
    this.levels = levels;
    this.units = units;
    this.unseenIsZero = unseenIsZero;
    this.parameters = List.of(Parameter.embedding("E", levels, units));
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
    return "column %d, %d levels to %d".formatted(column, levels, units);
  }

  @Override
  public void forward(Leaf leaf) {
    Matrix e = leaf.parameter(0);
    for (int row = 0; row < leaf.rows(); row++) {
      for (int c = 0; c < in - 1; c++) {
        leaf.output().set(row, c, leaf.input().get(row, source(c)));
      }
      int code = code(leaf, row);
      for (int unit = 0; unit < units && code >= 0; unit++) {
        leaf.output().set(row, in - 1 + unit, e.get(code, unit));
      }
    }
  }

  @Override
  public void backward(Leaf leaf) {
    Matrix dy = leaf.outputGradient();
    for (int row = 0; row < leaf.rows(); row++) {
      for (int c = 0; c < in - 1 && leaf.wantsInputGradient(); c++) {
        leaf.inputGradient().set(row, source(c), dy.get(row, c));
      }
      int code = code(leaf, row);
      for (int unit = 0; unit < units && code >= 0; unit++) {
        leaf.gradient(0).add(code, unit, dy.get(row, in - 1 + unit));
      }
    }
  }

  /** Column of the input that becomes column {@code c} of the output. */
  private int source(int c) {
    return c < column ? c : c + 1;
  }

  /** −1 where it is none of the levels. */
  private int code(Leaf leaf, int row) {
    float value = leaf.input().get(row, column);
    int code = (int) value;
    if (code == value && code >= 0 && code < levels) {
      return code;
    }
    if (unseenIsZero) {
      return -1;
    }
    throw new IllegalArgumentException(
        "column %d: expected a whole number from 0 to %d but found %s"
            .formatted(column, levels - 1, value));
  }
}
