package io.lockstep.training;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How many whole units each of some nodes may get so that the slowest is done as early as can be:
 * with k units for each of its workers a node takes k / speed.
 */
final class EarliestEnd {

  private EarliestEnd() {}

  /**
   * The most units of each node, at least one: together {@code units} or more.
   *
   * @param units at least the number of nodes
   */
  static int[] mostUnits(int units, int[] slots, int[] speeds) {
    int[] best = {};
    double earliest = Double.POSITIVE_INFINITY;
    for (int speed : IntStream.of(speeds).distinct().toArray()) { // One of them is the slowest.
      int each = fewest(units, slots, speeds, speed);
      if ((double) each / speed < earliest) {
        earliest = (double) each / speed;
        best = until(each, speed, units, slots, speeds);
      }
    }
    return best;
  }

  /** How many units a worker of {@code speed} needs at least, for all to be done when it is. */
  private static int fewest(int units, int[] slots, int[] speeds, int speed) {
    int tooFew = 0;
    int enough = units;
    while (enough - tooFew > 1) {
      int each = (tooFew + enough) >>> 1;
      if (Arrays.stream(until(each, speed, units, slots, speeds)).asLongStream().sum() >= units) {
        enough = each;
      } else {
        tooFew = each;
      }
    }
    return enough;
  }

  /** What each node can do while a worker of {@code speed} does {@code each}, but at least one. */
  private static int[] until(int each, int speed, int units, int[] slots, int[] speeds) {
    int[] most = new int[slots.length];
    Arrays.setAll(most, i -> Math.clamp((long) each * speeds[i] / speed * slots[i], 1, units));
    return most;
  }
}
