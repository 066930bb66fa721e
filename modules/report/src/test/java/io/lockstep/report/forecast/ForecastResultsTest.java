package io.lockstep.report.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.model.BuildInfo;
import io.lockstep.model.Machine;
import io.lockstep.model.StepParts;
import io.lockstep.report.drawing.Mark;
import io.lockstep.report.forecast.ForecastPoint.Limit;
import io.lockstep.report.forecast.ForecastPoint.Machines;
import io.lockstep.report.forecast.ForecastPoint.Rate;
import io.lockstep.report.forecast.ForecastPoint.Training;
import io.lockstep.report.scale.Deployment;
import io.lockstep.report.scale.Deployment.Places;
import io.lockstep.report.scale.ScaleCell;
import io.lockstep.report.scale.ScaleMode;
import io.lockstep.report.scale.ScaleResults;
import io.lockstep.report.scale.ScaleRun;
import io.lockstep.report.scale.SteadyRate;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ForecastResultsTest {

  private static final BuildInfo BUILD = new BuildInfo("0.1", "abc");

  /** A step of 8 ms of computing and 2 ms for each doubling; 1,000 rows of a node each. */
  static ForecastResults results(int most) {
    return results(most, Places.ONE_MACHINE);
  }

  private static ForecastResults results(int most, Places places) {
    List<ForecastPoint> points =
        IntStream.iterate(1, n -> n <= most, n -> 2 * n)
            .mapToObj(ForecastResultsTest::point)
            .toList();
    return new ForecastResults(
        new ForecastResults.Setup(
            "digits",
            ScaleMode.WEAK,
            List.of("Nodes of 2 cores, 10 Gbit/s, 50 µs.", "Factors drawn <anew>."),
            "a fast one, 2 cores",
            1,
            BUILD,
            new Deployment(places, 1, true, "float32")),
        List.of("4 micro-batches to do, so 4 of 8 workers have work"),
        points,
        "2 nodes train in 1 h.");
  }

  private static ForecastPoint point(int nodes) {
    double waits = 2 * Math.log(nodes) / Math.log(2);
    double step = 8 + waits;
    double rate = nodes * 1000 / (step / 1000);
    Limit limit =
        nodes < 4
            ? new Limit("compute", 0.9, null, Map.of("server link", 0.001), Map.of())
            : new Limit(
                "server link",
                waits / step,
                2 * nodes,
                Map.of("server link", waits / step),
                Map.of());
    return new ForecastPoint(
        new Machines(nodes, nodes, nodes, 1),
        nodes * 1000,
        nodes * 10,
        new Rate(0.9 * rate, rate, 1.05 * rate),
        8 / step,
        step,
        new StepParts(8, 0, waits / 4, waits / 2, waits / 4),
        limit,
        new Training(7200, 7.2 * step, 3, nodes));
  }

  private static ScaleResults measured() {
    return measured(new Deployment(Places.ONE_MACHINE, 1, true, "float32"));
  }

  private static ScaleResults measured(Deployment deployment) {
    ScaleResults.Setup setup =
        new ScaleResults.Setup(
            "digits", ScaleMode.WEAK, null, "", new Machine("25", "x", 2), BUILD, deployment);
    return new ScaleResults(
        setup, List.of(run(1, 1000, 8), run(2, 2000, 12.5), run(2, 1000, 3), run(64, 64000, 9)));
  }

  private static ScaleRun run(int workers, int batch, double stepMs) {
    return run(workers, batch, stepMs, 0);
  }

  private static ScaleRun run(int workers, int batch, double stepMs, int microBatches) {
    return new ScaleRun(
        new ScaleCell(workers, 1, batch),
        microBatches,
        1,
        "",
        new SteadyRate(1000 * batch / stepMs, stepMs, 50),
        null,
        new ScaleRun.End(75, 1, 0.5, "aa", null));
  }

  @Test
  void isReadAsItWasWritten() throws Exception {
    assertThat(ForecastResults.of(results(8).toJson())).isEqualTo(results(8));
  }

  @Test
  void writesALineForEachCluster() {
    List<String> lines = ForecastCsv.text(results(4)).lines().toList();

    assertThat(lines).hasSize(4);
    assertThat(lines.getFirst().split(",")).hasSize(24).endsWith("saved_without_server_link");
    assertThat(lines).allMatch(line -> line.split(",", -1).length == 24);
    assertThat(lines.getLast())
        .startsWith("4,4,4,1,4000,40,")
        .contains(",server link,0.3333333333333333,8,7200,")
        .endsWith(",0.3333333333333333");
  }

  @Test
  void comparesWhatWasMeasuredOfTheSameWorkersServersAndBatch() {
    List<Comparison> compared = Comparison.of(results(4), measured());

    assertThat(compared).hasSize(2);
    assertThat(compared.getFirst().error()).isZero();
    assertThat(compared.getLast().error()).isCloseTo(10 / 12.5 - 1, within(1e-12));
  }

  private static List<String> differences(Places predicted, Deployment measured) {
    return Measurement.of(results(4, predicted), measured(measured), "x").remarks();
  }

  @Test
  void saysWhatElseDiffers() {
    assertThat(Measurement.of(results(4), measured(), "x").remarks()).isEmpty();
    assertThat(
            differences(
                Places.ONE_MACHINE, new Deployment(Places.ONE_MACHINE, 2, false, "bfloat16")))
        .containsExactly(
            "measured with 2 workers in each process, predicted with 1",
            "measured without standbys, predicted with them",
            "measured with gradients as bfloat16, predicted as float32");
    assertThat(differences(Places.ONE_MACHINE, null))
        .containsExactly(
            "measured where its file does not say: in one process, or by several of one machine");
  }

  /** What differs only where there are several processes is not told of one. */
  @Test
  void oneMachineIsNotComparedWithManyWithoutAWord() {
    String machines =
        "measured with processes of one machine, predicted with machines of their own and links between (without --one-machine): the error is of both";

    assertThat(differences(Places.MACHINES, new Deployment(Places.ONE_MACHINE, 1, true, "float32")))
        .containsExactly(machines);
    assertThat(
            differences(
                Places.ONE_MACHINE, new Deployment(Places.ONE_PROCESS, 2, false, "float32")))
        .containsExactly(
            "measured with one process (without --processes), where nothing travels, predicted with processes of one machine: the error is of both");
  }

  @Test
  void saysWhereStepsAreCutIntoOtherPieces() {
    ScaleResults other =
        new ScaleResults(measured().setup(), List.of(run(2, 2000, 12.5, 20), run(1, 1000, 8, 40)));

    assertThat(Measurement.of(results(4), other, "x").remarks())
        .containsExactly(
            "micro-batches of a step: measured with 40, predicted with 10, for 1 node, 1 server");
  }

  @Test
  void saysFirstWhatBoundsIt() {
    String page =
        new ForecastPage(
                results(8), Measurement.of(results(8), measured(), "y"), "lockstep forecast")
            .text();

    assertThat(page.indexOf("so 4 of 8 workers have work"))
        .isBetween(0, page.indexOf("With 8 nodes, 1 server"));
    assertThat(page)
        .contains("limited by server link", "2 nodes train in 1 h.", "16 servers")
        .contains("measured on another processor than the profile: x, not y")
        .contains("Measured beside predicted", "−20.0 %", "Factors drawn &lt;anew&gt;.");
  }

  @Test
  void drawsEachClusterWithItsBottleneck() {
    List<String> texts =
        new ForecastPanels(results(8), List.of())
            .picture().marks().stream()
                .filter(Mark.Text.class::isInstance)
                .map(mark -> ((Mark.Text) mark).text())
                .toList();

    assertThat(texts)
        .contains(
            "digits: forecast of weak scaling", "1 node", "8 nodes", "What limits it, and costs")
        .contains("42.9 %, not with 16 servers", "nodes with free links")
        .doesNotContain("measured");
    assertThat(texts).filteredOn("compute"::equals).hasSize(2);
    assertThat(String.join(" ", texts)).contains("so 4 of 8 workers have work.");
  }

  @Test
  void saysTimesAsPeopleDo() {
    assertThat(Durations.text(0)).isEqualTo("0 s");
    assertThat(Durations.text(90)).isEqualTo("90.0 s");
    assertThat(Durations.text(150)).isEqualTo("2.50 min");
    assertThat(Durations.text(36000)).isEqualTo("10.0 h");
  }
}
