package io.lockstep.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the SIMD products to the bits of their scalar twin, in every width that the CPU has. */
class VectorProductsTest {
  private static final Products SCALAR = new ScalarProducts();

  private static Stream<Integer> widths() {
    return ProductSets.vector().keySet().stream();
  }

  /**
   * A width that the CPU lacks cannot run, so say which ones did: the report shows it, and none may
   * be left out.
   */
  @Test
  void allWidthsUpToTheWidestOfThisCpuAreTested(TestReporter reporter) {
    int widest = FloatVector.SPECIES_PREFERRED.vectorBitSize();
    reporter.publishEntry(
        "widths tested", widths().toList() + " of a CPU with " + widest + " bits");

    assertThat(widths())
        .containsExactlyElementsOf(
            Stream.of(128, 256, 512).filter(bits -> bits <= widest).toList());
  }

  @ParameterizedTest
  @MethodSource("widths")
  void productHasTheBitsOfTheScalarTwin(int bits) {
    Random random = new Random(1);
    for (int rows = 1; rows <= 40; rows++) {
      for (int round = 0; round < 6; round++) {
        product(bits, rows, 1 + random.nextInt(50), 1 + random.nextInt(50), round % 2 == 0, random);
      }
    }
    for (int depth : new int[] {512, 513, 784, 1100}) {
      for (int rows : new int[] {1, 13, 31}) {
        product(bits, rows, depth, 1 + random.nextInt(50), false, random);
      }
    }
    for (int columns = 1; columns <= 50; columns++) {
      product(bits, 1 + random.nextInt(40), 1 + random.nextInt(50), columns, false, random);
    }
  }

  private static void product(
      int bits, int rows, int depth, int columns, boolean special, Random random) {
    int xAt = random.nextInt(5);
    float[] x = matrix(rows, depth, xAt, special, random);
    float[] b = matrix(depth, columns, 2, special, random);
    int from = random.nextInt(Panels.count(columns));
    int to = from + 1 + random.nextInt(Panels.count(columns) - from);
    float[] expected = product(SCALAR, rows, depth, columns, x, xAt, b, from, to);
    float[] actual =
        product(ProductSets.vector().get(bits), rows, depth, columns, x, xAt, b, from, to);
    assertSameBits(
        "rows %d, depth %d, columns %d, panels [%d, %d)".formatted(rows, depth, columns, from, to),
        expected,
        actual);
  }

  private static float[] product(
      Products products,
      int rows,
      int depth,
      int columns,
      float[] x,
      int xAt,
      float[] b,
      int from,
      int to) {
    Scratch scratch = new Scratch(rows, depth);
    float[] y = Matrices.guarded(3, Panels.size(rows, columns));
    products.packRows(rows, depth, x, xAt, scratch);
    products.product(rows, depth, b, 2, y, 3, from, to, scratch);
    return y;
  }

  @ParameterizedTest
  @MethodSource("widths")
  void productOverRowsHasTheBitsOfTheScalarTwin(int bits) {
    Random random = new Random(2);
    for (int leaves = 1; leaves <= 9; leaves++) {
      for (int leafRows : new int[] {1, 2, 3, 5, 8, 32}) {
        int shortBy = random.nextInt(leafRows);
        int rows = leaves * leafRows - shortBy;
        int depth = 1 + random.nextInt(50);
        productOverRows(
            bits, rows, leafRows, depth, 1 + random.nextInt(50), leaves % 3 == 0, random);
        sumRows(bits, rows, leafRows, 1 + random.nextInt(50), leaves % 3 == 0, random);
      }
    }
    for (int size = 1; size <= 50; size++) {
      productOverRows(
          bits, 1 + random.nextInt(40), 50, size, 1 + random.nextInt(50), false, random);
      productOverRows(bits, 1 + random.nextInt(40), 4, 1 + random.nextInt(50), size, false, random);
    }
    productOverRows(bits, 1100, Integer.MAX_VALUE, 17, 33, false, random);
    productOverRows(bits, 1800, 600, 17, 33, false, random);
    productOverRows(bits, 2300, 520, 17, 18, false, random);
  }

  private static void productOverRows(
      int bits, int rows, int leafRows, int depth, int columns, boolean special, Random random) {
    float[] x = matrix(rows, depth, 1, special, random);
    float[] dY = matrix(rows, columns, 2, special, random);
    int from = random.nextInt(Panels.count(columns));
    int to = from + 1 + random.nextInt(Panels.count(columns) - from);
    float[] expected = Matrices.guarded(3, Panels.size(depth, columns));
    float[] actual = expected.clone();
    SCALAR.productOverRows(
        rows, leafRows, depth, x, 1, dY, 2, expected, 3, from, to, new Scratch(1, 1));
    ProductSets.vector()
        .get(bits)
        .productOverRows(
            rows, leafRows, depth, x, 1, dY, 2, actual, 3, from, to, new Scratch(1, 1));
    String what = "rows %d, leafRows %d, depth %d, columns %d, panels [%d, %d)";
    assertSameBits(what.formatted(rows, leafRows, depth, columns, from, to), expected, actual);
  }

  private static void sumRows(
      int bits, int rows, int leafRows, int columns, boolean special, Random random) {
    float[] dY = matrix(rows, columns, 2, special, random);
    float[] expected = Matrices.guarded(3, Panels.paddedColumns(columns));
    float[] actual = expected.clone();
    SCALAR.sumRows(rows, leafRows, columns, dY, 2, expected, 3, new Scratch(1, 1));
    ProductSets.vector()
        .get(bits)
        .sumRows(rows, leafRows, columns, dY, 2, actual, 3, new Scratch(1, 1));
    assertSameBits(
        "rows %d, leafRows %d, columns %d".formatted(rows, leafRows, columns), expected, actual);
  }

  @ParameterizedTest
  @MethodSource("widths")
  void transposeHasTheBitsOfTheScalarTwin(int bits) {
    Random random = new Random(3);
    for (int rows = 1; rows <= 50; rows++) {
      for (int columns : new int[] {1, 4, 9, 16, 17, 31, 32, 40}) {
        float[] b = matrix(rows, columns, 1, true, random);
        float[] expected = Matrices.guarded(2, Panels.size(columns, rows));
        float[] actual = expected.clone();
        SCALAR.transpose(rows, columns, b, 1, expected, 2);
        ProductSets.vector().get(bits).transpose(rows, columns, b, 1, actual, 2);
        assertSameBits("rows %d, columns %d".formatted(rows, columns), expected, actual);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("widths")
  void transposesPanelByPanelToTheSame(int bits) {
    Random random = new Random(3);
    int rows = 2 * Panels.WIDTH + 5;
    int columns = 19;
    float[] b = matrix(rows, columns, 1, true, random);
    float[] whole = Matrices.guarded(2, Panels.size(columns, rows));
    SCALAR.transpose(rows, columns, b, 1, whole, 2);
    int panel = columns * Panels.WIDTH;
    for (int from = 0; from < 3; from++) {
      for (int to = from + 1; to <= 3; to++) {
        float[] expected = Matrices.guarded(2, (to - from) * panel);
        System.arraycopy(whole, 2 + from * panel, expected, 2, (to - from) * panel);
        for (Products products : List.of(SCALAR, ProductSets.vector().get(bits))) {
          float[] actual = Matrices.guarded(2, (to - from) * panel);
          products.transpose(rows, columns, b, 1, actual, 2, from, to);
          assertSameBits("panels %d to %d".formatted(from, to), expected, actual);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("widths")
  void rowComputedAloneEqualsTheRowAmongOthers(int bits) {
    Random random = new Random(4);
    int rows = 37;
    int depth = 600;
    int columns = 42;
    float[] xRows = Matrices.normal(rows * depth, random);
    float[] b = matrix(depth, columns, 2, false, random);
    float[] x = Matrices.packed(rows, depth, xRows, 0);
    float[] all = product(ProductSets.vector().get(bits), rows, depth, columns, x, 0, b, 0, 3);
    for (int row = 0; row < rows; row++) {
      float[] alone =
          Matrices.packed(
              1, depth, java.util.Arrays.copyOfRange(xRows, row * depth, (row + 1) * depth), 0);
      float[] y = product(ProductSets.vector().get(bits), 1, depth, columns, alone, 0, b, 0, 3);
      for (int column = 0; column < columns; column++) {
        assertThat(y[3 + Panels.index(1, 0, column)])
            .isEqualTo(all[3 + Panels.index(rows, row, column)]);
      }
    }
  }

  @Test
  void scratchThatIsTooSmallIsRefused() {
    Stream<Products> sets =
        Stream.concat(Stream.of(SCALAR), ProductSets.vector().values().stream());
    sets.forEach(
        products ->
            assertThatThrownBy(() -> products.packRows(5, 7, new float[80], 0, new Scratch(4, 8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("scratch: room for 32 floats of packed rows, but 5 rows by 7 need 35"));
  }

  private static float[] matrix(int rows, int columns, int at, boolean special, Random random) {
    int length = rows * columns;
    float[] rowMajor =
        special ? Matrices.special(length, 20, random) : Matrices.normal(length, random);
    return Matrices.packed(rows, columns, rowMajor, at);
  }

  /** Equal bits, except that a NaN may be any NaN. */
  private static void assertSameBits(String what, float[] expected, float[] actual) {
    int[] different =
        IntStream.range(0, expected.length)
            .filter(i -> Float.floatToIntBits(expected[i]) != Float.floatToIntBits(actual[i]))
            .toArray();
    assertThat(different).as(what).isEmpty();
  }
}
