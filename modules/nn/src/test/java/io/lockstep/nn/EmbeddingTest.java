package io.lockstep.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.kernels.Activation;
import io.lockstep.nn.ParameterLayout.Range;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmbeddingTest {

  private static final long SEED = 4;
  private static final int LEVELS = 5;
  private static final int UNITS = 18;
  private static final float[] CODES = {3, 0, 3, 4, 1, 3, 0};

  /** The other column, before the codes or behind them. */
  private static final int CODE_COLUMN = 1;

  private static Samples coded(int rows) {
    float[][] x = new float[rows][];
    float[][] y = new float[rows][];
    for (int row = 0; row < rows; row++) {
      x[row] = new float[] {0.5f * row, CODES[row], 1 - row};
      y[row] = new float[] {row % 3};
    }
    return new Samples(x, new int[rows], y);
  }

  /** The same rows with a column of 0 or 1 for each level, behind the others. */
  private static Samples oneHot(Samples coded) {
    float[][] x = new float[coded.rows()][2 + LEVELS];
    for (int row = 0; row < x.length; row++) {
      x[row][0] = coded.x()[row][0];
      x[row][1] = coded.x()[row][2];
      x[row][2 + (int) coded.x()[row][CODE_COLUMN]] = 1;
    }
    return new Samples(x, coded.labels(), coded.y());
  }

  /**
   * A dense layer of which each unit sees only what an embedding lets it see: its weights are (I 0;
   * 0 E). The gradient of E is that block's.
   */
  @Test
  void isADenseLayerOfOneColumnForEachLevel() {
    Network embedded =
        Network.builder(3)
            .embedding(CODE_COLUMN, LEVELS, UNITS, false)
            .dense(4, Activation.TANH)
            .output(new SquaredError(), 1);
    Network dense =
        Network.builder(2 + LEVELS)
            .dense(2 + UNITS, Activation.IDENTITY)
            .dense(4, Activation.TANH)
            .output(new SquaredError(), 1);
    float[] theta = embedded.parameters().toCanonical(embedded.initialWeights(SEED));
    Range e = embedded.parameters().range("embedding1.E");
    float[] block = new float[(2 + LEVELS) * (2 + UNITS)];
    block[0] = 1;
    block[2 + UNITS + 1] = 1;
    for (int level = 0; level < LEVELS; level++) {
      System.arraycopy(theta, level * UNITS, block, (2 + level) * (2 + UNITS) + 2, UNITS);
    }
    float[] same = new float[dense.parameters().canonicalLength()];
    System.arraycopy(block, 0, same, 0, block.length);
    int rest = block.length + 2 + UNITS;
    System.arraycopy(theta, e.canonicalLength(), same, rest, same.length - rest);
    Samples samples = coded(CODES.length);

    float[] found = gradient(embedded, theta, samples);
    float[] expected = gradient(dense, same, oneHot(samples));

    for (int level = 0; level < LEVELS; level++) {
      for (int unit = 0; unit < UNITS; unit++) {
        assertThat(found[level * UNITS + unit])
            .isCloseTo(expected[(2 + level) * (2 + UNITS) + 2 + unit], within(1e-5f));
      }
    }
    assertThat(Arrays.copyOfRange(found, 2 * UNITS, 3 * UNITS)).containsOnly(0); // Never met.
    assertThat(found[3 * UNITS]).isNotZero();
    for (int i = rest; i < same.length; i++) {
      assertThat(found[e.canonicalLength() + i - rest]).isCloseTo(expected[i], within(1e-5f));
    }
  }

  /** Behind a layer with parameters, of which the gradients of the other columns ask. */
  @Test
  void handsOnTheGradientOfTheOtherColumns() {
    CustomLayer gain =
        new CustomLayer() {
          @Override
          public int width() {
            return 3;
          }

          @Override
          public List<Parameter> parameters() {
            return List.of(Parameter.vector("gain", 1, 1));
          }

          @Override
          public void forward(Leaf leaf) {
            for (int row = 0; row < leaf.rows(); row++) {
              leaf.output().set(row, 0, leaf.input().get(row, 0) * leaf.parameter(0).get(0, 0));
              leaf.output().set(row, 1, leaf.input().get(row, 1));
              leaf.output().set(row, 2, leaf.input().get(row, 2));
            }
          }

          @Override
          public void backward(Leaf leaf) {
            for (int row = 0; row < leaf.rows(); row++) {
              float d = leaf.outputGradient().get(row, 0);
              leaf.gradient(0).add(0, 0, d * leaf.input().get(row, 0));
            }
          }
        };
    Network network =
        Network.builder(3)
            .custom(gain)
            .embedding(CODE_COLUMN, LEVELS, 2, false)
            .output(new SquaredError(), 1);
    float[] theta = network.parameters().toCanonical(network.initialWeights(SEED));
    Samples samples = coded(CODES.length);
    double step = 1.0 / 64;

    float found = gradient(network, theta, samples)[0];

    theta[0] += (float) step;
    double above = loss(network, theta, samples);
    theta[0] -= (float) (2 * step);
    double below = loss(network, theta, samples);
    double expected = (above - below) / (2 * step); // Exact: the loss is a square.
    assertThat((double) found).isCloseTo(expected, within(1e-4 * Math.abs(expected)));
  }

  @Test
  void otherCodesAreRefusedOrZeros() {
    Samples samples = coded(2);
    samples.x()[1][CODE_COLUMN] = LEVELS;
    Network strict =
        Network.builder(3).embedding(1, LEVELS, 2, false).output(new SquaredError(), 1);
    float[] theta = strict.parameters().toCanonical(strict.initialWeights(SEED));
    assertThatThrownBy(() -> gradient(strict, theta, samples))
        .isInstanceOf(LayerException.class)
        .hasMessageContaining(
            "row 1 of the micro-batch, column 1: expected a whole number from 0 to 4 but found 5.0");

    Network lenient =
        Network.builder(3).embedding(1, LEVELS, 2, true).output(new SquaredError(), 1);
    for (float code : new float[] {LEVELS, -1, 0.5f, Float.NaN}) {
      samples.x()[1][CODE_COLUMN] = code;
      Pass pass = new Pass(lenient, KernelSets.scalar(), 2);
      samples.fill(pass, 0, 2);
      pass.predict(lenient.initialWeights(SEED), 2, new float[2], 0);
      float[] y = new float[2 * 4];
      pass.output(0, y);
      assertThat(Arrays.copyOfRange(y, 4, 8)).containsExactly(0.5f, 0, 0, 0);
    }
  }

  private static Network counted(Integer... rows) {
    return Network.builder(3)
        .embedding(Codes.counted("seller", CODE_COLUMN, List.of(rows)), 2)
        .output(new SquaredError(), 1);
  }

  @Test
  void whatNoRowLearnedFromHasIsTheMeanOfTheOthers() {
    Network network = counted(6, 0, 2); // Of level 1 only rows that validate.
    float[] theta = network.parameters().toCanonical(network.initialWeights(SEED));
    float[] e = {1, 2, 100, 100, 9, -6};
    assertThat(Arrays.copyOf(theta, e.length)).containsOnly(0); // At first.
    System.arraycopy(e, 0, theta, 0, e.length);
    Samples samples = coded(6);
    float[] codes = {0, 1, 2, -1, 7, 0.5f};
    for (int row = 0; row < codes.length; row++) {
      samples.x()[row][CODE_COLUMN] = codes[row];
    }
    Pass pass = new Pass(network, KernelSets.scalar(), codes.length);
    samples.fill(pass, 0, codes.length);

    pass.predict(network.parameters().toPacked(theta), codes.length, new float[codes.length], 0);

    float[] y = new float[codes.length * 4];
    pass.output(0, y);
    assertThat(Arrays.copyOfRange(y, 2, 4)).containsExactly(1, 2);
    assertThat(Arrays.copyOfRange(y, 10, 12)).containsExactly(9, -6);
    for (int row : new int[] {1, 3, 4, 5}) { // (6 · 1 + 2 · 9) / 8 and (6 · 2 − 2 · 6) / 8
      assertThat(Arrays.copyOfRange(y, 4 * row + 2, 4 * row + 4)).containsExactly(3, 0);
    }
    float[] gradient = gradient(network, theta, samples);
    assertThat(gradient[0]).isNotZero();
    assertThat(Arrays.copyOfRange(gradient, 2, 4)).containsOnly(0);
  }

  @Test
  void knowsWhichColumnsOfTheInputItReads() {
    Network network =
        Network.builder(5)
            .embedding(1, 4, 2, false)
            .embedding(2, 6, 3, true) // Column 3 of the input: column 1 is gone.
            .embedding(3, 7, 1, false) // What the first one yields.
            .dense(4, Activation.TANH)
            .embedding(0, 8, 1, false)
            .output(new SquaredError(), 1);
    assertThat(Codes.ofInput(network)).extracting(Codes::column).containsExactly(1, 3);
    assertThat(Codes.ofInput(network).getFirst().refuses(4)).isTrue();
    assertThat(Codes.ofInput(network).getFirst().refuses(3)).isFalse();
    assertThat(Codes.ofInput(network).getLast().refuses(-1)).isFalse();
  }

  @Test
  void saysWhatItReads() {
    assertThat(counted(6, 0, 2).summary().getFirst().detail()).isEqualTo("seller, 3 levels to 2");
  }

  @Test
  void refusesShapesThatDoNotFit() {
    Network.Builder builder = Network.builder(3);
    assertThatThrownBy(() -> builder.embedding(3, 4, 2, true))
        .hasMessage("embedding1: expected a column from 0 to 2 but found 3");
    assertThatThrownBy(() -> builder.embedding(0, 0, 2, true))
        .hasMessage("embedding1: expected at least 1 level but found 0");
    assertThatThrownBy(() -> builder.embedding(0, 4, 0, true))
        .hasMessage("embedding1: expected at least 1 unit but found 0");
  }

  private static float[] gradient(Network network, float[] canonical, Samples samples) {
    Pass pass = new Pass(network, KernelSets.scalar(), samples.rows());
    samples.fill(pass, 0, samples.rows());
    float[] theta = network.parameters().toPacked(canonical);
    float[] gradient = new float[theta.length];
    pass.train(theta, samples.rows(), 2, 0, 0, SEED, gradient, new Sums(), PassListener.NONE);
    return network.parameters().toCanonical(gradient);
  }

  private static double loss(Network network, float[] canonical, Samples samples) {
    Pass pass = new Pass(network, KernelSets.scalar(), samples.rows());
    samples.fill(pass, 0, samples.rows());
    Sums sums = new Sums();
    pass.evaluate(network.parameters().toPacked(canonical), samples.rows(), 2, sums);
    return sums.loss;
  }
}
