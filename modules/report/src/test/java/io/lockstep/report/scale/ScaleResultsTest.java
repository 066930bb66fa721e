package io.lockstep.report.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.lockstep.model.BuildInfo;
import io.lockstep.model.Machine;
import io.lockstep.model.Metrics;
import io.lockstep.model.StepParts;
import io.lockstep.report.Distribution;
import io.lockstep.report.drawing.Drawing;
import io.lockstep.report.drawing.Mark;
import io.lockstep.report.scale.ScaleResults.Setup;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ScaleResultsTest {

  private static final ScaleCell ONE = new ScaleCell(1, 1, 128);
  private static final ScaleCell TWO = new ScaleCell(2, 1, 128);
  private static final StepParts PARTS = new StepParts(4, 0.5, 0.25, 1, 0.75);

  private static ScaleRun run(ScaleCell cell, int round, double rate, String weights) {
    return run(cell, 4, round, rate, weights);
  }

  private static ScaleRun run(
      ScaleCell cell, int microBatches, int round, double rate, String weights) {
    SteadyRate steady = new SteadyRate(rate, 1000 * cell.batch() / rate, 100);
    ScaleRun.End end = new ScaleRun.End(150, 9, 0.5, weights, null);
    return new ScaleRun(cell, microBatches, round, "w/" + round, steady, PARTS, end);
  }

  private static ScaleResults results(ScaleMode mode, ScaleRun... runs) {
    Setup setup =
        new Setup(
            "digits",
            mode,
            null,
            "lockstep scale digits --workers 1,2",
            new Machine("25", "a <fast> one", 2),
            new BuildInfo("0.1", "abc"),
            null);
    return new ScaleResults(setup, List.of(runs));
  }

  private static ScaleResults three() {
    return results(
        ScaleMode.STRONG,
        run(TWO, 1, 1500, "aa"),
        run(ONE, 1, 1000, "aa"),
        run(ONE, 2, 900, "aa"),
        run(TWO, 2, 1800, "aa"),
        run(TWO, 3, 2400, "aa"),
        run(ONE, 3, 1200, "aa"));
  }

  @Test
  void speedsUpByTheRatioOfMedians() {
    ScaleResults results = three();

    assertThat(results.cells()).containsExactly(ONE, TWO);
    assertThat(results.speedUp(ONE)).isEqualTo(1);
    assertThat(results.speedUp(TWO)).isCloseTo(1.8, within(1e-12));
    Distribution efficiency = results.efficiency(TWO);
    assertThat(efficiency.least()).isCloseTo(0.75, within(1e-12));
    assertThat(efficiency.median()).isCloseTo(0.9, within(1e-12));
    assertThat(efficiency.most()).isCloseTo(1.2, within(1e-12));
    assertThat(results.fastest()).contains(TWO);
  }

  @Test
  void whereNobodyWorksAloneTheFewestWorkersAreTakenForIdeal() {
    ScaleCell four = new ScaleCell(4, 1, 128);
    ScaleResults results =
        results(ScaleMode.STRONG, run(TWO, 1, 1000, "a"), run(four, 1, 1500, "a"));

    assertThat(results.speedUp(TWO)).isEqualTo(2);
    assertThat(results.speedUp(four)).isEqualTo(3);
    assertThat(results.efficiency(four).median()).isEqualTo(0.75);
    assertThat(new ScaleTable(results).head()).contains("× one worker (extrapolated)");
    assertThat(new ScaleTable(three()).head()).contains("speed-up");
    assertThat(new ScalePanels(results).rateNote()).contains("(extrapolated: nobody works alone)");
    assertThat(new ScalePanels(three()).rateNote()).contains("as one worker;");
  }

  @Test
  void comparesWeakCellsWhoseWorkersHaveEquallyMuchToDo() {
    ScaleCell wide = new ScaleCell(2, 1, 256);
    ScaleResults results =
        results(
            ScaleMode.WEAK,
            run(ONE, 1, 1000, "a"),
            run(wide, 1, 1900, "b"),
            run(new ScaleCell(2, 2, 256), 1, 1800, "b"));

    assertThat(results.base(wide)).isEqualTo(ONE);
    assertThat(results.speedUp(wide)).isCloseTo(1.9, within(1e-12));
    assertThat(results.series())
        .containsExactly(List.of(ONE, wide), List.of(new ScaleCell(2, 2, 256)));
    assertThat(results.unequalWeights()).isEmpty();
    assertThat(wide.series(results.cells(), ScaleMode.WEAK)).isEqualTo("1 server");
  }

  @Test
  void findsWeightsThatShouldBeEqualAndAreNot() {
    ScaleCell other = new ScaleCell(1, 1, 256);
    ScaleResults results =
        results(
            ScaleMode.STRONG,
            run(ONE, 1, 1, "aa"),
            run(TWO, 1, 1, "bb"),
            run(TWO, 2, 1, "bb"),
            run(other, 1, 1, "cc"));

    assertThat(results.unequalWeights()).containsOnlyKeys(new ScaleRun.Cut(128, 4));
    assertThat(results.unequalWeights().get(new ScaleRun.Cut(128, 4)))
        .containsEntry("aa", List.of(ONE))
        .containsEntry("bb", List.of(TWO));
    assertThat(new ScalePage(results, List.of(), List.of()).text())
        .contains("Runs of batch 128 in 4 micro-batches ended with different weights");
    assertThat(three().unequalWeights()).isEmpty();
  }

  @Test
  void oneRunHasNothingToBeComparedWith() {
    ScaleResults one = results(ScaleMode.STRONG, run(ONE, 1, 9, "aa"));

    assertThat(new ScalePage(one, List.of(), List.of()).text())
        .contains("There is nothing to compare: name two numbers of --workers.")
        .contains("Weights were not compared")
        .doesNotContain("bit for bit");
  }

  @Test
  void speedUpsAreNamedOnlyWhereTheyAreDrawn() {
    ScaleResults two =
        results(ScaleMode.STRONG, run(ONE, 1, 9, "aa"), run(new ScaleCell(1, 2, 128), 1, 9, "aa"));

    assertThat(new ScalePanels(two).rateNote()).startsWith("Dots: medians of the runs; strokes");
  }

  @Test
  void whatWasNotMeasuredIsADashInTablesAndEmptyInFiles() {
    ScaleRun run =
        new ScaleRun(
            ONE,
            4,
            1,
            "f",
            new SteadyRate(1000, 7, 10),
            null,
            new ScaleRun.End(10, 1, Double.NaN, "a", null));
    Setup setup =
        new Setup(
            "digits",
            ScaleMode.STRONG,
            "loss=0.1",
            "",
            new Machine("", "", 1),
            new BuildInfo("", ""),
            null);
    ScaleResults results = new ScaleResults(setup, List.of(run));

    assertThat(new ScaleTable(results).head()).endsWith("s to loss=0.1");
    assertThat(new ScaleTable(results).rows().getFirst()).endsWith("–").doesNotContain("NaN");
    assertThat(ScaleCsv.text(results)).contains(",10,1.0,,,a,f").doesNotContain("NaN");
  }

  /** 96 rows in 3 pieces of 32 rows and in 4 of 24: other sums, so rightly other weights. */
  @Test
  void weightsNeedBeEqualOnlyWhereStepsAreCutAlike() {
    ScaleCell alone = new ScaleCell(1, 1, 96);
    ScaleCell both = new ScaleCell(2, 1, 96);
    ScaleRun.Cut four = new ScaleRun.Cut(96, 4);

    ScaleResults right =
        results(ScaleMode.WEAK, run(alone, 3, 1, 9, "aa"), run(both, 4, 1, 9, "bb"));
    assertThat(right.unequalWeights()).isEmpty();
    ScaleResults wrong =
        results(
            ScaleMode.WEAK,
            run(alone, 3, 1, 9, "aa"),
            run(both, 4, 1, 9, "bb"),
            run(both, 4, 2, 9, "cc"));
    assertThat(wrong.unequalWeights()).containsOnlyKeys(four);
    assertThat(four.name()).isEqualTo("batch 96 in 4 micro-batches");
    assertThat(new ScaleRun.Cut(96, 1).name()).isEqualTo("batch 96 in 1 micro-batch");
    assertThat(new ScaleRun.Cut(96, 0).name()).isEqualTo("batch 96");
  }

  @Test
  void isReadAsItWasWritten() throws Exception {
    ScaleResults results = three();

    assertThat(ScaleResults.of(results.toJson())).isEqualTo(results);
    assertThat(results.toJson())
        .contains("\"mode\" : \"strong\"")
        .doesNotContain("cells", "series");
  }

  @Test
  void csvHasALineForEachRun() {
    List<String> lines = ScaleCsv.text(three()).lines().toList();

    assertThat(lines).hasSize(7);
    assertThat(lines.get(1))
        .startsWith("2,1,128,1,1500.0,")
        .contains(",4.0,0.5,0.25,1.0,0.75,")
        .endsWith(",150,9.0,0.5,,aa,w/1");
    long commas = lines.getFirst().chars().filter(c -> c == ',').count();
    assertThat(lines).allMatch(line -> line.chars().filter(c -> c == ',').count() == commas);
  }

  @Test
  void steadyRateIsThatOfTheLastTwoThirdsWithoutEvaluations() {
    Stream<Metrics> slowStart = Stream.of(step(10, 100, 1), step(20, 100, 2));
    Stream<Metrics> then =
        Stream.of(
            step(30, 1000, 2.1),
            step(40, 1000, 2.2),
            new Metrics.Evaluation("validation", 40, 1, 1, null, null, null, 5),
            step(50, 34, 5.1),
            step(60, 500, 5.3));
    SteadyRate rate = SteadyRate.of(Stream.concat(slowStart, then).toList());

    assertThat(rate.steps()).isEqualTo(30);
    assertThat(rate.rowsPerSecond()).isCloseTo(300 / 0.4, within(1e-6));
    assertThat(rate.stepMs()).isCloseTo(400.0 / 30, within(1e-9));
    assertThatThrownBy(() -> SteadyRate.of(List.of(step(10, 1, 1))))
        .hasMessageContaining("train.reportEvery");
  }

  private static Metrics step(long step, double rowsPerSecond, double seconds) {
    return new Metrics.Step(step, 1, 0.5, null, 0.1, rowsPerSecond, seconds);
  }

  /**
   * As in a run of two workers whose code is compiled while it goes on, with an evaluation: the
   * table's step and the bar are of steps 21 to 40 and 51 to 70.
   */
  @Test
  void partsAreThoseOfTheStepsWhoseSpeedIsTold() {
    List<Metrics> metrics =
        List.of(
            step(10, 100, 2),
            times(10, 10, 190, 10),
            step(20, 100, 3),
            step(30, 500, 3.5),
            times(20, 9, 95, 5), // Later than its report, as when nodes tell every second.
            times(30, 10, 45, 5),
            step(40, 1000, 3.9),
            new Metrics.Evaluation("validation", 40, 1, 1, null, null, null, 5),
            step(50, 34, 5.1),
            step(60, 1000, 5.5),
            times(40, 10, 36, 4),
            times(50, 9, 70, 10),
            step(70, 1000, 5.8),
            times(60, 10, 37, 3),
            times(70, 10, 28, 2),
            times(75, 5, 99, 99));

    StepParts parts = SteadyParts.of(metrics);
    assertThat(parts.total()).isCloseTo(SteadyRate.of(metrics).stepMs(), within(1e-9));
    assertThat(parts.compute()).isCloseTo((45 + 36 + 37 + 28) / 4.0, within(1e-9));
    assertThat(parts.slowest()).isCloseTo(3.5, within(1e-9));
    assertThat(SteadyParts.of(List.of(step(10, 100, 1), step(20, 100, 2)))).isNull();
  }

  private static Metrics times(long step, int steps, double compute, double slowest) {
    return new Metrics.Times(step, 1, steps, new StepParts(compute, 0, 0, 0, slowest), 9);
  }

  /** Of one report 8 of 10 steps were measured, of the other 2. */
  @Test
  void measuredStepsStandForAllStepsOfTheirReport() {
    List<Metrics> metrics =
        List.of(
            step(10, 100, 1),
            step(20, 100, 1.1),
            step(30, 100, 1.3),
            times(20, 8, 10, 0),
            times(30, 2, 20, 0));

    assertThat(SteadyParts.of(metrics)).isEqualTo(new StepParts(15, 0, 0, 0, 0));
  }

  /** Medians of each part would not add up to the median step. */
  @Test
  void partsAreThoseOfTheRunInTheMiddle() {
    StepParts most = new StepParts(9, 0, 0, 0, 0);
    StepParts middle = new StepParts(1, 0, 0, 0, 4);
    StepParts least = new StepParts(3, 0, 0, 0, 1);

    ScaleResults results =
        results(ScaleMode.STRONG, parted(9, most), parted(4, least), parted(5, middle));
    assertThat(results.parts(ONE)).isEqualTo(middle);
    assertThat(results(ScaleMode.STRONG, parted(9, null)).parts(ONE)).isNull();

    StepParts mean = results(ScaleMode.STRONG, parted(5, middle), parted(4, least)).parts(ONE);
    assertThat(mean).isEqualTo(new StepParts(2, 0, 0, 0, 2.5));
  }

  /** The step of the table is 5 ms, and with a second run 6 ms, between both. */
  @Test
  void whatIsNoPartIsOther() {
    StepParts parts = new StepParts(3, 0, 0.5, 0, 1);
    ScaleResults one = results(ScaleMode.STRONG, parted(5, parts));
    ScaleResults two = results(ScaleMode.STRONG, parted(5, parts), parted(7, parts));

    assertThat(one.otherMs(ONE)).isEqualTo(0.5);
    assertThat(two.otherMs(ONE)).isEqualTo(1.5);
    assertThat(two.parts(ONE).total() + two.otherMs(ONE)).isEqualTo(two.stepMs(ONE).median());
    assertThat(ScaleCsv.text(two)).contains(",other_ms,steps,", ",3.0,0.0,0.5,0.0,1.0,2.5,10,");
  }

  /** Of an even number of runs, too: the mean of their efficiencies may be a little less. */
  @Test
  void theFewestWorkersAreWhollyEfficient() {
    ScaleResults even =
        results(ScaleMode.STRONG, run(ONE, 1, 26589.1, "a"), run(ONE, 2, 28801.7, "a"));

    assertThat(even.idealShare(ONE)).isEqualTo(1);
    assertThat(new ScaleTable(even).rows().getFirst()).endsWith("1.00", "100 %");
  }

  private static ScaleRun parted(double stepMs, StepParts parts) {
    SteadyRate rate = new SteadyRate(1000, stepMs, 10);
    return new ScaleRun(ONE, 4, 1, "f", rate, parts, new ScaleRun.End(10, 1, 1, "a", null));
  }

  @Test
  void curvesLieOverSecondsAndRows() {
    ScaleCurve curve = ScaleCurve.of(ONE, List.of(step(10, 100, 1), step(20, 200, 1.5)));

    assertThat(curve.points())
        .containsExactly(new ScaleCurve.Point(1, 100, 0.5), new ScaleCurve.Point(1.5, 200, 0.5));
  }

  /** Files of a build that did not know yet where workers were. */
  @Test
  void aFileWithoutADeploymentIsRead() throws JsonProcessingException {
    ScaleResults results = three();
    String older = results.toJson().replaceFirst(",\\s*\"deployment\" : null", "");
    assertThat(older).contains("\"build\"").doesNotContain("deployment");

    assertThat(ScaleResults.of(older)).isEqualTo(results);
  }

  @Test
  void pictureHasSpeedEfficiencyAndWhereAStepGoes() {
    Drawing drawing = new ScalePanels(three()).picture();

    assertThat(drawing.texts())
        .contains("digits: strong scaling", "Speed", "Efficiency", "Where a step goes")
        .contains("× 1.80", "ideal", "1 worker", "2 workers", "waiting for the slowest");
    assertThat(drawing.all(Mark.Disc.class)).hasSize(4);
  }

  @Test
  void stepsThatWereNotTakenApartAreWhole() {
    ScaleRun run =
        new ScaleRun(
            ONE,
            4,
            1,
            "f",
            new SteadyRate(1000, 7, 10),
            null,
            new ScaleRun.End(10, 1, 1, "a", null));
    Drawing drawing = new ScalePanels(results(ScaleMode.STRONG, run)).picture();

    assertThat(drawing.texts()).contains("step", "7.00").doesNotContain("computing");
  }

  @Test
  void pageBeginsWithTheResultAndSaysHowToReadItsCharts() {
    ScaleCurve curve = ScaleCurve.of(ONE, List.of(step(10, 100, 1), step(20, 200, 1.5)));
    String page =
        new ScalePage(three(), List.of(curve), List.of("2 of 4 workers have work")).text();

    assertThat(page)
        .contains(
            "With 2 workers, 1 server, batch 128, 1,800 rows a second are trained on (1,500 to 2,400 in 3 runs): 1.80 times as many as with 1 worker, 1 server, batch 128, 90.0 % of the ideal.")
        .contains("All runs of a batch ended with the same weights, bit for bit.")
        .contains("2 of 4 workers have work", "a &lt;fast&gt; one, 2 cores", "Loss by rows")
        .contains("<td>1,500 – 2,400</td>", "lockstep scale digits --workers 1,2");
    assertThat(page.indexOf("class=\"result\"")).isLessThan(page.indexOf("<table>"));
    assertThat(page.split("<svg ", -1)).hasSize(5);
  }
}
