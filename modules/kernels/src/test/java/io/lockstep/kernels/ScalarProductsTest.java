package io.lockstep.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Holds the scalar products to the definition: in double precision, and to the bit where the order
 * is what is defined.
 */
class ScalarProductsTest {
  private final Products products = new ScalarProducts();
  private final Random random = new Random(5);

  @Test
  void productIsNearTheProductInDoublePrecision() {
    int rows = 9;
    int depth = 784;
    int columns = 21;
    float[] x = Matrices.normal(rows * depth, random);
    float[] b = Matrices.normal(depth * columns, random);
    float[] y = product(rows, depth, columns, x, b);
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        double sum = 0;
        double magnitude = 0;
        for (int k = 0; k < depth; k++) {
          double term = (double) x[row * depth + k] * b[k * columns + column];
          sum += term;
          magnitude += Math.abs(term);
        }
        // A chain of n roundings, each by at most 2^-24 of a partial sum: Higham 2002, section 3.1.
        double bound = depth * 0x1p-24 * magnitude * 1.001;
        assertThat((double) y[row * columns + column]).isCloseTo(sum, within(bound));
      }
    }
  }

  @Test
  void productIsOneChainOfFusedMultiplyAddsInIncreasingDepth() {
    int rows = 5;
    int depth = 530;
    int columns = 18;
    float[] x = Matrices.special(rows * depth, 400, random);
    float[] b = Matrices.special(depth * columns, 400, random);
    float[] y = product(rows, depth, columns, x, b);
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        float chain = 0f;
        for (int k = 0; k < depth; k++) {
          chain = Math.fma(x[row * depth + k], b[k * columns + column], chain);
        }
        assertThat(Float.floatToIntBits(y[row * columns + column]))
            .isEqualTo(Float.floatToIntBits(chain));
      }
    }
  }

  @Test
  void productOfOneRowByOneColumnIsANumber() {
    assertThat(product(1, 1, 1, new float[] {3f}, new float[] {-2f})).containsExactly(-6f);
  }

  @Test
  void negativeZeroIsLostAtTheStartOfTheChain() {
    float[] y = product(1, 1, 1, new float[] {-0f}, new float[] {1f});

    assertThat(Float.floatToRawIntBits(y[0])).isZero();
  }

  private float[] product(int rows, int depth, int columns, float[] x, float[] b) {
    Scratch scratch = new Scratch(rows, depth);
    float[] y = Matrices.guarded(0, Panels.size(rows, columns));
    products.packRows(rows, depth, Matrices.packed(rows, depth, x, 0), 0, scratch);
    products.product(
        rows,
        depth,
        Matrices.packed(depth, columns, b, 0),
        0,
        y,
        0,
        0,
        Panels.count(columns),
        scratch);
    return unpacked(rows, columns, y);
  }

  @Test
  void productOverRowsAddsTheLeavesPairwise() {
    for (int leaves = 1; leaves <= 9; leaves++) {
      int leafRows = 3;
      int rows = leaves * leafRows - 1;
      int depth = 5;
      int columns = 2;
      float[] x = Matrices.normal(rows * depth, random);
      float[] dY = Matrices.normal(rows * columns, random);
      float[] dW = Matrices.guarded(0, Panels.size(depth, columns));
      products.productOverRows(
          rows,
          leafRows,
          depth,
          Matrices.packed(rows, depth, x, 0),
          0,
          Matrices.packed(rows, columns, dY, 0),
          0,
          dW,
          0,
          0,
          1,
          new Scratch(1, 1));
      float[] actual = unpacked(depth, columns, dW);
      for (int i = 0; i < depth * columns; i++) {
        int feature = i / columns;
        int column = i % columns;
        float[] sums = new float[leaves];
        for (int row = 0; row < rows; row++) {
          sums[row / leafRows] =
              Math.fma(x[row * depth + feature], dY[row * columns + column], sums[row / leafRows]);
        }
        assertThat(actual[i]).as("%d leaves", leaves).isEqualTo(tree(sums, leaves));
      }
    }
  }

  @Test
  void sumOverRowsAddsTheLeavesPairwise() {
    for (int leaves = 1; leaves <= 9; leaves++) {
      int leafRows = 4;
      int rows = leaves * leafRows - 3;
      float[] dY = Matrices.normal(rows, random);
      float[] db = new float[Panels.WIDTH];
      products.sumRows(
          rows, leafRows, 1, Matrices.packed(rows, 1, dY, 0), 0, db, 0, new Scratch(1, 1));
      float[] sums = new float[leaves];
      for (int row = 0; row < rows; row++) {
        sums[row / leafRows] += dY[row];
      }
      assertThat(db[0]).as("%d leaves", leaves).isEqualTo(tree(sums, leaves));
      assertThat(db).endsWith(new float[Panels.WIDTH - 1]);
    }
  }

  /**
   * The sum over nodes (l, i) of the reduction tree, level by level; a node with one child is that
   * child.
   */
  private static float tree(float[] sums, int nodes) {
    for (int count = nodes; count > 1; count = (count + 1) / 2) {
      for (int i = 0; 2 * i < count; i++) {
        sums[i] = 2 * i + 1 < count ? sums[2 * i] + sums[2 * i + 1] : sums[2 * i];
      }
    }
    return sums[0];
  }

  @Test
  void transposeOfTransposeIsTheMatrixAndPaddingIsZero() {
    int rows = 21;
    int columns = 35;
    float[] b = Matrices.packed(rows, columns, Matrices.normal(rows * columns, random), 0);
    float[] transposed = Matrices.guarded(0, Panels.size(columns, rows));
    products.transpose(rows, columns, b, 0, transposed, 0);
    float[] back = Matrices.guarded(0, Panels.size(rows, columns));
    products.transpose(columns, rows, transposed, 0, back, 0);

    assertThat(back).containsExactly(b);
    assertThat(transposed[Panels.index(columns, 7, 20)]).isEqualTo(b[Panels.index(rows, 20, 7)]);
    assertThat(transposed[Panels.index(columns, 7, 21)]).isZero();
  }

  private static float[] unpacked(int rows, int columns, float[] packed) {
    float[] rowMajor = new float[rows * columns];
    Panels.unpack(rows, columns, packed, 0, rowMajor, 0);
    return rowMajor;
  }
}
