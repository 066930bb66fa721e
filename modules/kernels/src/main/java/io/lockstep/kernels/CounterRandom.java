package io.lockstep.kernels;

/**
 * Counter-based random numbers: every number is a function of (seed, purpose, step, index), so
 * there is no generator state to carry from one machine or step to the next.
 *
 * <p>64-bit numbers chain the finalizer of SplitMix64 (Steele, Lea, Flood 2014); the dropout mask
 * uses 32-bit multiplications so that SIMD lanes compute it too.
 */
public final class CounterRandom {

  /** What a random number is for; numbers of different purposes are unrelated. */
  public enum Purpose {
    INITIAL_WEIGHTS,
    SHUFFLE,
    SPLIT,
    DROPOUT,
    DIGITS,
    CUSTOM_LAYER,
    STRAGGLERS,
    FAILURES
  }

  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  static final int COLUMN_FACTOR = 0x85EBCA6B;
  static final int MIX_1 = 0x7feb352d;
  static final int MIX_2 = 0x846ca68b;

  private CounterRandom() {}

  /** 64 random bits for (seed, purpose, a, b), for instance a = step and b = index. */
  public static long bits(long seed, Purpose purpose, long a, long b) {
    long h = mix(seed + GOLDEN_GAMMA * (purpose.ordinal() + 1));
    h = mix(h ^ (a + GOLDEN_GAMMA));
    return mix(h ^ (b + (GOLDEN_GAMMA << 1)));
  }

  /** A double uniform in [0, 1) from 64 random bits. */
  public static double uniform(long bits) {
    return (bits >>> 11) * 0x1.0p-53;
  }

  /** Whether dropout keeps element ({@code row}, {@code column}) under {@code key}. */
  public static boolean keeps(long key, int row, int column, float rate) {
    return (maskBits(rowKey(key, row), columnKey(key), column) >>> 8) >= dropThreshold(rate);
  }

  /** The least 24-bit number that is kept. */
  static int dropThreshold(float rate) {
    return (int) (rate * (1 << 24));
  }

  static int columnKey(long key) {
    return (int) (key >>> 32);
  }

  static int rowKey(long key, int row) {
    return mix32((int) key + row * 0x9E3779B9);
  }

  static int maskBits(int rowKey, int columnKey, int column) {
    return mix32(mix32(column * COLUMN_FACTOR + columnKey) ^ rowKey);
  }

  /** A 32-bit mixing function of two multiplications with low bias (Wellons 2018, "lowbias32"). */
  static int mix32(int x) {
    x ^= x >>> 16;
    x *= MIX_1;
    x ^= x >>> 15;
    x *= MIX_2;
    x ^= x >>> 16;
    return x;
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
