package io.lockstep.nn.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Kernels.Choice;
import io.lockstep.kernels.Panels;
import io.lockstep.nn.Initializer;
import io.lockstep.nn.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Each primitive's gradient, in float32 on all kernels, against central differences in double of
 * the graph computed a second time by {@link DoubleGraph}; and against closed forms.
 */
class PrimitiveGradientTest {

  private static final double STEP = 1e-5;

  /** Relative to the largest element of the gradient. */
  private static final double TOLERANCE = 5e-6;

  private static final int[] INDICES = {2, 0, 2, 1, 0, 2, 2};
  private static final int ROWS = INDICES.length;

  /** Composes from x [rows][19], y [rows][19] (both above 0), w [19][3], v [1][19], u [rows][1]. */
  @FunctionalInterface
  private interface Composer {
    Variable compose(Composition graph, Variable x, Variable y, Variable w, Variable v, Variable u);
  }

  private record Example(String name, Composer composer) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Example of(String name, Composer composer) {
    return new Example(name, composer);
  }

  static final List<Example> examples =
      List.of(
          of("add", (g, x, y, w, v, u) -> x.add(y)),
          of("sub", (g, x, y, w, v, u) -> x.sub(y)),
          of("mul", (g, x, y, w, v, u) -> x.mul(y)),
          of("div", (g, x, y, w, v, u) -> x.div(y)),
          of("twice the same", (g, x, y, w, v, u) -> x.mul(x).div(x.add(x)).sub(x)),
          of("row repeated", (g, x, y, w, v, u) -> x.mul(v)),
          of("column repeated", (g, x, y, w, v, u) -> u.div(x)),
          of("row and column repeated", (g, x, y, w, v, u) -> v.mul(u)),
          of("number repeated", (g, x, y, w, v, u) -> x.mul(v.sum())),
          of("constants", (g, x, y, w, v, u) -> x.mul(2.5).add(-1).negate().mul(g.constant(3))),
          of("exp", (g, x, y, w, v, u) -> x.exp()),
          of("log", (g, x, y, w, v, u) -> x.log()),
          of("tanh", (g, x, y, w, v, u) -> x.tanh()),
          of("logistic", (g, x, y, w, v, u) -> x.logistic()),
          of("relu", (g, x, y, w, v, u) -> x.sub(y).relu()),
          of("square", (g, x, y, w, v, u) -> x.square()),
          of("power 3", (g, x, y, w, v, u) -> x.power(3)),
          of("power −1.5", (g, x, y, w, v, u) -> x.power(-1.5)),
          of("power 0.3", (g, x, y, w, v, u) -> x.power(0.3)),
          of("sqrt", (g, x, y, w, v, u) -> x.sqrt()),
          of("matmul", (g, x, y, w, v, u) -> x.matmul(w)),
          of("matmul without batch", (g, x, y, w, v, u) -> v.matmul(w)),
          of("transposed matmul", (g, x, y, w, v, u) -> x.transposedMatmul(y)),
          of("transpose", (g, x, y, w, v, u) -> w.transpose()),
          of("sum over rows", (g, x, y, w, v, u) -> x.sumOverRows()),
          of("sum over columns", (g, x, y, w, v, u) -> x.sumOverColumns()),
          of("sum", (g, x, y, w, v, u) -> x.sum()),
          of("mean over rows", (g, x, y, w, v, u) -> x.meanOverRows()),
          of("mean over rows without batch", (g, x, y, w, v, u) -> w.meanOverRows()),
          of("mean over columns", (g, x, y, w, v, u) -> x.meanOverColumns()),
          of("mean", (g, x, y, w, v, u) -> x.mean()),
          of("max over columns", (g, x, y, w, v, u) -> x.maxOverColumns()),
          of("gather rows", (g, x, y, w, v, u) -> w.gatherRows(g.indices("i"))),
          of("gather column", (g, x, y, w, v, u) -> x.gatherColumn(g.indices("i"))),
          of("concat", (g, x, y, w, v, u) -> x.concat(u, y)),
          of("columns", (g, x, y, w, v, u) -> x.columns(3, 18)),
          of("standardized", (g, x, y, w, v, u) -> standardized(x)),
          of("two layers", (g, x, y, w, v, u) -> x.mul(v).matmul(w).tanh().concat(y).exp()));

  private static Variable standardized(Variable x) {
    Variable centred = x.sub(x.meanOverRows());
    return centred.div(centred.square().meanOverRows().add(1e-3).sqrt());
  }

  @ParameterizedTest
  @FieldSource("examples")
  void gradientsMatchCentralDifferencesInDouble(Example example) {
    Random random = new Random(7);
    Composition g = new Composition();
    List<Variable> leaves =
        List.of(
            g.input("x", 19),
            g.input("y", 19),
            g.parameter(Parameter.matrix("w", 19, 3, Initializer.GLOROT_UNIFORM)),
            g.parameter(Parameter.vector("v", 19, 0)),
            g.input("u", 1));
    Variable f =
        example
            .composer()
            .compose(g, leaves.get(0), leaves.get(1), leaves.get(2), leaves.get(3), leaves.get(4));
    // A sum with weights of its own for each element, so that no error cancels.
    Variable weights = f.size().isBatch() ? g.input("c", f.size().columns()) : null;
    Variable j = weights == null ? f.mul(fixedWeights(g, f)).sum() : f.mul(weights).sum();
    List<Variable> all = new ArrayList<>(leaves);
    if (weights != null) {
      all.add(weights);
    }
    ComputationalGraph graph = new ComputationalGraph(j, all);
    List<double[][]> numbers = all.stream().map(leaf -> numbers(leaf, random)).toList();
    DoubleGraph reference = new DoubleGraph(graph, ROWS, INDICES);
    for (int i = 0; i < all.size(); i++) {
      reference.bind(all.get(i), numbers.get(i));
    }
    List<float[]> first = null;
    for (Kernels kernels : kernels()) {
      List<float[]> gradients = gradients(graph, kernels, all, numbers);
      if (first == null) {
        first = gradients;
        compare(graph, reference, all, numbers, gradients);
      }
      for (int i = 0; i < all.size(); i++) {
        assertThat(gradients.get(i)).as("%s", kernels.choice()).isEqualTo(first.get(i));
      }
    }
  }

  private static Variable fixedWeights(Composition g, Variable f) {
    Random random = new Random(3);
    float[][] weights = new float[f.size().rows()][f.size().columns()];
    for (float[] row : weights) {
      for (int c = 0; c < row.length; c++) {
        row[c] = (float) random.nextGaussian();
      }
    }
    return g.constant(weights);
  }

  /** From 0.5 to 2, exact as float. */
  private static double[][] numbers(Variable leaf, Random random) {
    double[][] matrix = new double[leaf.size().rows(ROWS)][leaf.size().columns()];
    for (double[] row : matrix) {
      for (int c = 0; c < row.length; c++) {
        row[c] = (float) (0.5 + 1.5 * random.nextDouble());
      }
    }
    return matrix;
  }

  static List<Kernels> kernels() {
    Choice widest = Kernels.select(Choice.AUTO).choice();
    return Stream.of(Choice.values())
        .filter(choice -> choice != Choice.AUTO && choice.compareTo(widest) <= 0)
        .map(Kernels::select)
        .toList();
  }

  /**
   * Packed, of a graph with one number as output; what was in the arrays before must not matter.
   */
  private static List<float[]> gradients(
      ComputationalGraph graph, Kernels kernels, List<Variable> leaves, List<double[][]> numbers) {
    Evaluation evaluation = new Evaluation(graph, kernels, ROWS + 2);
    List<float[]> gradients = new ArrayList<>();
    float[] one = new float[Panels.WIDTH];
    one[0] = 1;
    for (int again = 0; again < 2; again++) {
      gradients.clear();
      evaluation.begin(ROWS);
      for (int i = 0; i < leaves.size(); i++) {
        float[] packed = pack(numbers.get(i));
        evaluation.bind(leaves.get(i), packed, 0);
        float[] gradient = new float[packed.length];
        if (graph.differentiates(leaves.get(i))) {
          Arrays.fill(gradient, Float.NaN);
        }
        evaluation.bindGradient(leaves.get(i), gradient, 0);
        gradients.add(gradient);
      }
      bindIndices(graph, evaluation);
      evaluation.bindGradient(graph.output(), one, 0);
      evaluation.forward();
      evaluation.backward();
    }
    return gradients;
  }

  private static void bindIndices(ComputationalGraph graph, Evaluation evaluation) {
    for (Primitive primitive : graph.primitives()) {
      if (primitive.indices() != null) {
        evaluation.bind(primitive.indices(), INDICES, 0);
      }
    }
  }

  static float[] pack(double[][] matrix) {
    int columns = matrix[0].length;
    float[] packed = new float[Panels.size(matrix.length, columns)];
    for (int row = 0; row < matrix.length; row++) {
      for (int c = 0; c < columns; c++) {
        packed[Panels.index(matrix.length, row, c)] = (float) matrix[row][c];
      }
    }
    return packed;
  }

  private static void compare(
      ComputationalGraph graph,
      DoubleGraph reference,
      List<Variable> leaves,
      List<double[][]> numbers,
      List<float[]> gradients) {
    for (int i = 0; i < leaves.size(); i++) {
      double[][] x = numbers.get(i);
      double[][] expected = new double[x.length][x[0].length];
      double largest = 1e-3;
      for (int row = 0; row < x.length; row++) {
        for (int c = 0; c < x[row].length; c++) {
          expected[row][c] = centralDifference(reference, x, row, c);
          largest = Math.max(largest, Math.abs(expected[row][c]));
        }
      }
      float[] packed = gradients.get(i);
      for (int row = 0; row < x.length; row++) {
        for (int c = 0; c < Panels.paddedColumns(x[row].length); c++) {
          double wanted = c < x[row].length ? expected[row][c] : 0;
          double error = Math.abs(packed[Panels.index(x.length, row, c)] - wanted) / largest;
          assertThat(error).as("%s in %s", graph.output(), leaves.get(i)).isLessThan(TOLERANCE);
        }
      }
    }
  }

  private static double centralDifference(DoubleGraph graph, double[][] x, int row, int column) {
    double before = x[row][column];
    x[row][column] = before + STEP;
    double above = graph.output()[0][0];
    x[row][column] = before - STEP;
    double below = graph.output()[0][0];
    x[row][column] = before;
    return (above - below) / (2 * STEP);
  }

  /** f, and its derivative as a formula of x. */
  private record ClosedForm(
      java.util.function.UnaryOperator<Variable> f,
      java.util.function.DoubleUnaryOperator derivative) {}

  @Test
  void elementaryFunctionsHaveTheirClosedDerivatives() {
    List<ClosedForm> forms =
        List.of(
            new ClosedForm(Variable::exp, Math::exp),
            new ClosedForm(Variable::log, x -> 1 / x),
            new ClosedForm(Variable::tanh, x -> 1 / Math.pow(Math.cosh(x), 2)),
            new ClosedForm(Variable::logistic, x -> Math.exp(-x) / Math.pow(1 + Math.exp(-x), 2)),
            new ClosedForm(Variable::relu, x -> 1),
            new ClosedForm(Variable::square, x -> 2 * x),
            new ClosedForm(x -> x.power(-2.5), x -> -2.5 * Math.pow(x, -3.5)),
            new ClosedForm(Variable::sqrt, x -> 0.5 / Math.sqrt(x)),
            new ClosedForm(x -> x.div(x.add(1)), x -> 1 / Math.pow(x + 1, 2)));
    for (ClosedForm form : forms) {
      Composition g = new Composition();
      Variable x = g.input("x", 19);
      ComputationalGraph graph = new ComputationalGraph(form.f().apply(x).sum(), List.of(x));
      double[][] numbers = numbers(x, new Random(11));
      float[] gradient =
          gradients(graph, kernels().getLast(), List.of(x), List.<double[][]>of(numbers))
              .getFirst();
      for (int row = 0; row < ROWS; row++) {
        for (int c = 0; c < 19; c++) {
          double expected = form.derivative().applyAsDouble(numbers[row][c]);
          double error = gradient[Panels.index(ROWS, row, c)] / expected - 1;
          assertThat(Math.abs(error)).as(graph.primitives().toString()).isLessThan(5e-6);
        }
      }
    }
  }
}
