package io.lockstep.nn.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.kernels.Activation;
import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Panels;
import io.lockstep.nn.Categorical;
import io.lockstep.nn.Initializer;
import io.lockstep.nn.Network;
import io.lockstep.nn.OutputFamily;
import io.lockstep.nn.Parameter;
import io.lockstep.nn.Pass;
import io.lockstep.nn.PassListener;
import io.lockstep.nn.SquaredError;
import io.lockstep.nn.Sums;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Composed layers and losses in a network, against the built-in ones. */
class ComposedNetworkTest {

  private static final int IN = 21;
  private static final int CLASSES = 10;

  /** Largest difference to the fused gradient, relative to its largest element. */
  private static final double TOLERANCE = 2e-6;

  /** The cross-entropy of softmax, from primitives. */
  private static final class ComposedCategorical extends ComposedClassLoss {
    ComposedCategorical() {
      super("composed-categorical");
    }

    @Override
    protected Variable loss(Composition graph, Variable eta, Indices label) {
      Variable max = eta.maxOverColumns();
      Variable logSum = eta.sub(max).exp().sumOverColumns().log().add(max);
      return logSum.sub(eta.gatherColumn(label));
    }
  }

  private static final class ComposedSquaredError extends ComposedLoss {
    ComposedSquaredError() {
      super("composed-squared-error");
    }

    @Override
    protected Variable loss(Composition graph, Variable eta, Variable y) {
      return eta.sub(y).square().sumOverColumns();
    }
  }

  private static ComposedLayer dense(int in, int units, UnaryOperator<Variable> h) {
    return new ComposedLayer(
        "dense",
        in,
        (graph, x) -> {
          Parameter matrix = Parameter.matrix("W", in, units, Initializer.GLOROT_UNIFORM);
          Variable w = graph.parameter(matrix);
          Variable b = graph.parameter(Parameter.vector("b", units, 0));
          return h.apply(x.matmul(w).add(b));
        });
  }

  private static Network fused(Activation h, OutputFamily family, int first, int second) {
    Initializer glorot = Initializer.GLOROT_UNIFORM;
    return Network.builder(IN)
        .dense(first, h, glorot)
        .dense(second, h, glorot)
        .output(family, CLASSES);
  }

  private static Network composed(
      UnaryOperator<Variable> h, OutputFamily family, int first, int second) {
    return Network.builder(IN)
        .custom(dense(IN, first, h))
        .custom(dense(first, second, h))
        .output(family, CLASSES);
  }

  @Test
  void composedLayersAndLossesGiveTheGradientsOfTheFusedOnes() {
    double worst = 0;
    worst = Math.max(worst, worst(Activation.RELU, Variable::relu, true));
    worst = Math.max(worst, worst(Activation.TANH, Variable::tanh, true));
    worst = Math.max(worst, worst(Activation.SIGMOID, Variable::logistic, true));
    worst = Math.max(worst, worst(Activation.IDENTITY, x -> x, true));
    worst = Math.max(worst, worst(Activation.TANH, Variable::tanh, false));
    System.out.println("composed against fused gradients, worst: " + worst);
    assertThat(worst).isLessThan(TOLERANCE);
  }

  private static double worst(Activation h, UnaryOperator<Variable> same, boolean classes) {
    return worst(
        fused(h, classes ? new Categorical() : new SquaredError(), 37, 18),
        composed(same, classes ? new ComposedCategorical() : new ComposedSquaredError(), 37, 18));
  }

  /** Of which the fused one transposes the weights piece by piece. */
  @Test
  void aWideLayerGivesTheGradientsOfTheComposedOne() {
    double worst =
        worst(
            fused(Activation.TANH, new Categorical(), 80, 4096),
            composed(Variable::tanh, new ComposedCategorical(), 80, 4096));
    assertThat(worst).isLessThan(TOLERANCE);
  }

  private static double worst(Network fused, Network composed) {
    float[] theta = fused.initialWeights(3);
    assertThat(composed.initialWeights(3)).isEqualTo(theta);
    double worst = 0;
    for (Kernels kernels : PrimitiveGradientTest.kernels()) {
      Run expected = Run.of(fused, kernels, theta, 0, 29, 4);
      Run actual = Run.of(composed, kernels, theta, 0, 29, 4);
      assertThat(actual.sums().loss / expected.sums().loss - 1).isBetween(-1e-6, 1e-6);
      assertThat(actual.sums().correct).isEqualTo(expected.sums().correct);
      worst = Math.max(worst, difference(actual.gradient(), expected.gradient()));
      worst = Math.max(worst, difference(actual.mean(), expected.mean()));
    }
    return worst;
  }

  private static double difference(float[] actual, float[] expected) {
    double largest = 0;
    double error = 0;
    for (int i = 0; i < actual.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      error = Math.max(error, Math.abs(actual[i] - (double) expected[i]));
    }
    return error / largest;
  }

  /** What a network makes of some rows. */
  private record Run(float[] gradient, Sums sums, float[] mean) {

    static Run of(Network network, Kernels kernels, float[] theta, int from, int to, int leafRows) {
      Pass pass = new Pass(network, kernels, 40);
      float[] gradient = new float[theta.length];
      Arrays.fill(gradient, Float.NaN);
      Sums sums = new Sums();
      float[] mean = new float[(to - from) * CLASSES];
      for (int again = 0; again < 2; again++) { // What a call leaves must not matter to the next.
        fill(pass, from, to);
        pass.train(theta, to - from, leafRows, from, 1, 5, gradient, sums, PassListener.NONE);
        fill(pass, from, to);
        pass.predict(theta, to - from, mean, 0);
      }
      return new Run(gradient, sums, mean);
    }

    /** Rows [from, to) of 40. */
    private static void fill(Pass pass, int from, int to) {
      Random random = new Random(17);
      int rows = to - from;
      for (int row = 0; row < 40; row++) {
        boolean here = row >= from && row < to;
        for (int c = 0; c < IN; c++) {
          float x = (float) random.nextGaussian();
          if (here) {
            pass.input()[pass.inputAt() + Panels.index(rows, row - from, c)] = x;
          }
        }
        int label = random.nextInt(CLASSES);
        if (here) {
          pass.labels()[row - from] = label;
        }
        for (int c = 0; c < CLASSES; c++) {
          float y = (float) random.nextGaussian();
          if (here && pass.targets().length > 0) {
            pass.targets()[Panels.index(rows, row - from, c)] = y;
          }
        }
      }
    }
  }

  @Test
  void allKernelsGiveTheSameBits() {
    Network network = composed(x -> x.mul(x.logistic()), new ComposedCategorical(), 37, 18);
    float[] theta = network.initialWeights(1);
    List<Kernels> sets = PrimitiveGradientTest.kernels();
    Run scalar = Run.of(network, sets.getFirst(), theta, 0, 29, 4);
    for (Kernels kernels : sets) {
      Run run = Run.of(network, kernels, theta, 0, 29, 4);
      assertThat(run.gradient()).isEqualTo(scalar.gradient());
      assertThat(run.mean()).isEqualTo(scalar.mean());
      assertThat(run.sums().loss).isEqualTo(scalar.sums().loss);
    }
  }

  /** The tree over leaves, whoever computes them. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7, 8})
  void leavesAtOnceHaveTheBitsOfLeavesOneByOneAdded(int leaves) {
    int leafRows = 4;
    int rows = leaves * leafRows - 1;
    Network network = composed(Variable::tanh, new ComposedCategorical(), 37, 18);
    float[] theta = network.initialWeights(2);
    Kernels kernels = PrimitiveGradientTest.kernels().getLast();

    float[] atOnce = Run.of(network, kernels, theta, 0, rows, leafRows).gradient();

    List<float[]> level = new ArrayList<>();
    for (int from = 0; from < rows; from += leafRows) {
      int to = Math.min(from + leafRows, rows);
      level.add(Run.of(network, kernels, theta, from, to, leafRows).gradient());
    }
    while (level.size() > 1) {
      List<float[]> above = new ArrayList<>();
      for (int i = 0; i < level.size(); i += 2) {
        float[] sum = level.get(i).clone();
        for (int k = 0; i + 1 < level.size() && k < sum.length; k++) {
          sum[k] += level.get(i + 1)[k];
        }
        above.add(sum);
      }
      level = above;
    }
    assertThat(atOnce).isEqualTo(level.getFirst());
  }

  /** An embedding: what depends on parameters alone is computed once for all leaves. */
  @Test
  void indicesMayComeFromAColumnAndTablesFromPrimitives() {
    ComposedLayer layer =
        new ComposedLayer(
            "embedding",
            2,
            (graph, x) -> {
              Parameter matrix = Parameter.matrix("T", 3, 5, Initializer.LECUN_NORMAL);
              Variable table = graph.parameter(matrix).square();
              return table.gatherRows(x.toIndices(1)).concat(x.columns(0, 1));
            });
    assertThat(layer.width()).isEqualTo(6);
    Network network = Network.builder(2).custom(layer).output(new SquaredError(), 1);
    Pass pass = new Pass(network, PrimitiveGradientTest.kernels().getLast(), 4);
    float[] theta = network.initialWeights(1);
    float[] gradient = new float[theta.length];
    for (int row = 0; row < 4; row++) {
      pass.input()[pass.inputAt() + Panels.index(4, row, 1)] = row == 3 ? 2 : 0;
    }
    pass.train(theta, 4, 2, 0, 0, 0, gradient, new Sums(), PassListener.NONE);
    float[] canonical = network.parameters().toCanonical(gradient);
    assertThat(Arrays.copyOfRange(canonical, 5, 10)).containsOnly(0f);
    assertThat(Arrays.copyOf(canonical, 5)).doesNotContain(0f);
    assertThat(Arrays.copyOfRange(canonical, 10, 15)).doesNotContain(0f);

    pass.input()[pass.inputAt() + Panels.index(4, 1, 1)] = 3;
    assertThatThrownBy(() -> pass.evaluate(theta, 4, 4, new Sums()))
        .hasMessageContaining("x[1]: expected a whole number from 0 to 2 in row 1 but found 3.0");
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThatThrownBy(() -> dense(5, 3, y -> y.matmul(y)))
        .hasMessageContaining("matmul: expected as many columns on the left as rows on the right")
        .hasMessageContaining("[rows][3]");
    assertThatThrownBy(() -> dense(5, 3, y -> y.sub(y.meanOverRows())))
        .hasMessageContaining("a function of all rows");
    assertThatThrownBy(() -> dense(5, 3, y -> y.gatherColumn(y.sub(y.meanOverRows()).toIndices(0))))
        .hasMessageContaining("a function of all rows");
    assertThatThrownBy(() -> dense(5, 3, Variable::sumOverRows))
        .hasMessageContaining("expected rows that depend on the same row");
    assertThatThrownBy(() -> dense(5, 3, y -> y.add(y.columns(0, 2))))
        .hasMessage(
            "+: expected equal sizes, or one row or column but found + [rows][3] and"
                + " columns 0 to 1 [rows][2]");
    assertThatThrownBy(
            () ->
                new ComposedLayer(
                    "idle",
                    2,
                    (graph, x) -> {
                      graph.parameter(Parameter.vector("p", 2, 0));
                      return x.exp();
                    }))
        .hasMessage(
            "idle: expected parameters that the output depends on but p [1][2] has no influence");
    ComposedLoss wide =
        new ComposedLoss("wide") {
          @Override
          protected Variable loss(Composition graph, Variable eta, Variable y) {
            return eta.sub(y);
          }
        };
    assertThatThrownBy(() -> Network.builder(2).output(wide, 3))
        .hasMessage("wide: loss: expected [rows][1] but found − [rows][3]");
  }
}
