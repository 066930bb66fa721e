package io.lockstep.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.kernels.CounterRandom.Purpose;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

class CounterRandomTest {
  private static final int COUNT = 100_000;

  /** Were one of these to change, no earlier run could be repeated. */
  @Test
  void numbersNeverChange() {
    assertThat(CounterRandom.bits(0, Purpose.INITIAL_WEIGHTS, 0, 0)).isEqualTo(0x2D17E7F11BF9CAF5L);
    assertThat(CounterRandom.bits(1, Purpose.SHUFFLE, 2, 3)).isEqualTo(0x3D293D9F75BC1986L);
    assertThat(CounterRandom.bits(-1, Purpose.SPLIT, 1L << 40, 7)).isEqualTo(0xB3D94A1F9B3D9522L);
    assertThat(CounterRandom.bits(42, Purpose.DROPOUT, 449, 1)).isEqualTo(0x19E65961584E81D3L);
    assertThat(CounterRandom.bits(Long.MIN_VALUE, Purpose.DIGITS, -1, -1))
        .isEqualTo(0x586FA938AB25CA2BL);
    assertThat(mask(0x0123456789ABCDEFL)).isEqualTo(0x6E7F75D0A92DC4CBL);
    assertThat(mask(-1L)).isEqualTo(0x979F3260B7DB9274L);
  }

  /** Which of 64 elements are kept. */
  private static long mask(long key) {
    long mask = 0;
    for (int i = 0; i < 64; i++) {
      mask |= CounterRandom.keeps(key, i / 8, i % 8 * 37, 0.5f) ? 1L << i : 0;
    }
    return mask;
  }

  @Test
  void uniformNumbersAreUniform() {
    for (Purpose purpose : Purpose.values()) {
      assertUniform(i -> CounterRandom.bits(1, purpose, 0, i));
      assertUniform(i -> CounterRandom.bits(1, purpose, i, 0));
      assertUniform(i -> CounterRandom.bits(i, purpose, 0, 0));
    }
  }

  /** Mean, spread, and the share of each of 64 equal parts, to six standard deviations. */
  private static void assertUniform(IntToLongFunction bits) {
    int[] parts = new int[64];
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < COUNT; i++) {
      double u = CounterRandom.uniform(bits.applyAsLong(i));
      assertThat(u >= 0 && u < 1).isTrue();
      sum += u;
      squares += u * u;
      parts[(int) (u * parts.length)]++;
    }
    assertThat(sum / COUNT).isCloseTo(0.5, within(6 * Math.sqrt(1 / 12.0 / COUNT)));
    assertThat(squares / COUNT).isCloseTo(1 / 3.0, within(6 * Math.sqrt(4 / 45.0 / COUNT)));
    for (int part : parts) {
      assertThat((double) part).isCloseTo(COUNT / 64.0, within(6 * Math.sqrt(COUNT / 64.0)));
    }
  }

  @Test
  void numbersOfDifferentPurposesSeedsAndStepsAreUnrelated() {
    IntToLongFunction shuffle = i -> CounterRandom.bits(5, Purpose.SHUFFLE, 3, i);
    assertUnrelated(shuffle, i -> CounterRandom.bits(5, Purpose.SPLIT, 3, i));
    assertUnrelated(shuffle, i -> CounterRandom.bits(6, Purpose.SHUFFLE, 3, i));
    assertUnrelated(shuffle, i -> CounterRandom.bits(5, Purpose.SHUFFLE, 4, i));
    assertUnrelated(shuffle, i -> CounterRandom.bits(5, Purpose.SHUFFLE, 3, i + 1));
    assertUnrelated(shuffle, i -> CounterRandom.bits(5, Purpose.SHUFFLE, i, 3));
  }

  /** The share of equal bits is a half, to six standard deviations, for each of the 64 places. */
  private static void assertUnrelated(IntToLongFunction x, IntToLongFunction y) {
    int[] equal = new int[64];
    for (int i = 0; i < COUNT; i++) {
      // Where both are the same number (3, 3), equal bits say nothing.
      long same = i == 3 ? 0x5555555555555555L : ~(x.applyAsLong(i) ^ y.applyAsLong(i));
      for (int place = 0; place < 64; place++) {
        equal[place] += (int) (same >>> place & 1);
      }
    }
    for (int count : equal) {
      assertThat((double) count).isCloseTo(COUNT / 2.0, within(6 * Math.sqrt(COUNT / 4.0)));
    }
  }

  @Test
  void numbersDoNotRepeat() {
    Set<Long> seen = new HashSet<>();
    for (Purpose purpose : Purpose.values()) {
      for (int a = 0; a < 100; a++) {
        for (int b = 0; b < 100; b++) {
          seen.add(CounterRandom.bits(0, purpose, a, b));
        }
      }
    }
    assertThat(seen).hasSize(Purpose.values().length * 10_000);
  }

  @Test
  void dropoutKeepsTheRightShareInEveryRowAndColumn() {
    for (float rate : new float[] {0.1f, 0.3f, 0.5f, 0.9f}) {
      int[] rows = new int[1000];
      int[] columns = new int[1000];
      for (int row = 0; row < 1000; row++) {
        for (int column = 0; column < 1000; column++) {
          int kept = CounterRandom.keeps(77L, row, column, rate) ? 1 : 0;
          rows[row] += kept;
          columns[column] += kept;
        }
      }
      double deviation = Math.sqrt(1000 * rate * (1 - rate));
      for (int i = 0; i < 1000; i++) {
        assertThat((double) rows[i]).isCloseTo(1000 * (1 - rate), within(6 * deviation));
        assertThat((double) columns[i]).isCloseTo(1000 * (1 - rate), within(6 * deviation));
      }
    }
  }

  @Test
  void dropoutOfNeighboursIsUnrelated() {
    assertHalfAgree((row, column) -> CounterRandom.keeps(3L, row + 1, column, 0.5f));
    assertHalfAgree((row, column) -> CounterRandom.keeps(3L, row, column + 1, 0.5f));
    assertHalfAgree((row, column) -> CounterRandom.keeps(4L, row, column, 0.5f));
    assertHalfAgree((row, column) -> CounterRandom.keeps(3L + (1L << 32), row, column, 0.5f));
  }

  private interface Mask {
    boolean keeps(int row, int column);
  }

  private static void assertHalfAgree(Mask other) {
    int agree = 0;
    for (int row = 0; row < 512; row++) {
      for (int column = 0; column < 512; column++) {
        agree += CounterRandom.keeps(3L, row, column, 0.5f) == other.keeps(row, column) ? 1 : 0;
      }
    }
    assertThat((double) agree).isCloseTo(512 * 256, within(6 * 256.0));
  }

  @Test
  void rateZeroKeepsAll() {
    for (int i = 0; i < 10_000; i++) {
      assertThat(CounterRandom.keeps(i, i, i, 0f)).isTrue();
    }
  }
}
