package io.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.kernels.CounterRandom.Purpose;
import java.util.Arrays;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PermutationTest {

  @Test
  void isABijectionForEverySizeUpTo2000() {
    for (int size = 1; size <= 2000; size++) {
      assertBijection(new Permutation(7, Purpose.SHUFFLE, size), size % 3);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {48_000, 60_000, 65_535, 65_536, 65_537, 1_000_003})
  void isABijectionForLargeSizes(int size) {
    assertBijection(new Permutation(-1, Purpose.SHUFFLE, size), 3);
  }

  @Test
  void staysInRangeForTheLargestSize() {
    Permutation permutation = new Permutation(1, Purpose.SHUFFLE, Integer.MAX_VALUE);
    for (int index = 0; index < 1000; index++) {
      assertThat(permutation.at(0, Integer.MAX_VALUE - 1 - index))
          .isBetween(0, Integer.MAX_VALUE - 1);
    }
  }

  /**
   * Computed by another implementation, in Python; a change here is a change of every run's
   * weights.
   */
  @Test
  void keepsItsBits() {
    Permutation permutation = new Permutation(42, Purpose.SHUFFLE, 60_000);
    int[] first = new int[8];
    Arrays.setAll(first, i -> permutation.at(3, i));
    assertThat(first).containsExactly(1331, 2919, 29481, 49814, 32644, 20312, 49407, 23517);
    int hash = 1;
    for (int i = 0; i < 60_000; i++) {
      hash = 31 * hash + permutation.at(3, i);
    }
    assertThat(hash).isEqualTo(-1918528003);
  }

  @Test
  void differsBetweenNumbersSeedsAndPurposes() {
    int[] base = all(new Permutation(1, Purpose.SHUFFLE, 1000), 0);
    for (int[] other :
        new int[][] {
          all(new Permutation(1, Purpose.SHUFFLE, 1000), 1),
          all(new Permutation(2, Purpose.SHUFFLE, 1000), 0),
          all(new Permutation(1, Purpose.SPLIT, 1000), 0)
        }) {
      int same = 0;
      for (int i = 0; i < base.length; i++) {
        same += base[i] == other[i] ? 1 : 0;
      }
      assertThat(same).as("positions with the same row; about 1 by chance").isLessThan(10);
    }
  }

  /** The places of two rows in many epochs are uncorrelated with the rows and with each other. */
  @Test
  void hasNoCorrelationOfPositionAndRow() {
    int size = 500;
    int epochs = 200;
    Permutation permutation = new Permutation(11, Purpose.SHUFFLE, size);
    double row = 0;
    double next = 0;
    double epoch = 0;
    for (int e = 0; e < epochs; e++) {
      for (int i = 0; i < size; i++) {
        double x = centred(permutation.at(e, i), size);
        row += x * centred(i, size);
        next += x * centred(permutation.at(e, (i + 1) % size), size);
        epoch += x * centred(permutation.at(e + 1, i), size);
      }
    }
    double n = (double) size * epochs;
    double bound = 4.5 / Math.sqrt(n); // correlations have standard deviation 1 / sqrt(n)
    assertThat(Math.abs(row / n)).isLessThan(bound);
    assertThat(Math.abs(next / n + 1.0 / size)).isLessThan(bound);
    assertThat(Math.abs(epoch / n)).isLessThan(bound);
  }

  /**
   * Every row is about equally often at every place: chi-squared of a 60 by 60 table over many
   * permutations.
   */
  @Test
  void putsEveryRowEquallyOftenAtEveryPlace() {
    int size = 60;
    int permutations = 20_000;
    int[][] counts = new int[size][size];
    Permutation permutation = new Permutation(5, Purpose.SHUFFLE, size);
    for (int e = 0; e < permutations; e++) {
      for (int i = 0; i < size; i++) {
        counts[i][permutation.at(e, i)]++;
      }
    }
    double expected = (double) permutations / size;
    double chi2 = 0;
    for (int[] row : counts) {
      for (int count : row) {
        chi2 += (count - expected) * (count - expected) / expected;
      }
    }
    double degrees = (size - 1.0) * (size - 1.0);
    assertThat((chi2 - degrees) / Math.sqrt(2 * degrees)).isBetween(-4.5, 4.5);
  }

  @Test
  void reachesAllOrdersOfThreeRows() {
    Permutation permutation = new Permutation(5, Purpose.SHUFFLE, 3);
    int[] counts = new int[27];
    for (int e = 0; e < 6000; e++) {
      counts[permutation.at(e, 0) * 9 + permutation.at(e, 1) * 3 + permutation.at(e, 2)]++;
    }
    assertThat(Arrays.stream(counts).filter(count -> count > 800 && count < 1200)).hasSize(6);
  }

  @Test
  void refusesNoRows() {
    assertThatThrownBy(() -> new Permutation(1, Purpose.SHUFFLE, 0))
        .hasMessage("size: expected at least 1, but found 0");
  }

  private static double centred(int value, int size) {
    return (value - (size - 1) / 2.0) / Math.sqrt(((double) size * size - 1) / 12);
  }

  private static int[] all(Permutation permutation, long number) {
    int[] all = new int[permutation.size()];
    Arrays.setAll(all, i -> permutation.at(number, i));
    return all;
  }

  private static void assertBijection(Permutation permutation, long number) {
    BitSet seen = new BitSet(permutation.size());
    for (int i = 0; i < permutation.size(); i++) {
      seen.set(permutation.at(number, i));
    }
    assertThat(seen.length()).isEqualTo(permutation.size());
    assertThat(seen.cardinality()).isEqualTo(permutation.size());
  }
}
