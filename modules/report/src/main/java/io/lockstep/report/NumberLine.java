package io.lockstep.report;

import io.lockstep.report.Axes.Range;
import java.util.ArrayList;
import java.util.List;

/**
 * Numbers from left to right, at equal distances or at equal ratios.
 *
 * @param scale how numbers are placed
 * @param range from the left to the right end; of the logarithms to base 10 if logarithmic
 * @param x left end in the drawing
 * @param width in the drawing
 */
record NumberLine(Scale scale, Range range, double x, double width) {

  private static final double ROOM = 0.06;

  /** How numbers are placed. */
  enum Scale {
    /** At equal distances. */
    LINEAR,
    /** At equal distances, with ticks at whole numbers only. */
    WHOLE,
    /** Equal ratios at equal distances. */
    LOGARITHMIC
  }

  /** At equal distances. */
  static NumberLine linear(Range range, double x, double width) {
    return new NumberLine(Scale.LINEAR, range, x, width);
  }

  /** With some room beside the outermost ones; logarithmic needs numbers above 0. */
  static NumberLine around(List<Double> numbers, boolean logarithmic, double x, double width) {
    return logarithmic
        ? around(Scale.LOGARITHMIC, numbers, ROOM, x, width)
        : around(Scale.LINEAR, numbers, ROOM, x, width);
  }

  /** With a share of the range as room beside the outermost numbers. */
  static NumberLine around(Scale scale, List<Double> numbers, double room, double x, double width) {
    List<Double> placed =
        scale == Scale.LOGARITHMIC ? numbers.stream().map(Math::log10).toList() : numbers;
    return new NumberLine(scale, Range.around(placed, room), x, width);
  }

  double at(double number) {
    double place = scale == Scale.LOGARITHMIC ? Math.log10(number) : number;
    return x + width * (place - range.low()) / (range.high() - range.low());
  }

  Ticks ticks() {
    int most = (int) Math.clamp(width / 55, 3, 10);
    return switch (scale) {
      case LINEAR -> Ticks.of(range.low(), range.high(), most);
      case WHOLE -> Ticks.whole(range.low(), range.high(), most);
      case LOGARITHMIC -> powers();
    };
  }

  /** 1, 2 and 5 times powers of ten; the powers alone where there are many. */
  private Ticks powers() {
    double[] factors = range.high() - range.low() > 2.5 ? new double[] {1} : new double[] {1, 2, 5};
    List<Double> values = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    for (int power = (int) Math.floor(range.low()); power <= range.high(); power++) {
      for (double factor : factors) {
        double value = factor * Math.pow(10, power);
        if (Math.log10(value) >= range.low() && Math.log10(value) <= range.high()) {
          values.add(value);
          labels.add(Numbers.plain(value));
        }
      }
    }
    return new Ticks(List.copyOf(values), List.copyOf(labels));
  }
}
