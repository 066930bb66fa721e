package io.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DigitsSourceTest {

  private static final TrainTest SMALL = new DigitsSource(1, 1000, 500).load();

  /**
   * Frozen: these are the bytes on every machine, and a change of them changes every result that
   * was ever reported.
   */
  @Test
  void keepsItsBytes() {
    assertThat(SMALL.train().sha256())
        .isEqualTo("70dcfac7e40a1602955104b903517368cdc74478601b8737696b16170fd9f928");
    assertThat(SMALL.test().sha256())
        .isEqualTo("3814a477b141a16e32332bc067c502b0cf27000a4c6ae7d4bb9bd8715f82e40c");
  }

  @Test
  void isABeginningOfALargerSet() {
    TrainTest smaller = new DigitsSource(1, 300, 20).load();
    assertSameRows(smaller.train(), SMALL.train(), 300);
    assertSameRows(smaller.test(), SMALL.test(), 20);
  }

  @Test
  void differsBySeedAndBetweenTrainingAndTest() {
    assertThat(new DigitsSource(2, 1000, 500).load().train().sha256())
        .isNotEqualTo(SMALL.train().sha256());
    long same =
        IntStream.range(0, 500).filter(row -> same(SMALL.train(), SMALL.test(), row)).count();
    assertThat(same).isZero();
  }

  @Test
  void hasImagesOfAllClasses() {
    Dataset data = SMALL.train();
    assertThat(data.image()).isEqualTo(new ImageShape(28, 28));
    assertThat(data.classes()).isEqualTo(10);
    int[] counts = new int[10];
    IntStream.range(0, data.rows()).forEach(row -> counts[data.label(row)]++);
    assertThat(IntStream.of(counts)).allMatch(count -> count > 70 && count < 130);
  }

  @Test
  void drawsInkOnEveryImage() {
    for (int row = 0; row < SMALL.train().rows(); row++) {
      int inked = 0;
      for (int c = 0; c < 784; c++) {
        inked += SMALL.train().feature(row, c) > 128 ? 1 : 0;
      }
      assertThat(inked).as("inked pixels of row %d", row).isBetween(10, 300);
    }
  }

  @Test
  void writesEachDigitInSeveralStyles() {
    for (int digit = 0; digit < 10; digit++) {
      int styles = DigitStyles.count(digit);
      assertThat(styles).isGreaterThanOrEqualTo(3);
      BitSet drawn = new BitSet();
      Draws draws = new Draws(3, digit);
      IntStream.range(0, 200).forEach(i -> drawn.set(draws.below(styles)));
      assertThat(drawn.cardinality()).isEqualTo(styles);
    }
  }

  @Test
  void drawsBellsWithTheAskedDeviation() {
    Draws draws = new Draws(1, 1);
    double sum = 0;
    double squares = 0;
    int n = 100_000;
    for (int i = 0; i < n; i++) {
      double x = draws.bell(2);
      assertThat(Math.abs(x)).isLessThan(7);
      sum += x;
      squares += x * x;
    }
    assertThat(Math.abs(sum / n)).isLessThan(0.03);
    assertThat(Math.sqrt(squares / n)).isBetween(1.97, 2.03);
  }

  @Test
  void describesItself() {
    DigitsSource standard = DigitsSource.standard();
    assertThat(standard.trainRows()).isEqualTo(25_000);
    assertThat(standard.testRows()).isEqualTo(5_000);
    assertThat(standard.whereabouts(DataRequest.ofProcess())).isEqualTo("generated, seed 1");
    assertThat(SMALL.origin()).isEqualTo("generated, seed 1");
  }

  private static boolean same(Dataset a, Dataset b, int row) {
    return IntStream.range(0, 784).allMatch(c -> a.feature(row, c) == b.feature(row, c));
  }

  private static void assertSameRows(Dataset a, Dataset b, int rows) {
    for (int row = 0; row < rows; row++) {
      assertThat(a.label(row)).isEqualTo(b.label(row));
      assertThat(same(a, b, row)).as("row %d is the same", row).isTrue();
    }
  }
}
