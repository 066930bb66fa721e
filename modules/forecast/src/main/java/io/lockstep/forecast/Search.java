package io.lockstep.forecast;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Looks for the least whole number that is enough. Stateless. */
final class Search {

  /** None of those tried is enough. */
  static final int NONE = -1;

  private Search() {}

  /**
   * The least number in [from, to] that is enough, where all above one that is enough are, too, at
   * least up to the next of {@link #tried}.
   */
  static int leastOf(int from, int to, IntPredicate enough) {
    int below = from - 1;
    for (int number : tried(from, to)) {
      if (enough.test(number)) {
        return bisect(below, number, enough);
      }
      below = number;
    }
    return NONE;
  }

  /** {@code from} doubled again and again, and {@code to}. */
  static List<Integer> tried(int from, int to) {
    IntStream doubled = IntStream.iterate(from, n -> n < to, n -> (int) Math.min(to, 2L * n));
    return IntStream.concat(doubled, IntStream.of(to)).boxed().toList();
  }

  private static int bisect(int tooFew, int enoughNumber, IntPredicate enough) {
    int low = tooFew;
    int high = enoughNumber;
    while (high - low > 1) {
      int middle = low + (high - low) / 2;
      if (enough.test(middle)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return high;
  }
}
