package io.lockstep.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.report.BarsPanel.Bar;
import io.lockstep.report.BarsPanel.Part;
import io.lockstep.report.LinesPanel.Guide;
import io.lockstep.report.LinesPanel.Line;
import io.lockstep.report.LinesPanel.Names;
import io.lockstep.report.LinesPanel.Spot;
import io.lockstep.report.drawing.Color;
import io.lockstep.report.drawing.Drawing;
import io.lockstep.report.drawing.Glyphs;
import io.lockstep.report.drawing.Mark;
import io.lockstep.report.drawing.Palette;
import io.lockstep.report.drawing.Point;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

final class PanelsTest {

  private static final Names NAMES = new Names("Speed", "workers", "rows a second");

  private static Drawing lines(List<Spot> spots, List<Guide> guides) {
    List<Integer> ticks = spots.stream().map(spot -> (int) spot.x()).toList();
    return PanelsPicture.of(new LinesPanel(NAMES, ticks, List.of(new Line("", spots)), guides))
        .draw();
  }

  private static Spot spot(double x, double... measured) {
    List<Double> all = DoubleStream.of(measured).boxed().toList();
    return Spot.of(x, Distribution.of(all), "");
  }

  @Test
  void equalRatiosOfWorkersAreEquallyFarApart() {
    Drawing drawing = lines(List.of(spot(1, 10), spot(2, 20), spot(4, 30), spot(8, 30)), List.of());

    List<Mark.Disc> dots = drawing.all(Mark.Disc.class).toList();
    double first = dots.get(1).x() - dots.get(0).x();
    assertThat(dots.get(2).x() - dots.get(1).x()).isCloseTo(first, within(1e-9));
    assertThat(dots.get(3).x() - dots.get(2).x()).isCloseTo(first, within(1e-9));
    assertThat(drawing.texts()).contains("1", "2", "4", "8", "Speed", "workers", "rows a second");
    assertThat(dots.get(0).y() - dots.get(1).y())
        .isCloseTo(dots.get(1).y() - dots.get(2).y(), within(1e-9));
  }

  @Test
  void ticksThatWouldTouchAreLeftOut() {
    NumberLine line = NumberLine.ticking(List.of(1, 1022, 1023, 1024), 0, 300);

    assertThat(line.ticks().labels()).containsExactly("1", "1,022");
    assertThat(line.at(1024)).isLessThan(300);
  }

  @Test
  void aStrokeGoesFromTheLeastToTheMost() {
    Drawing drawing = lines(List.of(spot(1, 10, 12, 17), spot(2, 20)), List.of());

    List<Mark.Disc> dots = drawing.all(Mark.Disc.class).toList();
    double unit = (dots.get(0).y() - dots.get(1).y()) / 8;
    Mark.Path stroke =
        drawing
            .all(Mark.Path.class)
            .filter(p -> p.points().stream().allMatch(q -> q.x() == dots.get(0).x()))
            .filter(p -> p.color().equals(Palette.of(0)))
            .findFirst()
            .orElseThrow();
    assertThat(stroke.points().getFirst().y() - dots.get(0).y()).isCloseTo(2 * unit, within(1e-6));
    assertThat(dots.get(0).y() - stroke.points().getLast().y()).isCloseTo(5 * unit, within(1e-6));
  }

  @Test
  void aGuideEndsWhereItLeavesTheChart() {
    Guide ideal = new Guide("ideal", List.of(new Point(1, 10), new Point(8, 80)));
    Drawing drawing = lines(List.of(spot(1, 10), spot(8, 20)), List.of(ideal));

    Mark.Path guide =
        drawing
            .all(Mark.Path.class)
            .filter(p -> p.dashed() && p.points().size() == 2)
            .findFirst()
            .orElseThrow();
    List<Mark.Disc> dots = drawing.all(Mark.Disc.class).toList();
    Mark.Box frame =
        drawing.all(Mark.Box.class).filter(b -> b.height() == 280).findFirst().orElseThrow();
    assertThat(guide.points().getFirst()).isEqualTo(new Point(dots.get(0).x(), dots.get(0).y()));
    assertThat(guide.points().getLast().y()).isCloseTo(frame.y(), within(1e-6));
    assertThat(guide.points().getLast().x()).isLessThan(dots.get(1).x());
    assertThat(drawing.texts()).contains("ideal, up to 80.0");
  }

  @Test
  void whatIsWrittenAboveASpotStaysInsideAndIsNotStruckOut() {
    Spot last = Spot.of(8, Distribution.of(List.of(20.0)), "× 12,345.67");
    Drawing drawing = lines(List.of(spot(1, 10), last), List.of());

    Mark.Box frame =
        drawing.all(Mark.Box.class).filter(b -> b.height() == 280).findFirst().orElseThrow();
    Mark.Text label =
        drawing
            .all(Mark.Text.class)
            .filter(t -> t.text().startsWith("×"))
            .findFirst()
            .orElseThrow();
    double half = Glyphs.width(label.text(), label.size(), false) / 2;
    assertThat(label.x() + half).isLessThan(frame.x() + frame.width());
    assertThat(drawing.all(Mark.Box.class))
        .anyMatch(
            paper ->
                paper.x() < label.x() - half
                    && paper.x() + paper.width() > label.x() + half
                    && paper.y() < label.y()
                    && paper.y() + paper.height() > label.y());
  }

  @Test
  void piecesOfABarFollowEachOtherInProportion() {
    List<Part> parts =
        List.of(new Part("computing", Palette.of(0)), new Part("waiting", Palette.of(1)));
    BarsPanel panel =
        new BarsPanel(
            "Where a step goes",
            "milliseconds",
            parts,
            List.of(
                new Bar("1 worker", List.of(8.0, 0.0)), new Bar("2 workers", List.of(4.0, 1.0))));
    Drawing drawing = PanelsPicture.of(panel).draw();

    List<Mark.Box> computing = boxes(drawing, Palette.of(0));
    List<Mark.Box> waiting = boxes(drawing, Palette.of(1));
    assertThat(computing).hasSize(2);
    assertThat(waiting).hasSize(1); // a part of nothing is not drawn
    assertThat(computing.get(0).width()).isCloseTo(2 * computing.get(1).width(), within(1e-9));
    assertThat(waiting.get(0).width()).isCloseTo(computing.get(1).width() / 4, within(1e-9));
    assertThat(waiting.get(0).x())
        .isCloseTo(computing.get(1).x() + computing.get(1).width(), within(1e-9));
    assertThat(drawing.texts()).contains("1 worker", "8.00", "4.00", "1.00", "5.00", "waiting");
  }

  private static List<Mark.Box> boxes(Drawing drawing, Color color) {
    return drawing
        .all(Mark.Box.class)
        .filter(box -> box.fill().equals(color) && box.height() == 22)
        .toList();
  }

  @Test
  void nothingLiesBesideThePictureAndNoChartOnAnother() {
    LinesPanel one =
        new LinesPanel(
            NAMES,
            List.of(1, 2),
            List.of(new Line("batch 128", List.of(spot(1, 1_000_000), spot(2, 2_000_000)))),
            List.of());
    Drawing drawing = new PanelsPicture("two charts", "how to read", List.of(one, one)).draw();

    for (Mark.Text text : drawing.all(Mark.Text.class).filter(t -> !t.upwards()).toList()) {
      double left =
          switch (text.anchor()) {
            case START -> text.x();
            case MIDDLE -> text.x() - text.width() / 2;
            case END -> text.x() - text.width();
          };
      assertThat(left).as(text.text()).isNotNegative();
      assertThat(left + text.width()).as(text.text()).isLessThan(drawing.width());
      assertThat(text.y()).as(text.text()).isLessThan(drawing.height());
    }
    List<Mark.Box> frames = drawing.all(Mark.Box.class).filter(b -> b.height() == 280).toList();
    double end = frames.getFirst().x() + frames.getFirst().width();
    Mark.Text secondName =
        drawing.all(Mark.Text.class).filter(Mark.Text::upwards).skip(1).findFirst().orElseThrow();
    assertThat(secondName.x() - 12).isGreaterThan(end);
  }
}
