package io.lockstep.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the SIMD losses to the bits of their scalar twin, in every width that the CPU has. */
class VectorLossesTest {
  private static final Losses SCALAR = KernelSets.scalar().losses();

  private static List<Kernels> sets() {
    return KernelSets.vector();
  }

  @ParameterizedTest
  @MethodSource("sets")
  void lossesHaveTheBitsOfTheScalarTwin(Kernels set) {
    Random random = new Random(1);
    for (int columns = 1; columns <= 70; columns++) {
      for (int round = 0; round < 4; round++) {
        Rows rows = new Rows(1 + random.nextInt(9), columns, round, random);
        softmaxCrossEntropy(set, rows, random);
        softmax(set, rows);
        squaredError(set, rows, random);
      }
    }
  }

  /** η with padding of zeros from 1 on: plain values, equal ones, large ones, or special ones. */
  private record Rows(int rows, int columns, float[] eta) {
    Rows(int rows, int columns, int kind, Random random) {
      this(rows, columns, Matrices.packed(rows, columns, values(rows * columns, kind, random), 1));
    }

    private static float[] values(int length, int kind, Random random) {
      float[] values =
          kind == 3 ? Matrices.special(length, 15, random) : Matrices.normal(length, random);
      for (int i = 0; i < length; i++) {
        values[i] = kind == 1 ? Math.round(values[i]) : kind == 2 ? values[i] * 1e4f : values[i];
      }
      return values;
    }

    int size() {
      return Panels.size(rows, columns);
    }
  }

  private static void softmaxCrossEntropy(Kernels set, Rows r, Random random) {
    int[] labels = random.ints(r.rows + 2, 0, r.columns).toArray();
    float[] dEta = Matrices.guarded(3, r.size());
    float[] loss = Matrices.guarded(1, r.rows);
    int[] predicted = new int[r.rows + 1];
    SCALAR.softmaxCrossEntropy(r.rows, r.columns, r.eta, 1, labels, 2, dEta, 3, loss, predicted, 1);
    float[] actual = Matrices.guarded(3, r.size());
    float[] actualLoss = Matrices.guarded(1, r.rows);
    int[] actualPredicted = new int[r.rows + 1];
    set.losses()
        .softmaxCrossEntropy(
            r.rows, r.columns, r.eta, 1, labels, 2, actual, 3, actualLoss, actualPredicted, 1);
    assertThat(actualLoss).as("%s", r).isEqualTo(loss);
    assertThat(actualPredicted).as("%s", r).isEqualTo(predicted);
    assertThat(actual).as("%s", r).isEqualTo(dEta);
    float[] inPlace = r.eta.clone();
    set.losses()
        .softmaxCrossEntropy(
            r.rows, r.columns, inPlace, 1, labels, 2, inPlace, 1, actualLoss, actualPredicted, 1);
    assertThat(actualLoss).as("%s in place", r).isEqualTo(loss);
    assertThat(part(inPlace, 1, r.size())).as("%s in place", r).isEqualTo(part(dEta, 3, r.size()));
    lossesOnly(set, r, labels, loss, predicted);
  }

  private static void lossesOnly(Kernels set, Rows r, int[] labels, float[] loss, int[] predicted) {
    float[] eta = r.eta.clone();
    float[] expectedEta = r.eta.clone();
    float[] actualLoss = Matrices.guarded(1, r.rows);
    int[] actualPredicted = new int[r.rows + 1];
    set.losses()
        .softmaxCrossEntropy(
            r.rows, r.columns, eta, 1, labels, 2, null, 0, actualLoss, actualPredicted, 1);
    assertThat(actualLoss).as("%s", r).isEqualTo(loss);
    assertThat(actualPredicted).as("%s", r).isEqualTo(predicted);
    SCALAR.softmaxCrossEntropy(
        r.rows, r.columns, expectedEta, 1, labels, 2, null, 0, actualLoss, actualPredicted, 1);
    assertThat(actualLoss).as("%s", r).isEqualTo(loss);
    assertThat(eta).as("%s", r).isEqualTo(expectedEta);
  }

  private static void softmax(Kernels set, Rows r) {
    float[] expected = Matrices.guarded(3, r.size());
    SCALAR.softmax(r.rows, r.columns, r.eta, 1, expected, 3);
    float[] actual = Matrices.guarded(3, r.size());
    set.losses().softmax(r.rows, r.columns, r.eta, 1, actual, 3);
    assertThat(actual).as("%s", r).isEqualTo(expected);
    float[] inPlace = r.eta.clone();
    set.losses().softmax(r.rows, r.columns, inPlace, 1, inPlace, 1);
    assertThat(part(inPlace, 1, r.size()))
        .as("%s in place", r)
        .isEqualTo(part(expected, 3, r.size()));
  }

  private static void squaredError(Kernels set, Rows r, Random random) {
    float[] y =
        Matrices.packed(r.rows, r.columns, Matrices.special(r.rows * r.columns, 40, random), 2);
    float[] expected = Matrices.guarded(3, r.size());
    float[] expectedLoss = Matrices.guarded(1, r.rows);
    SCALAR.squaredError(r.rows, r.columns, 0.5f, r.eta, 1, y, 2, expected, 3, expectedLoss, 1);
    float[] actual = Matrices.guarded(3, r.size());
    float[] actualLoss = Matrices.guarded(1, r.rows);
    set.losses().squaredError(r.rows, r.columns, 0.5f, r.eta, 1, y, 2, actual, 3, actualLoss, 1);
    assertThat(actual).as("%s", r).isEqualTo(expected);
    assertThat(actualLoss).as("%s", r).isEqualTo(expectedLoss);
    actualLoss[1] = 0f;
    set.losses().squaredError(r.rows, r.columns, 0.5f, r.eta, 1, y, 2, null, 0, actualLoss, 1);
    assertThat(actualLoss).as("%s", r).isEqualTo(expectedLoss);
  }

  private static float[] part(float[] array, int from, int length) {
    return java.util.Arrays.copyOfRange(array, from, from + length);
  }
}
