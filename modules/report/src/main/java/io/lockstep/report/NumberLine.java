package io.lockstep.report;

import io.lockstep.report.Axes.Range;
import io.lockstep.report.drawing.Glyphs;
import java.util.ArrayList;
import java.util.List;

/**
 * Numbers from left to right, at equal distances or at equal ratios.
 *
 * @param scale how numbers are placed
 * @param range from the left to the right end; of the logarithms to base 10 for equal ratios
 * @param x left end in the drawing
 * @param width in the drawing
 * @param given where ticks are, ascending, if they are given; else empty
 */
record NumberLine(Scale scale, Range range, double x, double width, List<Integer> given) {

  private static final double ROOM = 0.06;
  private static final double TICK_TEXT = 11;
  private static final double TICK_GAP = 6;

  /** How numbers are placed. */
  enum Scale {
    /** At equal distances. */
    LINEAR,
    /** At equal distances, with ticks at whole numbers only. */
    WHOLE,
    /** Equal ratios at equal distances. */
    LOGARITHMIC,
    /** Equal ratios at equal distances, with ticks at some whole numbers. */
    GIVEN;

    private double place(double number) {
      return this == LOGARITHMIC || this == GIVEN ? Math.log10(number) : number;
    }
  }

  /** At equal distances. */
  static NumberLine linear(Range range, double x, double width) {
    return new NumberLine(Scale.LINEAR, range, x, width, List.of());
  }

  /** With some room beside the outermost ones; logarithmic needs numbers above 0. */
  static NumberLine around(List<Double> numbers, boolean logarithmic, double x, double width) {
    return logarithmic
        ? around(Scale.LOGARITHMIC, numbers, ROOM, x, width)
        : around(Scale.LINEAR, numbers, ROOM, x, width);
  }

  /** With a share of the range as room beside the outermost numbers. */
  static NumberLine around(Scale scale, List<Double> numbers, double room, double x, double width) {
    return new NumberLine(scale, around(scale, numbers, room), x, width, List.of());
  }

  /** Equal ratios at equal distances, with ticks at the numbers, which are above 0. */
  static NumberLine ticking(List<Integer> numbers, double x, double width) {
    List<Integer> given = numbers.stream().distinct().sorted().toList();
    Range range = around(Scale.GIVEN, given.stream().map(Integer::doubleValue).toList(), ROOM);
    return new NumberLine(Scale.GIVEN, range, x, width, given);
  }

  private static Range around(Scale scale, List<Double> numbers, double room) {
    return Range.around(numbers.stream().map(scale::place).toList(), room);
  }

  double at(double number) {
    return x + width * (scale.place(number) - range.low()) / (range.high() - range.low());
  }

  Ticks ticks() {
    int most = (int) Math.clamp(width / 55, 3, 10);
    return switch (scale) {
      case LINEAR -> Ticks.of(range.low(), range.high(), most);
      case WHOLE -> Ticks.whole(range.low(), range.high(), most);
      case LOGARITHMIC -> powers();
      case GIVEN -> ofGiven();
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

  /** Those whose text does not touch the one before. */
  private Ticks ofGiven() {
    List<Double> values = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    double end = Double.NEGATIVE_INFINITY;
    for (int number : given) {
      String label = Numbers.count(number);
      double half = Glyphs.width(label, TICK_TEXT, false) / 2;
      if (at(number) - half >= end + TICK_GAP) {
        values.add((double) number);
        labels.add(label);
        end = at(number) + half;
      }
    }
    return new Ticks(List.copyOf(values), List.copyOf(labels));
  }
}
