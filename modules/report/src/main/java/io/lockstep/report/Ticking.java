package io.lockstep.report;

import io.lockstep.report.drawing.Glyphs;
import java.util.ArrayList;
import java.util.List;

/** Where a number line has ticks. */
@FunctionalInterface
interface Ticking {

  /** The ticks of a line, all of them within it. */
  Ticks of(NumberLine line);

  /** At round numbers. */
  static Ticks round(NumberLine line) {
    return Ticks.of(line.range().low(), line.range().high(), most(line));
  }

  /** At whole numbers only. */
  static Ticks whole(NumberLine line) {
    return Ticks.whole(line.range().low(), line.range().high(), most(line));
  }

  private static int most(NumberLine line) {
    return (int) Math.clamp(line.width() / 55, 3, 10);
  }

  /** At 1, 2 and 5 times powers of ten; at the powers alone where there are many. */
  static Ticks powers(NumberLine line) {
    double low = line.range().low();
    double high = line.range().high();
    double[] factors = high - low > 2.5 ? new double[] {1} : new double[] {1, 2, 5};
    List<Double> values = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    for (int power = (int) Math.floor(low); power <= high; power++) {
      for (double factor : factors) {
        double value = factor * Math.pow(10, power);
        if (Math.log10(value) >= low && Math.log10(value) <= high) {
          values.add(value);
          labels.add(Numbers.plain(value));
        }
      }
    }
    return new Ticks(List.copyOf(values), List.copyOf(labels));
  }

  /** At those of some whole numbers whose text does not touch the one before. */
  static Ticking at(List<Integer> ascending) {
    return line -> given(line, ascending);
  }

  private static Ticks given(NumberLine line, List<Integer> ascending) {
    List<Double> values = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    double end = Double.NEGATIVE_INFINITY;
    for (int number : ascending) {
      String label = Numbers.count(number);
      double half = Glyphs.width(label, Ticks.TEXT, false) / 2;
      if (line.at(number) - half >= end + Ticks.GAP) {
        values.add((double) number);
        labels.add(label);
        end = line.at(number) + half;
      }
    }
    return new Ticks(List.copyOf(values), List.copyOf(labels));
  }
}
