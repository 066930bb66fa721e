package io.lockstep.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.report.Axes.Range;
import io.lockstep.report.drawing.Canvas;
import io.lockstep.report.drawing.Color;
import io.lockstep.report.drawing.Drawing;
import io.lockstep.report.drawing.Mark;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ScalesTest {

  @Test
  void ticksAreRoundNumbersWithinTheAxis() {
    assertThat(Ticks.of(0, 1, 5).labels()).containsExactly("0", "0.2", "0.4", "0.6", "0.8", "1.0");
    assertThat(Ticks.of(0, 30, 10).labels())
        .containsExactly("0", "5", "10", "15", "20", "25", "30");
    assertThat(Ticks.of(-0.031, 0.031, 6).labels()).containsExactly("−0.02", "0", "0.02");
    assertThat(Ticks.of(96.3, 100, 5).labels()).containsExactly("97", "98", "99", "100");
    assertThat(Ticks.of(1000, 21000, 4).labels())
        .containsExactly("5,000", "10,000", "15,000", "20,000");
    assertThat(Ticks.of(0, 1.5e6, 4).labels())
        .containsExactly("0", "500,000", "1,000,000", "1,500,000");
    assertThat(Ticks.of(0, 1e8, 2).labels()).contains("1.00e+08");
    assertThat(Ticks.of(0, 2.5e-9, 5).labels()).contains("5.00e−10");
  }

  @Test
  void neverMoreTicksThanFit() {
    for (double high = 0.013; high < 1e5; high *= 1.37) {
      for (int most = 2; most < 11; most++) {
        assertThat(Ticks.of(0, high, most).values()).hasSizeBetween(1, most + 1);
      }
    }
  }

  @Test
  void zeroIsNeutralAndSignsHaveColoursOfTheirOwn() {
    ColorScale scale = ColorScale.diverging(0.3);
    assertThat(scale.of(0)).isEqualTo(Color.WHITE);
    assertThat(scale.of(0.2).red()).isGreaterThan(scale.of(0.2).blue());
    assertThat(scale.of(-0.2).blue()).isGreaterThan(scale.of(-0.2).red());
    assertThat(scale.of(0.3)).isEqualTo(scale.of(7));
    assertThat(scale.of(-0.3)).isEqualTo(scale.of(-7));
    double before = 256 * 3;
    for (double value = 0; value <= 0.3; value += 0.05) {
      Color color = scale.of(value);
      double light = color.red() + color.green() + color.blue();
      assertThat(light).isLessThanOrEqualTo(before);
      before = light;
    }
  }

  @Test
  void barSaysTheNumberOfEachColour() {
    Canvas canvas = new Canvas();
    ColorScale.diverging(2).bar(canvas, 10, 20, 8, 100, true);
    Drawing drawing = canvas.toDrawing(100, 150);
    Mark.Pixels shades = drawing.all(Mark.Pixels.class).findFirst().orElseThrow();
    assertThat(shades.at(0, 0)).isEqualTo(ColorScale.diverging(2).of(2));
    assertThat(shades.at(0, shades.rows() - 1)).isEqualTo(ColorScale.diverging(2).of(-2));
    Mark.Text zero =
        drawing.all(Mark.Text.class).filter(t -> t.text().equals("0")).findFirst().orElseThrow();
    assertThat(zero.y() - 4).isEqualTo(70);
    assertThat(drawing.texts()).contains("≥ 2.00", "≤ −2.00", "1", "−1");
  }

  @Test
  void axesPutNumbersWhereTheirTicksAre() {
    Axes axes = new Axes(NumberLine.linear(new Range(0, 10), 50, 200), 10, 100, new Range(0, 1));
    assertThat(axes.atX(5)).isEqualTo(150);
    assertThat(axes.atY(0.25)).isEqualTo(85);
    Canvas canvas = new Canvas();
    axes.draw(canvas, "epochs", "loss", true);
    Drawing drawing = canvas.toDrawing(300, 150);
    Mark.Text five =
        drawing.all(Mark.Text.class).filter(t -> t.text().equals("5")).findFirst().orElseThrow();
    assertThat(five.x()).isEqualTo(axes.atX(5));
    assertThat(drawing.texts()).contains("epochs", "loss", "0.5");
  }

  @Test
  void rangeAroundOneNumberIsNotEmpty() {
    Range range = Range.around(List.of(3.0, 3.0), 0.1);
    assertThat(range.low()).isLessThan(3);
    assertThat(range.high()).isGreaterThan(3);
  }

  @Test
  void numbersAreShort() {
    assertThat(Numbers.digits(0.012345)).isEqualTo("0.0123");
    assertThat(Numbers.digits(0.09999)).isEqualTo("0.100");
    assertThat(Numbers.digits(Double.NaN)).isEqualTo("NaN");
    assertThat(Numbers.orAlmostZero(-6e-22, 2)).isEqualTo("≈ 0");
    assertThat(Numbers.orAlmostZero(0, 2)).isEqualTo("0");
    assertThat(Numbers.orAlmostZero(0.01, 2)).isEqualTo("0.0100");
    assertThat(Numbers.plain(0.05)).isEqualTo("0.05");
    assertThat(Numbers.plain(20)).isEqualTo("20");
    assertThat(Numbers.plain(1e-6)).isEqualTo("1e−06");
    assertThat(Numbers.digits(-1.25)).isEqualTo("−1.25");
    assertThat(Numbers.digits(12345)).isEqualTo("12,345");
    assertThat(Numbers.percent(0.97123)).isEqualTo("97.1 %");
    assertThat(Numbers.percent(1)).isEqualTo("100 %");
    assertThat(Numbers.percent(0.99999)).isEqualTo("> 99.9 %");
    assertThat(Numbers.percent(1e-9)).isEqualTo("< 0.1 %");
    assertThat(Numbers.percent(0)).isEqualTo("0.0 %");
  }
}
