package io.lockstep.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.report.RepeatedRuns.Result;
import io.lockstep.report.drawing.Drawing;
import io.lockstep.report.drawing.Mark;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

final class RepeatedRunsPictureTest {

  private static RepeatedRuns runs(String name, double... losses) {
    List<Result> results =
        DoubleStream.of(losses)
            .mapToObj(loss -> new Result(1, loss, Double.isNaN(loss) ? null : loss + 1, null))
            .toList();
    return new RepeatedRuns(name, results);
  }

  /** R: x <- c(4, 1, 9, 2); mean(x); sd(x); quantile(x). */
  @Test
  void quartilesAreThoseOfR() {
    Distribution four = Distribution.of(List.of(4.0, 1.0, Double.NaN, 9.0, 2.0));

    assertThat(four.count()).isEqualTo(4);
    assertThat(four.mean()).isEqualTo(4);
    assertThat(four.deviation()).isCloseTo(3.559026, within(1e-6));
    assertThat(four.least()).isEqualTo(1);
    assertThat(four.lower()).isEqualTo(1.75);
    assertThat(four.median()).isEqualTo(3);
    assertThat(four.upper()).isEqualTo(5.25);
    assertThat(four.most()).isEqualTo(9);
    assertThat(Distribution.of(List.of(3.0)).deviation()).isNaN();
    assertThat(Distribution.of(List.of()).median()).isNaN();
  }

  @Test
  void putsADotAtEachRunAndALineAtTheMedian() {
    Drawing drawing =
        new RepeatedRunsPicture("net", List.of(runs("small", 1.1, 2.1, 4.1), runs("large", 3)))
            .draw();

    List<Mark.Disc> dots = drawing.all(Mark.Disc.class).toList();
    assertThat(dots).hasSize(8); // in a chart of the training rows and one of the test rows
    assertThat(dots.get(1).x() - dots.get(0).x())
        .isCloseTo((dots.get(2).x() - dots.get(1).x()) / 2, within(1e-9));
    assertThat(
            drawing
                .all(Mark.Path.class)
                .filter(path -> path.points().getFirst().x() == dots.get(1).x()))
        .hasSize(1);
    assertThat(drawing.texts())
        .contains("small", "3 runs", "large", "1 run", "loss of the test rows")
        .noneMatch(text -> text.contains("accuracy") || text.contains("logarithmic"));
  }

  @Test
  void anAxisOfVeryDifferentNumbersIsLogarithmic() {
    Drawing drawing = new RepeatedRunsPicture("net", List.of(runs("all", 0.01, 0.1, 1))).draw();

    List<Mark.Disc> dots = drawing.all(Mark.Disc.class).toList();
    assertThat(dots.get(2).x() - dots.get(1).x())
        .isCloseTo(dots.get(1).x() - dots.get(0).x(), within(1e-9));
    assertThat(drawing.texts())
        .contains("loss of the training rows, logarithmic", "0.01", "0.05", "0.1", "1");
  }

  @Test
  void countsRunsThatDiverged() {
    Drawing drawing =
        new RepeatedRunsPicture(
                "net", List.of(runs("some", 1, Double.NaN), runs("none", Double.NaN)))
            .draw();

    assertThat(drawing.all(Mark.Disc.class)).hasSize(2);
    assertThat(drawing.texts()).contains("2 runs, 1 diverged", "1 run, 1 diverged");
  }
}
