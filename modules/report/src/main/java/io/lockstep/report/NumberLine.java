package io.lockstep.report;

import io.lockstep.report.Axes.Range;
import java.util.List;

/**
 * Numbers from left to right, at equal distances or at equal ratios.
 *
 * @param scale how numbers are placed
 * @param range from the left to the right end; of the logarithms to base 10 for equal ratios
 * @param x left end in the drawing
 * @param width in the drawing
 * @param ticking where ticks are
 */
record NumberLine(Scale scale, Range range, double x, double width, Ticking ticking) {

  private static final double ROOM = 0.06;

  /** How numbers are placed. */
  enum Scale {
    /** At equal distances. */
    LINEAR,
    /** Equal ratios at equal distances. */
    LOGARITHMIC;

    private double place(double number) {
      return this == LOGARITHMIC ? Math.log10(number) : number;
    }

    /** With a share of the range as room beside the outermost numbers. */
    private Range around(List<Double> numbers, double room) {
      return Range.around(numbers.stream().map(this::place).toList(), room);
    }
  }

  /** At equal distances. */
  static NumberLine linear(Range range, double x, double width) {
    return new NumberLine(Scale.LINEAR, range, x, width, Ticking::round);
  }

  /** With some room beside the outermost ones; logarithmic needs numbers above 0. */
  static NumberLine around(List<Double> numbers, boolean logarithmic, double x, double width) {
    Scale scale = logarithmic ? Scale.LOGARITHMIC : Scale.LINEAR;
    return around(scale, numbers, ROOM, x, width);
  }

  /** With a share of the range as room beside the outermost numbers. */
  static NumberLine around(Scale scale, List<Double> numbers, double room, double x, double width) {
    Ticking usual = scale == Scale.LOGARITHMIC ? Ticking::powers : Ticking::round;
    return new NumberLine(scale, scale.around(numbers, room), x, width, usual);
  }

  /** Equal ratios at equal distances, with ticks at the numbers, which are above 0. */
  static NumberLine ticking(List<Integer> numbers, double x, double width) {
    List<Integer> ascending = numbers.stream().distinct().sorted().toList();
    List<Double> all = ascending.stream().map(Integer::doubleValue).toList();
    return around(Scale.LOGARITHMIC, all, ROOM, x, width).with(Ticking.at(ascending));
  }

  /** The same with ticks elsewhere. */
  NumberLine with(Ticking other) {
    return new NumberLine(scale, range, x, width, other);
  }

  double at(double number) {
    return x + width * (scale.place(number) - range.low()) / (range.high() - range.low());
  }

  Ticks ticks() {
    return ticking.of(this);
  }
}
