package io.lockstep.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Holds the scalar twin of the losses to plain double formulas. */
class ScalarLossesTest {
  private static final Losses SCALAR = new ScalarLosses();

  @Test
  void crossEntropyAndItsGradientMeetTheirFormulas() {
    Random random = new Random(1);
    for (int classes : new int[] {1, 2, 10, 16, 17, 1000}) {
      for (float size : new float[] {1e-3f, 1f, 30f, 1e30f}) {
        float[] eta = Matrices.normal(classes, random);
        for (int c = 0; c < classes; c++) {
          eta[c] *= size;
        }
        crossEntropy(classes, eta, random.nextInt(classes));
      }
    }
  }

  private static void crossEntropy(int classes, float[] eta, int label) {
    double max = Double.NEGATIVE_INFINITY;
    int largest = 0;
    for (int c = 0; c < classes; c++) {
      largest = eta[c] > max ? c : largest;
      max = Math.max(max, eta[c]);
    }
    double sum = 0;
    for (float e : eta) {
      sum += StrictMath.exp(e - max);
    }
    float[] loss = new float[1];
    int[] predicted = new int[1];
    float[] dEta = new float[Panels.size(1, classes)];
    float[] packed = Matrices.packed(1, classes, eta, 0);
    SCALAR.softmaxCrossEntropy(
        1, classes, packed, 0, new int[] {label}, 0, dEta, 0, loss, predicted, 0);
    double expected = StrictMath.log(sum) + max - eta[label];
    assertThat((double) loss[0]).isCloseTo(expected, within(1e-6 * Math.max(1, expected)));
    assertThat(predicted[0]).isEqualTo(largest);
    for (int c = 0; c < dEta.length; c++) {
      double p = c < classes ? StrictMath.exp(eta[c] - max) / sum - (c == label ? 1 : 0) : 0;
      // η − max is rounded: its error grows with the size of η.
      assertThat((double) dEta[c]).isCloseTo(p, within(c < classes ? 1e-5 : 0));
    }
  }

  @Test
  void firstOfEqualClassesIsPredicted() {
    float[] eta =
        Matrices.packed(
            1, 20, new float[] {1, 3, 2, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 1}, 0);
    int[] predicted = new int[1];
    SCALAR.softmaxCrossEntropy(1, 20, eta, 0, new int[1], 0, null, 0, new float[1], predicted, 0);
    assertThat(predicted[0]).isEqualTo(1);
  }

  @Test
  void etaThatIsNotFiniteGivesALossThatIsNotFinite() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      for (int at = 0; at < 3; at++) {
        float[] values = {1, 2, 3};
        values[at] = bad;
        float[] loss = new float[1];
        SCALAR.softmaxCrossEntropy(
            1,
            3,
            Matrices.packed(1, 3, values, 0),
            0,
            new int[1],
            0,
            new float[16],
            0,
            loss,
            new int[1],
            0);
        assertThat(loss[0]).isNaN();
        float[] eta = Matrices.packed(1, 3, values, 0);
        SCALAR.squaredError(1, 3, 1f, eta, 0, new float[16], 0, new float[16], 0, loss, 0);
        assertThat(Float.isFinite(loss[0])).isFalse();
      }
    }
  }

  @Test
  void squaredErrorMeetsItsFormula() {
    float[] eta = Matrices.packed(2, 3, new float[] {1, 2, 3, 4, 5, 6}, 0);
    float[] y = Matrices.packed(2, 3, new float[] {0, 4, 3, 4, 4, 9}, 0);
    float[] dEta = new float[eta.length];
    float[] loss = new float[2];
    SCALAR.squaredError(2, 3, 0.5f, eta, 0, y, 0, dEta, 0, loss, 0);
    assertThat(loss).containsExactly(2.5f, 5f);
    float[] rowMajor = new float[6];
    Panels.unpack(2, 3, dEta, 0, rowMajor, 0);
    assertThat(rowMajor).containsExactly(1, -2, 0, 0, 1, -3);
    assertThat(dEta[Panels.index(2, 1, 3)]).isEqualTo(0f);
  }
}
