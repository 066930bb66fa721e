package io.lockstep.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds the SIMD updates to the bits of their scalar twin, in every width that the CPU has. */
class VectorUpdatesTest {

  private enum Update {
    SGD,
    MOMENTUM,
    NESTEROV,
    RMSPROP,
    RMSPROP_MOMENTUM,
    ADAM,
    ADAMW,
    NADAM,
    ADAGRAD,
    ADADELTA,
    CLIPPED,
    SHRUNK;

    boolean apply(Updates updates, Updates.Range range) {
      return switch (this) {
        case SGD -> updates.sgd(range, 0.1f);
        case MOMENTUM -> updates.momentum(range, 0.1f, 0.9f, false);
        case NESTEROV -> updates.momentum(range, 0.1f, 0.9f, true);
        case RMSPROP -> updates.rmsprop(range, 0.01f, 0.9, 1e-7f, 0f);
        case RMSPROP_MOMENTUM -> updates.rmsprop(range, 0.01f, 0.9, 1e-7f, 0.5f);
        case ADAM -> updates.adam(range, 0.01f, 31f, 0.9, 0.999, 1e-8f, 0f);
        case ADAMW -> updates.adam(range, 0.01f, 31f, 0.9, 0.999, 1e-8f, 1e-3f);
        case NADAM -> updates.nadam(range, 0.02f, 0.09f, 31f, 0.9, 0.999, 1e-8f);
        case ADAGRAD -> updates.adagrad(range, 0.1f, 1e-10f);
        case ADADELTA -> updates.adadelta(range, 1f, 0.95, 1e-7f);
        case CLIPPED -> {
          updates.clip(range, 0.5f);
          yield updates.sgd(range, 0.1f);
        }
        case SHRUNK -> {
          boolean finite = updates.sgd(range, 0.1f);
          updates.shrink(range, 0.25f);
          yield finite;
        }
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void weightsAndStateHaveTheBitsOfTheScalarTwin(Update update) {
    Random random = new Random(1);
    int[] lengths =
        IntStream.concat(IntStream.rangeClosed(0, 70), IntStream.rangeClosed(4093, 4099)).toArray();
    for (Kernels set : KernelSets.vector()) {
      for (int length : lengths) {
        compare(update, set, range(length, random, Integer.MAX_VALUE));
        compare(update, set, range(length, random, 11));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void weightsMayBeUpdatedInPlace(Update update) {
    Updates.Range range = range(100, new Random(2), Integer.MAX_VALUE);
    for (Kernels set : KernelSets.vector()) {
      Updates.Range apart = copy(range);
      Updates.Range inPlace = copy(range);
      inPlace.next = inPlace.theta;
      inPlace.nextAt = inPlace.thetaAt;
      update.apply(set.updates(), apart);
      update.apply(set.updates(), inPlace);
      assertThat(
              java.util.Arrays.copyOfRange(inPlace.theta, inPlace.thetaAt, inPlace.thetaAt + 100))
          .isEqualTo(java.util.Arrays.copyOfRange(apart.next, apart.nextAt, apart.nextAt + 100));
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneGradientThatIsNotFiniteIsReported(Update update) {
    List<Kernels> sets = new java.util.ArrayList<>(KernelSets.vector());
    sets.add(KernelSets.scalar());
    for (Kernels set : sets) {
      for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
        for (int at = 0; at < 37; at++) {
          Updates.Range range = range(37, new Random(3), Integer.MAX_VALUE);
          assertThat(update.apply(set.updates(), copy(range))).isTrue();
          range.gradient[range.gradientAt + at] = bad;
          assertThat(update.apply(set.updates(), range))
              .as("%s %s at %d", set.choice(), bad, at)
              .isFalse();
        }
      }
    }
  }

  @Test
  void dotProductHasTheBitsOfTheScalarTwin() {
    Random random = new Random(4);
    int[] lengths =
        IntStream.concat(IntStream.rangeClosed(0, 70), IntStream.rangeClosed(4093, 4099)).toArray();
    for (Kernels set : KernelSets.vector()) {
      for (int length : lengths) {
        for (int every : new int[] {Integer.MAX_VALUE, 11}) {
          float[] x = guarded(1, Matrices.special(length, every, random), false);
          float[] y = guarded(2, Matrices.special(length, every, random), false);
          assertThat(set.updates().dot(x, 1, y, 2, length))
              .as("%s, length %d", set.choice(), length)
              .isEqualTo((Double) KernelSets.scalar().updates().dot(x, 1, y, 2, length)); // Or NaN.
        }
      }
    }
  }

  /**
   * Its chains, each in increasing order, are added as neighbours in a tree; then comes the rest.
   */
  @Test
  void dotProductHasItsShape() {
    Random random = new Random(5);
    float[] x = Matrices.normal(4093, random);
    float[] y = Matrices.normal(4093, random);
    double[] chains = new double[8];
    for (int i = 0; i < 4088; i++) {
      chains[i % 8] += (double) x[i] * y[i];
    }
    double expected =
        ((chains[0] + chains[1]) + (chains[2] + chains[3]))
            + ((chains[4] + chains[5]) + (chains[6] + chains[7]));
    for (int i = 4088; i < 4093; i++) {
      expected += (double) x[i] * y[i];
    }
    assertThat(KernelSets.scalar().updates().dot(x, 0, y, 0, 4093)).isEqualTo(expected);
  }

  /** Zeros behind the values, as padding is, change no bit. */
  @Test
  void paddingAddsNothing() {
    float[] x = Arrays.copyOf(Matrices.normal(48, new Random(6)), 64);
    Updates updates = KernelSets.scalar().updates();
    assertThat(updates.dot(x, 0, x, 0, 64)).isEqualTo(updates.dot(x, 0, x, 0, 48)).isPositive();
  }

  private static void compare(Update update, Kernels set, Updates.Range expected) {
    Updates.Range actual = copy(expected);
    boolean finite = update.apply(KernelSets.scalar().updates(), expected);
    String what = "%s, %s, length %d".formatted(update, set.choice(), expected.length);
    assertThat(update.apply(set.updates(), actual)).as(what).isEqualTo(finite);
    assertThat(actual.next).as(what).isEqualTo(expected.next);
    assertThat(actual.state1).as(what).isEqualTo(expected.state1);
    assertThat(actual.state2).as(what).isEqualTo(expected.state2);
    assertThat(actual.theta).as(what).isEqualTo(expected.theta);
    assertThat(actual.gradient).as(what).isEqualTo(expected.gradient);
  }

  /**
   * Positions differ, so that no two arrays are aligned alike; one value in {@code every} is
   * special.
   */
  private static Updates.Range range(int length, Random random, int every) {
    Updates.Range range = new Updates.Range();
    range.length = length;
    range.theta = guarded(1, Matrices.special(length, every, random), false);
    range.thetaAt = 1;
    range.next = Matrices.guarded(2, length);
    range.nextAt = 2;
    range.gradient = guarded(3, Matrices.special(length, every, random), false);
    range.gradientAt = 3;
    range.state1 = guarded(4, Matrices.special(length, every, random), true);
    range.state2 = guarded(4, Matrices.special(length, every, random), true);
    range.stateAt = 4;
    range.scale = 1f / 3;
    range.decay = random.nextBoolean() ? 0.01f : 0f;
    return range;
  }

  private static float[] guarded(int at, float[] values, boolean positive) {
    float[] array = Matrices.guarded(at, values.length);
    for (int i = 0; i < values.length; i++) {
      array[at + i] = positive ? Math.abs(values[i]) : values[i];
    }
    return array;
  }

  private static Updates.Range copy(Updates.Range range) {
    Updates.Range copy = new Updates.Range();
    copy.length = range.length;
    copy.theta = range.theta.clone();
    copy.thetaAt = range.thetaAt;
    copy.next = range.next.clone();
    copy.nextAt = range.nextAt;
    copy.gradient = range.gradient.clone();
    copy.gradientAt = range.gradientAt;
    copy.state1 = range.state1.clone();
    copy.state2 = range.state2.clone();
    copy.stateAt = range.stateAt;
    copy.scale = range.scale;
    copy.decay = range.decay;
    return copy;
  }
}
