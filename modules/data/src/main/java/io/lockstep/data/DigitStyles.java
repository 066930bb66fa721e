package io.lockstep.data;

/**
 * The skeletons of the ten digits, each in several styles of writing, in a box of 1 by 1 with y
 * growing downwards. A stroke is a list of control points, joined by straight lines or by a smooth
 * curve.
 */
final class DigitStyles {

  /**
   * Control points x0, y0, x1, y1, ...
   *
   * @param smooth whether a curve joins them
   * @param points coordinates, not to be changed
   */
  record Stroke(boolean smooth, double[] points) {}

  private static final Stroke[][][] STYLES = {
    zeros(), ones(), twos(), threes(), fours(), fives(), sixes(), sevens(), eights(), nines()
  };

  private DigitStyles() {}

  /** Number of ways in which {@code digit} is written. */
  static int count(int digit) {
    return STYLES[digit].length;
  }

  /** The strokes of a style; not to be changed. */
  static Stroke[] strokes(int digit, int style) {
    return STYLES[digit][style];
  }

  private static Stroke curve(double... points) {
    return new Stroke(true, points);
  }

  private static Stroke lines(double... points) {
    return new Stroke(false, points);
  }

  private static Stroke[] style(Stroke... strokes) {
    return strokes;
  }

  private static Stroke[][] zeros() {
    return new Stroke[][] {
      style(
          curve(
              .54, .04, .24, .15, .12, .50, .24, .86, .50, .96, .78, .84, .88, .48, .76, .14, .50,
              .05)),
      style(
          curve(
              .55, .03, .34, .18, .25, .52, .33, .86, .50, .97, .68, .84, .76, .48, .68, .16, .46,
              .06)),
      style(
          curve(
              .74, .12, .45, .05, .18, .25, .13, .62, .33, .93, .65, .92, .87, .62, .80, .24, .56,
              .08, .38, .16)),
    };
  }

  private static Stroke[][] ones() {
    return new Stroke[][] {
      style(lines(.50, .04, .50, .96)),
      style(lines(.30, .26, .53, .04, .53, .96)),
      style(lines(.28, .24, .52, .04, .52, .95), lines(.26, .95, .78, .95)),
      style(curve(.56, .04, .51, .50, .46, .96)),
    };
  }

  private static Stroke[][] twos() {
    return new Stroke[][] {
      style(
          curve(.14, .27, .28, .08, .55, .04, .80, .20, .74, .45, .45, .72, .13, .95),
          lines(.13, .95, .90, .95)),
      style(
          curve(
              .16, .24, .34, .06, .62, .05, .80, .22, .72, .48, .48, .76, .24, .94, .11, .86, .22,
              .74, .48, .86, .72, .96, .93, .86)),
      style(
          curve(.18, .14, .52, .04, .78, .18, .70, .42, .40, .64, .17, .92),
          curve(.17, .92, .50, .88, .88, .93)),
    };
  }

  private static Stroke[][] threes() {
    return new Stroke[][] {
      style(
          curve(.18, .15, .45, .04, .74, .14, .72, .36, .42, .47),
          curve(.42, .47, .76, .55, .84, .77, .56, .96, .26, .94, .12, .80)),
      style(
          lines(.15, .06, .82, .06, .44, .40),
          curve(.44, .40, .78, .50, .83, .80, .50, .97, .13, .86)),
      style(
          curve(
              .22, .10, .55, .04, .76, .20, .62, .40, .40, .46, .50, .50, .76, .58, .80, .80, .52,
              .96, .14, .90)),
    };
  }

  private static Stroke[][] fours() {
    return new Stroke[][] {
      style(lines(.26, .07, .14, .56, .86, .56), lines(.68, .10, .66, .96)),
      style(lines(.66, .96, .66, .05, .10, .66, .92, .66)),
      style(curve(.20, .07, .15, .40, .34, .55, .76, .47), lines(.80, .05, .70, .96)),
      style(lines(.38, .05, .12, .58, .90, .54), lines(.62, .34, .56, .96)),
    };
  }

  private static Stroke[][] fives() {
    return new Stroke[][] {
      style(
          lines(.82, .06, .28, .06, .22, .46),
          curve(.22, .46, .50, .38, .82, .54, .80, .82, .46, .97, .12, .86)),
      style(
          lines(.30, .10, .24, .46),
          curve(.24, .46, .56, .40, .80, .62, .66, .90, .18, .95),
          lines(.28, .08, .86, .04)),
      style(curve(.82, .07, .46, .08, .26, .24, .36, .43, .66, .54, .78, .74, .56, .94, .14, .92)),
    };
  }

  private static Stroke[][] sixes() {
    return new Stroke[][] {
      style(
          curve(
              .72, .05, .40, .20, .18, .54, .22, .85, .50, .96, .80, .82, .77, .60, .50, .52, .22,
              .68)),
      style(
          curve(
              .50, .04, .28, .38, .20, .74, .38, .95, .66, .92, .78, .72, .60, .57, .36, .62, .22,
              .78)),
      style(
          curve(
              .80, .12, .54, .06, .26, .30, .14, .66, .34, .94, .68, .90, .76, .66, .52, .54, .20,
              .72)),
    };
  }

  private static Stroke[][] sevens() {
    return new Stroke[][] {
      style(lines(.12, .08, .86, .08, .40, .96)),
      style(lines(.12, .08, .86, .08, .42, .96), lines(.30, .50, .82, .46)),
      style(lines(.14, .24, .16, .08, .84, .07), curve(.84, .07, .60, .40, .46, .68, .42, .96)),
      style(curve(.12, .14, .34, .07, .60, .12, .86, .06, .62, .48, .36, .95)),
    };
  }

  private static Stroke[][] eights() {
    return new Stroke[][] {
      style(
          curve(
              .76, .15, .50, .04, .24, .17, .34, .39, .66, .56, .81, .78, .50, .96, .20, .80, .34,
              .56, .66, .39, .77, .17)),
      style(
          curve(.50, .48, .26, .32, .34, .09, .60, .05, .76, .22, .66, .42, .50, .48),
          curve(.50, .48, .20, .64, .24, .90, .52, .97, .80, .86, .76, .62, .50, .48)),
      style(
          curve(
              .70, .08, .36, .07, .26, .26, .46, .44, .72, .66, .66, .92, .36, .95, .25, .74, .46,
              .50, .74, .28, .68, .06)),
    };
  }

  private static Stroke[][] nines() {
    return new Stroke[][] {
      style(
          curve(.78, .26, .56, .05, .24, .18, .24, .44, .50, .52, .78, .28),
          lines(.78, .28, .74, .62, .68, .96)),
      style(
          curve(.76, .20, .48, .05, .20, .24, .30, .49, .58, .48, .78, .24),
          curve(.78, .24, .82, .60, .62, .92, .24, .93)),
      style(curve(.74, .14, .42, .08, .24, .32, .46, .48, .70, .34, .76, .12, .70, .50, .52, .96)),
    };
  }
}
