package io.lockstep.data;

import io.lockstep.kernels.CounterRandom;
import io.lockstep.kernels.CounterRandom.Purpose;

/**
 * Keyed permutations of [0, size) that can be evaluated at any index without having been built.
 *
 * <p>A balanced Feistel network (Luby, Rackoff 1988) of six rounds permutes [0, 2^k), k the least
 * even number of bits that hold {@code size} indices, and a result outside [0, size) is permuted
 * again until it is inside: cycle walking (Black, Rogaway 2002, "Ciphers with Arbitrary Finite
 * Domains"). The domain is less than four times {@code size} (from 2 on), so there are less than
 * four walks on average. An array shuffled once an epoch was rejected: each worker would have to
 * hold and shuffle all rows, to use a few.
 *
 * @param seed of all permutations
 * @param purpose what they are for
 * @param size how many indices are permuted, at least 1
 */
record Permutation(long seed, Purpose purpose, int size) {

  private static final int ROUNDS = 6;

  Permutation {
    if (size < 1) {
      throw new IllegalArgumentException("size: expected at least 1, but found " + size);
    }
  }

  /** The image of {@code index} under permutation number {@code number}. */
  int at(long number, int index) {
    int halfBits = halfBits();
    long x = index;
    do {
      x = feistel(number, x, halfBits);
    } while (x >= size);
    return (int) x;
  }

  private int halfBits() {
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(size - 1);
    return Math.max(1, (bits + 1) / 2);
  }

  private long feistel(long number, long x, int halfBits) {
    long mask = (1L << halfBits) - 1;
    long left = x >>> halfBits;
    long right = x & mask;
    for (int round = 0; round < ROUNDS; round++) {
      long next =
          left ^ (CounterRandom.bits(seed, purpose, number, (long) round << 32 | right) & mask);
      left = right;
      right = next;
    }
    return left << halfBits | right;
  }
}
