package io.lockstep.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.ImageShape;
import io.lockstep.model.Calibration;
import io.lockstep.model.Metrics;
import io.lockstep.model.StepParts;
import io.lockstep.report.Signals.Connection;
import io.lockstep.report.Signals.LayerSignal;
import io.lockstep.report.WeightsPicture.Unit;
import io.lockstep.report.drawing.Color;
import io.lockstep.report.drawing.Drawing;
import io.lockstep.report.drawing.Glyphs;
import io.lockstep.report.drawing.Mark;
import io.lockstep.report.drawing.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PicturesTest {

  private static final ImageShape SHAPE = new ImageShape(2, 2);

  @Test
  void showsTheMostActiveUnitsFirstInTheirColours() {
    List<Unit> units =
        WeightsPicture.mostActiveFirst(
            List.of(
                new Unit("#0", 0.5, new float[] {0, 1, -1, 5}),
                new Unit("#1", 2.5, new float[] {1, 0, 0, 5}),
                new Unit("#2", 0.5, new float[] {-1, 0, 0, 5})));
    assertThat(units).extracting(Unit::name).containsExactly("#1", "#0", "#2");
    boolean[] live = {true, true, true, false};
    Drawing drawing = new WeightsPicture("net", units, 3, SHAPE, live, "its mean").draw();
    List<Mark.Pixels> images =
        drawing.all(Mark.Pixels.class).filter(p -> p.columns() == 2).toList();
    assertThat(images).hasSize(3);
    assertThat(images.get(0).x()).isLessThan(images.get(1).x());
    Color strong = images.get(0).at(0, 0);
    assertThat(strong.red()).isGreaterThan(strong.blue());
    assertThat(images.get(0).at(1, 0)).isEqualTo(Color.WHITE);
    Color negative = images.get(1).at(0, 1);
    assertThat(negative.blue()).isGreaterThan(negative.red());
    Color blank = images.get(0).at(1, 1);
    assertThat(blank).isEqualTo(images.get(2).at(1, 1));
    assertThat(blank.red()).isEqualTo(blank.blue()); // grey, and no part of the scale
    assertThat(drawing.texts()).contains("≥ 1.00", "≤ −1.00", "#1", "2.50");
  }

  @Test
  void showsAHundredUnitsAtMost() {
    List<Unit> many =
        IntStream.range(0, 150).mapToObj(i -> new Unit("#" + i, i, new float[4])).toList();
    List<Unit> shown = WeightsPicture.mostActiveFirst(many);
    assertThat(shown).hasSize(100);
    assertThat(shown.getFirst().name()).isEqualTo("#149");
    boolean[] live = {true, true, true, true};
    Drawing drawing = new WeightsPicture("net", shown, 150, SHAPE, live, "x").draw();
    assertThat(String.join(" ", drawing.texts())).contains("the 100 most active of 150 units");
    assertThat(drawing.width()).isLessThan(1700);
  }

  @Test
  void leavesFewPlacesOfTheLastLineEmpty() {
    assertThat(columnsOf(100)).isEqualTo(10);
    assertThat(columnsOf(16)).isEqualTo(8);
    assertThat(columnsOf(10)).isEqualTo(5);
  }

  private static long columnsOf(int count) {
    List<Unit> units =
        IntStream.range(0, count).mapToObj(i -> new Unit("#" + i, 1, new float[784])).toList();
    ImageShape shape = new ImageShape(28, 28);
    return new WeightsPicture("net", units, count, shape, new boolean[784], "x")
        .draw()
        .all(Mark.Pixels.class)
        .filter(p -> p.columns() == 28)
        .map(Mark.Pixels::x)
        .distinct()
        .count();
  }

  @Test
  void findsTheStrongestUnitsAndConnections() {
    float[] outputs = {0, -3, 1, 2, 0, 0.5f};
    assertThat(Signals.strongest(outputs, 3)).containsExactly(1, 2, 3);
    assertThat(Signals.strongest(outputs, 6)).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(Signals.strongest(new float[20], 3)).isEmpty();
    List<Connection> connections =
        Signals.strongestConnections(
            new float[] {1, 0, 2},
            new float[] {1, -4, 9, 9, 1, 0.5f},
            2,
            new int[] {0, 1, 2},
            new int[] {0, 1},
            3);
    assertThat(connections)
        .containsExactly(
            new Connection(0, 1, -4), new Connection(2, 0, 2), new Connection(0, 0, 1));
  }

  @Test
  void drawsAWayThroughTheNetworkToTheClass() {
    LayerSignal hidden =
        new LayerSignal(
            "hidden layer 1",
            "2 units, relu",
            new float[] {3, 0},
            new float[] {1, 0, -2, 0, 3, 0, 4, 0});
    LayerSignal output =
        new LayerSignal("output", "", new float[] {0.1f, 0.9f}, new float[] {-1, 2, 5, 5});
    Drawing drawing =
        new ActivationsPicture(
                "net",
                SHAPE,
                new float[] {0, 1, 0, 0.5f},
                List.of(hidden, output),
                List.of("cat", "dog"),
                1)
            .draw();
    List<Mark.Path> lines =
        drawing.all(Mark.Path.class).filter(p -> p.color().opacity() < 1).toList();
    assertThat(lines).hasSize(4); // two pixels with ink to unit 0, and unit 0 to two classes
    assertThat(drawing.texts()).contains("1 of 2 units active", "90.0 %", "predicted, and true");
  }

  @Test
  void aWrongPredictionIsRedAndTheTrueClassGreen() {
    LayerSignal output =
        new LayerSignal("output", "", new float[] {0.1f, 0.7f, 0.2f}, new float[12]);
    List<Mark.Disc> rings =
        new ActivationsPicture(
                "net", SHAPE, new float[4], List.of(output), List.of("cat", "dog", "cow"), 0)
            .draw()
            .all(Mark.Disc.class)
            .toList();
    assertThat(rings.get(0).outline().green()).isGreaterThan(rings.get(0).outline().red());
    assertThat(rings.get(1).outline().red()).isGreaterThan(rings.get(1).outline().green());
    assertThat(rings.get(2).outline().red()).isEqualTo(rings.get(2).outline().green());
  }

  @Test
  void nothingOfAConfusionOfTwoClassesLiesBesideThePictureOrOnAnother() {
    ConfusionMatrix matrix =
        ConfusionMatrix.of(List.of("a", "b"), new int[] {0, 0, 1}, new int[] {0, 1, 1});
    String title =
        "a title that is a good deal longer than a matrix of two classes is wide ".repeat(2);
    Drawing drawing = new ConfusionPicture(title, matrix).draw();
    List<Mark.Text> texts = drawing.all(Mark.Text.class).toList();
    assertThat(Glyphs.width(title, 17, true) + 24).isLessThan(drawing.width());
    Mark.Pixels bar = drawing.all(Mark.Pixels.class).findFirst().orElseThrow();
    Mark.Text mistakes =
        texts.stream().filter(t -> t.text().startsWith("Most frequent")).findFirst().orElseThrow();
    assertThat(mistakes.y() - 12).isGreaterThan(bar.y() + bar.height());
  }

  @Test
  void countsWhichClassesWereTakenForWhich() {
    ConfusionMatrix matrix =
        ConfusionMatrix.of(
            List.of("a", "b", "c"),
            new int[] {0, 0, 0, 1, 1, 1, 1, 2},
            new int[] {0, 0, 1, 1, 2, 2, 0, 2});
    assertThat(matrix.counts()).isDeepEqualTo(new long[][] {{2, 1, 0}, {1, 1, 2}, {0, 0, 1}});
    assertThat(matrix.accuracy()).isEqualTo(0.5);
    assertThat(matrix.recall(1)).isEqualTo(0.25);
    assertThat(matrix.precision(2)).isEqualTo(1 / 3.0);
    assertThat(matrix.mistakes().getFirst()).isEqualTo(new ConfusionMatrix.Mistake("b", "c", 2));
    Drawing drawing = new ConfusionPicture("net", matrix).draw();
    assertThat(drawing.texts()).contains("predicted class", "true class", "66.7 %", "50.0 %");
    assertThat(String.join(" ", drawing.texts()))
        .contains("8 rows, 50.0 % of them right", "b taken for c (2), a taken for b (1)");
    assertThatThrownBy(() -> ConfusionMatrix.of(List.of("a"), new int[1], new int[2]))
        .hasMessage("expected a prediction for each of 1 rows but found 2");
  }

  @Test
  void putsMetricsOverEpochs() {
    RunCurves curves =
        RunCurves.of(
            "run",
            List.of(
                new Metrics.Step(5, 1, 0.9, 0.5, 0.1, 1, 1),
                new Metrics.Epoch(10, 1, 0.7, 0.6, 0.1, 1, 2),
                new Metrics.Evaluation("validation", 10, 1, 0.6, 0.7, null, null, 2),
                new Metrics.Times(12, 2, 4, new StepParts(1, 1, 1, 1, 1), 1),
                new Metrics.Step(15, 2, 0.5, 0.7, 0.1, 1, 1),
                new Metrics.Epoch(20, 2, 0.4, 0.8, 0.1, 1, 3),
                new Metrics.Evaluation("validation", 20, 2, 0.5, 0.75, null, null, 3),
                new Metrics.Evaluation("test", 20, 2, 0.55, 0.74, null, null, 3)));
    assertThat(curves.byEpochs()).isTrue();
    assertThat(curves.loss().steps()).containsExactly(new Point(0.5, 0.9), new Point(1.5, 0.5));
    assertThat(curves.accuracy().validation())
        .containsExactly(new Point(1, 0.7), new Point(2, 0.75));
    Drawing one = new CurvesPicture("run", List.of(curves)).draw();
    assertThat(one.texts())
        .contains("epochs", "mean loss of a row", "accuracy in % of the rows", "validation");
    Drawing two = new CurvesPicture("runs", List.of(curves, curves)).draw();
    assertThat(two.all(Mark.Path.class).filter(Mark.Path::dashed)).hasSize(4);
  }

  @Test
  void ticksAreAtWholeEpochsAndOfManyEpochsAtPowersOfTen() {
    assertThat(afterEpochs(3).texts()).contains("1", "2", "3").doesNotContain("0.5", "1.5");
    Drawing many = afterEpochs(400);
    assertThat(many.texts()).contains("1", "10", "100").doesNotContain("200");
    assertThat(many.all(Mark.Disc.class)).isEmpty();
  }

  /** Of one step each, and of a loss that has no ticks at whole numbers. */
  private static Drawing afterEpochs(int epochs) {
    List<Metrics> metrics = new ArrayList<>();
    for (int epoch = 1; epoch <= epochs; epoch++) {
      metrics.add(new Metrics.Epoch(epoch, epoch, 0.2, null, 0.1, 1, epoch));
      if (epoch % 50 == 0) {
        metrics.add(new Metrics.Step(epoch, epoch, 0.2, null, 0.1, 1, epoch));
      }
    }
    RunCurves curves = RunCurves.of("run", metrics);
    assertThat(curves.loss().steps()).isEmpty();
    return new CurvesPicture("run", List.of(curves)).draw();
  }

  @Test
  void leavesOutTheAccuracyWhereThereIsNoneAndCountsStepsBeforeAnEpoch() {
    RunCurves curves =
        RunCurves.of(
            "run",
            List.of(
                new Metrics.Step(5, 1, 0.9, null, 0.1, 1, 1),
                new Metrics.Step(10, 1, Double.NaN, null, 0.1, 1, 2)));
    Drawing drawing = new CurvesPicture("run", List.of(curves)).draw();
    assertThat(drawing.texts()).contains("steps").doesNotContain("accuracy in % of the rows");
  }

  @Test
  void chartsOfEffectsHaveTheSameHeight() {
    Effect strong =
        new Effect("temp", List.of("1", "2"), List.of(1.0, 2.0), true, List.of(List.of(0.0, 8.0)));
    Effect weak =
        new Effect(
            "day", List.of("mo", "tu"), List.of(0.0, 1.0), false, List.of(List.of(4.0, 4.2)));
    assertThat(strong.range()).isEqualTo(8);
    Drawing drawing =
        new EffectsPicture("net", "mean predicted cnt", List.of("cnt"), List.of(strong, weak), 100)
            .draw();
    List<Mark.Disc> dots = drawing.all(Mark.Disc.class).toList();
    assertThat(dots).hasSize(4);
    double whole = dots.get(0).y() - dots.get(1).y();
    double little = dots.get(2).y() - dots.get(3).y();
    assertThat(little / whole).isBetween(0.024, 0.026);
    assertThat(drawing.texts()).contains("temp", "day", "mo", "tu", "mean predicted cnt");
  }

  @Test
  void drawsAPointAndABarForEachBinWithRows() {
    float[] p = {0.05f, 0.05f, 0.45f, 0.95f};
    Calibration calibration =
        Calibration.of("yes", p, new boolean[] {false, false, true, true}, 10);
    Drawing drawing = new CalibrationPicture("net: calibration", calibration).draw();
    List<Mark.Disc> points = drawing.all(Mark.Disc.class).toList();
    assertThat(points).hasSize(3);
    assertThat(points.get(0).y()).isGreaterThan(points.get(1).y()); // 0 is below 1
    assertThat(points.get(1).y()).isEqualTo(points.get(2).y());
    assertThat(String.join(" ", drawing.texts()))
        .contains("4 rows, expected calibration error 0.175")
        .contains("predicted probability of yes");
  }
}
