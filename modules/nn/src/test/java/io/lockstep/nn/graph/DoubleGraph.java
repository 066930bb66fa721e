package io.lockstep.nn.graph;

import io.lockstep.nn.graph.Composition.Constant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntToDoubleFunction;

/** A graph computed once more, in double precision and as plainly as can be. */
final class DoubleGraph {

  private final ComputationalGraph graph;
  private final Map<Integer, double[][]> values = new HashMap<>();
  private final int[] indices;
  private int batchRows;

  /**
   * @param indices of all rows, whichever {@link Indices} ask
   */
  DoubleGraph(ComputationalGraph graph, int batchRows, int[] indices) {
    this.graph = graph;
    this.batchRows = batchRows;
    this.indices = indices;
    for (Constant constant : graph.composition().constants()) {
      float[][] numbers = constant.values();
      bind(constant.variable(), fill(constant.variable(), (r, c) -> numbers[r][c]));
    }
  }

  void bind(Variable leaf, double[][] value) {
    values.put(leaf.id(), value);
  }

  /** Of one element. */
  @FunctionalInterface
  interface Element {
    double at(int row, int column);
  }

  double[][] fill(Variable variable, Element element) {
    int rows = variable.size().rows(batchRows);
    double[][] matrix = new double[rows][variable.size().columns()];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < matrix[row].length; column++) {
        matrix[row][column] = element.at(row, column);
      }
    }
    return matrix;
  }

  double[][] output() {
    for (Primitive primitive : graph.primitives()) {
      values.put(primitive.output().id(), compute(primitive));
    }
    return values.get(graph.output().id());
  }

  private double[][] value(Variable variable) {
    return values.get(variable.id());
  }

  private double[][] compute(Primitive primitive) {
    double[][] x = value(primitive.input());
    double[][] y = value(primitive.inputs().getLast());
    return fill(primitive.output(), element(primitive, x, y));
  }

  private Element element(Primitive primitive, double[][] x, double[][] y) {
    return switch (primitive) {
      case Combination p -> (r, c) -> combine(p, x[r][c], y[r][c]);
      case Affine p -> (r, c) -> p.factor() * x[r][c] + p.shift();
      case DividedByRows p -> (r, c) -> x[r][c] / batchRows;
      case Elementary p -> (r, c) -> apply(p, x[r][c]);
      case Power p -> (r, c) -> Math.pow(x[r][c], p.exponent());
      case Sum p ->
          p.axis() == Axis.ROWS
              ? (r, c) -> sum(x.length, k -> x[k][c])
              : (r, c) -> sum(x[r].length, k -> x[r][k]);
      case Broadcast p -> p.axis() == Axis.ROWS ? (r, c) -> x[0][c] : (r, c) -> x[r][0];
      case Product p -> (r, c) -> sum(y.length, k -> x[r][k] * y[k][c]);
      case ProductOverRows p -> (r, c) -> sum(y.length, k -> x[k][r] * y[k][c]);
      case Transpose p -> (r, c) -> x[c][r];
      case LargestOfRow p -> (r, c) -> java.util.Arrays.stream(x[r]).max().orElseThrow();
      case GatherRows p -> (r, c) -> x[index(p, r)][c];
      case GatherColumn p -> (r, c) -> x[r][index(p, r)];
      case Columns p -> (r, c) -> x[r][p.from() + c];
      case Concatenation p -> (r, c) -> concatenated(p, r, c);
      default -> throw new IllegalArgumentException(primitive.label());
    };
  }

  private int index(Primitive primitive, int row) {
    Indices from = primitive.indices();
    return from.source() == null ? indices[row] : (int) value(from.source())[row][from.column()];
  }

  private double concatenated(Concatenation primitive, int row, int column) {
    int left = column;
    for (Variable input : primitive.inputs()) {
      if (left < input.size().columns()) {
        return value(input)[row][left];
      }
      left -= input.size().columns();
    }
    throw new IndexOutOfBoundsException(column);
  }

  private static double sum(int count, IntToDoubleFunction term) {
    double sum = 0;
    for (int k = 0; k < count; k++) {
      sum += term.applyAsDouble(k);
    }
    return sum;
  }

  private static double combine(Combination primitive, double x, double y) {
    return switch (primitive.operator()) {
      case ADD -> x + y;
      case SUBTRACT -> x - y;
      case MULTIPLY -> x * y;
      case DIVIDE -> x / y;
    };
  }

  private static double apply(Elementary primitive, double x) {
    return switch (primitive.function()) {
      case EXP -> Math.exp(x);
      case LOG -> Math.log(x);
      case TANH -> Math.tanh(x);
      case LOGISTIC -> 1 / (1 + Math.exp(-x));
      case RELU -> Math.max(0, x);
      case SQUARE -> x * x;
    };
  }
}
