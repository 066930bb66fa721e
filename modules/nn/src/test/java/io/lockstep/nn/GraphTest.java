package io.lockstep.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.kernels.Activation;
import io.lockstep.kernels.Panels;
import io.lockstep.nn.ParameterLayout.Range;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GraphTest {

  /** y = x₁ + x₂, an operation of two inputs. */
  private record Addition(List<Value> inputs, Value output) implements Operation {
    @Override
    public void forward(Workspace w) {
      int length = Panels.size(w.rows, output.width());
      System.arraycopy(w.arena, w.at(inputs.get(0)), w.arena, w.at(output), length);
      w.elementwise().add(w.arena, w.at(output), w.arena, w.at(inputs.get(1)), length);
    }

    @Override
    public void backward(Workspace w) {
      int length = Panels.size(w.rows, output.width());
      for (int k = 0; k < 2; k++) {
        System.arraycopy(
            w.arena, w.gradientAt(output), w.arena, w.inputGradientAt(this, k), length);
      }
    }
  }

  /**
   * a = tanh(x W₁ + b₁) is used three times: η = (a W₂ + b₂) + a + a. Its gradient is the sum of
   * the three, which a chain with W₂ + 2 I in place of W₂ also has.
   */
  @Test
  void gradientsOfAValueUsedSeveralTimesAreAdded() {
    int width = 5;
    Network chain =
        Network.builder(3).dense(width, Activation.TANH).output(new SquaredError(), width);
    List<Range> ranges = chain.parameters().ranges();
    Value x = new Value(0, -1, 3, false);
    Value a = new Value(1, 0, width, true);
    Value b = new Value(2, 1, width, true);
    Value c = new Value(3, 1, width, true);
    Value d = new Value(4, 1, width, true);
    List<Operation> operations =
        List.of(
            new DenseOperation(x, a, Activation.TANH, ranges.get(0), ranges.get(1)),
            new DenseOperation(a, b, Activation.IDENTITY, ranges.get(2), ranges.get(3)),
            new Addition(List.of(b, a), c),
            new Addition(List.of(a, c), d));
    Graph diamond = new Graph(x, operations, new SquaredError());

    float[] theta = chain.initialWeights(1);
    float[] withIdentity = theta.clone();
    for (int i = 0; i < width; i++) {
      withIdentity[ranges.get(2).packedAt() + Panels.index(width, i, i)] += 2;
    }
    Samples samples = Samples.random(1, 7, chain);
    float[] expected = gradient(new Pass(chain, KernelSets.scalar(), 7), samples, withIdentity);
    float[] actual = gradient(new Pass(diamond, KernelSets.scalar(), 7), samples, theta);
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(1e-4f));
    }
  }

  private static float[] gradient(Pass pass, Samples samples, float[] theta) {
    float[] gradient = new float[theta.length];
    samples.fill(pass, 0, samples.rows());
    pass.train(theta, samples.rows(), 2, 0, 0, 0, gradient, new Sums(), PassListener.NONE);
    return gradient;
  }

  @Test
  void gradientsThatLiveAtOnceLieApartAndFewPlacesServeManyLayers() {
    Network.Builder builder = Network.builder(100);
    for (int i = 0; i < 10; i++) {
      builder.dense(256, Activation.RELU).dropout(0.5);
    }
    Graph graph = builder.output(new Categorical(), 10).graph();
    MemoryPlan plan = graph.plan();
    List<Integer> places = new ArrayList<>();
    for (Operation operation : graph.operations()) {
      Value output = operation.output();
      Value input = operation.inputs().getFirst();
      if (input.needsGradient() && !operation.gradientInPlace()) {
        assertThat(plan.gradientAt(input)).isNotEqualTo(plan.gradientAt(output));
      }
      if (output.needsGradient() && !places.contains(plan.gradientAt(output))) {
        places.add(plan.gradientAt(output));
      }
    }
    assertThat(places).hasSize(3);
    assertThat(plan.columns()).isEqualTo(112 + 20 * 256 + 16 + 2 * 256 + 16);
  }
}
