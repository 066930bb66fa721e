package io.lockstep.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.lockstep.kernels.Activation;
import io.lockstep.nn.Network.LayerSummary;
import io.lockstep.nn.ParameterLayout.Range;
import io.lockstep.nn.ParameterLayout.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CustomLayerTest {

  private static final long SEED = 5;
  private static final long STEP = 3;
  private static final int FIRST_ROW = 64;

  /** Multiplies by a random number of its own for each element. */
  private record Noise(int width) implements CustomLayer {

    @Override
    public void forward(Leaf leaf) {
      apply(leaf, leaf.input(), leaf.output());
    }

    @Override
    public void backward(Leaf leaf) {
      apply(leaf, leaf.outputGradient(), leaf.inputGradient());
    }

    private void apply(Leaf leaf, Matrix from, Matrix to) {
      for (int row = 0; row < leaf.rows(); row++) {
        for (int column = 0; column < width; column++) {
          float noise = leaf.training() ? (float) leaf.uniform(row, column) : 0.5f;
          to.set(row, column, noise * from.get(row, column));
        }
      }
    }
  }

  private static Network network() {
    return Network.builder(19)
        .dense(18, Activation.TANH)
        .custom(new Noise(18))
        .custom(new Quadratic(18, 17))
        .dropout(0.3)
        .custom(new Quadratic(17, 5))
        .output(new Categorical(), 3);
  }

  @Test
  void layersAreNamedByTheirKindAndTheirParametersByTheLayer() {
    Network network = network();

    assertThat(network.layers())
        .extracting(Layer::name)
        .containsExactly("dense1", "noise1", "quadratic1", "dropout1", "quadratic2", "output");
    assertThat(network.summary().get(2))
        .isEqualTo(new LayerSummary("quadratic1", "quadratic", "to 17", 17, 18 * 17 + 17));
    assertThat(network.parameters().ofLayer(2))
        .extracting(Range::name, Range::role, Range::rows, Range::columns)
        .containsExactly(
            tuple("quadratic1.V", Role.WEIGHT, 18, 17), tuple("quadratic1.g", Role.BIAS, 1, 17));
    assertThat(network).hasToString("19-18-17-5-3 tanh, noise, quadratic, dropout, categorical");
  }

  @Test
  void firstWeightsAreThoseOfInitializersAndOwnValues() {
    CustomLayer layer =
        new CustomLayer() {
          @Override
          public int width() {
            return 2;
          }

          @Override
          public List<Parameter> parameters() {
            return List.of(
                Parameter.matrix("own", 2, 3, (row, column) -> 10 * row + column),
                Parameter.vector("ones", 2, 1));
          }

          @Override
          public void forward(Leaf leaf) {}

          @Override
          public void backward(Leaf leaf) {}
        };
    Network network = Network.builder(2).custom(layer).output(new SquaredError(), 1);

    float[] canonical = network.parameters().toCanonical(network.initialWeights(1));

    assertThat(network.layers().getFirst().name()).isEqualTo("custom1");
    assertThat(Arrays.copyOf(canonical, 8)).containsExactly(0, 1, 2, 10, 11, 12, 1, 1);
    Network drawn = network();
    float[] weights = drawn.parameters().toCanonical(drawn.initialWeights(SEED));
    Range v = drawn.parameters().range("quadratic1.V");
    float[] expected = new float[v.canonicalLength()];
    Initializer.LECUN_NORMAL.fill(SEED, 18, 17, expected, 0, expected.length, v.canonicalAt());
    assertThat(Arrays.copyOfRange(weights, v.canonicalAt(), v.canonicalAt() + expected.length))
        .isEqualTo(expected);
  }

  /** The tree over leaves, whoever computes them: ((0+1)+(2+3))+((4+5)+6). */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 6, 7, 8})
  void leavesAtOnceHaveTheBitsOfLeavesOneByOneAdded(int leaves) {
    int leafRows = 3;
    int rows = leaves * leafRows - 1;
    Network network = network();
    Samples samples = Samples.random(SEED, rows, network);
    float[] theta = network.initialWeights(SEED);

    float[] atOnce = gradient(network, theta, samples, 0, rows, leafRows);

    List<float[]> level = new ArrayList<>();
    for (int from = 0; from < rows; from += leafRows) {
      level.add(gradient(network, theta, samples, from, Math.min(from + leafRows, rows), leafRows));
    }
    while (level.size() > 1) {
      level = pairs(level);
    }
    assertThat(atOnce).isEqualTo(level.getFirst());
    assertThat(paddingOf(network, atOnce)).isZero();
  }

  private static float[] gradient(
      Network network, float[] theta, Samples samples, int from, int to, int leafRows) {
    Pass pass = new Pass(network, KernelSets.all().getLast(), samples.rows());
    float[] gradient = new float[theta.length];
    Arrays.fill(gradient, Float.NaN);
    for (int again = 0; again < 2; again++) { // What a call leaves must not matter to the next.
      samples.fill(pass, from, to);
      pass.train(
          theta,
          to - from,
          leafRows,
          FIRST_ROW + from,
          STEP,
          SEED,
          gradient,
          new Sums(),
          PassListener.NONE);
    }
    return gradient;
  }

  private static List<float[]> pairs(List<float[]> level) {
    List<float[]> above = new ArrayList<>();
    for (int i = 0; i < level.size(); i += 2) {
      float[] sum = level.get(i).clone();
      if (i + 1 < level.size()) {
        for (int k = 0; k < sum.length; k++) {
          sum[k] += level.get(i + 1)[k];
        }
      }
      above.add(sum);
    }
    return above;
  }

  /** What packing the canonical form again would not give. */
  private static int paddingOf(Network network, float[] packed) {
    float[] clean = network.parameters().toPacked(network.parameters().toCanonical(packed));
    return Arrays.equals(clean, packed) ? 0 : 1;
  }

  @Test
  void waitsForItsWeightsAndHandsOnItsGradient() {
    Network network = network();
    Range v = network.parameters().range("quadratic1.V");
    Range g = network.parameters().range("quadratic1.g");
    List<List<Integer>> awaited = new ArrayList<>();
    List<List<Integer>> ready = new ArrayList<>();
    PassListener listener =
        new PassListener() {
          @Override
          public void awaitWeights(int from, int to) {
            awaited.add(List.of(from, to));
          }

          @Override
          public void gradientReady(int from, int to) {
            ready.add(List.of(from, to));
          }
        };
    Pass pass = new Pass(network, KernelSets.scalar(), 4);
    Samples samples = Samples.random(SEED, 4, network);
    samples.fill(pass, 0, 4);
    float[] theta = network.initialWeights(SEED);

    pass.train(theta, 4, 2, 0, STEP, SEED, new float[theta.length], new Sums(), listener);

    assertThat(awaited).contains(List.of(v.packedAt(), g.packedAt() + g.packedLength()));
    assertThat(ready).contains(List.of(v.packedAt(), g.packedAt() + g.packedLength()));
  }

  @Test
  void randomNumbersBelongToTheRowAndAreNotThereInAnEvaluation() {
    Network network = Network.builder(4).custom(new Noise(4)).output(new SquaredError(), 1);
    Samples samples = Samples.random(SEED, 4, network);
    float[] theta = network.initialWeights(SEED);
    Pass pass = new Pass(network, KernelSets.scalar(), 4);

    samples.fill(pass, 0, 4);
    train(pass, theta, 4, 0);
    float[] whole = pass.eta();
    samples.fill(pass, 2, 4);
    train(pass, theta, 2, 2);

    assertThat(pass.eta()).isEqualTo(Arrays.copyOfRange(whole, 2, 4));
    train(pass, theta, 2, 3);
    assertThat(pass.eta()).isNotEqualTo(Arrays.copyOfRange(whole, 2, 4));
    pass.evaluate(theta, 2, 2, new Sums());
  }

  private static void train(Pass pass, float[] theta, int rows, int firstRow) {
    float[] gradient = new float[theta.length];
    pass.train(theta, rows, 2, firstRow, STEP, SEED, gradient, new Sums(), PassListener.NONE);
  }

  @Test
  void anExceptionNamesTheLayerAndWhatItDid() {
    Network first = Network.builder(4).custom(new Quadratic(5, 2)).output(new SquaredError(), 1);
    Pass pass = new Pass(first, KernelSets.scalar(), 4);
    float[] theta = first.initialWeights(SEED);

    assertThatThrownBy(() -> train(pass, theta, 2, 0))
        .isInstanceOf(LayerException.class)
        .hasMessageStartingWith(
            "layer quadratic1: forward of io.lockstep.nn.Quadratic failed:"
                + " java.lang.IndexOutOfBoundsException: Index 4 out of bounds for length 4");
  }

  /** A layer of one parameter that does not ask whether a gradient of its input is wanted. */
  private record Careless(int width, List<Parameter> parameters, int savedColumns)
      implements CustomLayer {

    @Override
    public void forward(Leaf leaf) {}

    @Override
    public void backward(Leaf leaf) {
      leaf.inputGradient();
    }
  }

  @Test
  void refusesAnInputGradientThatIsNotWanted() {
    CustomLayer careless = new Careless(2, List.of(Parameter.vector("p", 2, 0)), 0);
    Network network = Network.builder(2).custom(careless).output(new SquaredError(), 1);
    Pass pass = new Pass(network, KernelSets.scalar(), 4);
    float[] theta = network.initialWeights(SEED);

    assertThatThrownBy(() -> train(pass, theta, 2, 0))
        .hasMessageContaining("layer careless1: backward of ")
        .hasMessageContaining("ask wantsInputGradient() first");
  }

  @Test
  void refusesShapesAndNamesThatDoNotFit() {
    refuses(new Careless(0, List.of(), 0), "careless1 width: expected at least 1 column");
    refuses(new Careless(1, List.of(), -1), "careless1 savedColumns: expected at least 0 columns");
    Parameter p = Parameter.vector("p", 1, 0);
    refuses(
        new Careless(1, List.of(p, p), 0),
        "careless1: expected parameters of different names but found [p, p]");
    assertThatThrownBy(() -> Parameter.vector("a b", 1, 0))
        .hasMessage("parameter: expected a name of letters, digits and _ but found 'a b'");
    assertThatThrownBy(() -> Parameter.vector("p", 0, 0))
        .hasMessage("parameter p: expected at least 1 row and 1 column but found 1 and 0");
  }

  private static void refuses(CustomLayer layer, String message) {
    Network.Builder builder = Network.builder(3);
    assertThatThrownBy(() -> builder.custom(layer))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
    assertThat(builder.width()).isEqualTo(3);
  }
}
