package io.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.Forecasting.Question;
import io.lockstep.config.Configuration;
import io.lockstep.config.ConfigurationBuilder;
import io.lockstep.config.ConfigurationException;
import io.lockstep.config.Overrides;
import io.lockstep.forecast.AggregationCosts;
import io.lockstep.forecast.ClusterSpec;
import io.lockstep.forecast.Hardware;
import io.lockstep.forecast.Link;
import io.lockstep.forecast.PassCosts;
import io.lockstep.forecast.PassScript;
import io.lockstep.forecast.PassScript.Await;
import io.lockstep.forecast.PassScript.Compute;
import io.lockstep.forecast.PassScript.Ready;
import io.lockstep.forecast.PassScript.SumsReady;
import io.lockstep.forecast.Prediction;
import io.lockstep.forecast.Profile;
import io.lockstep.forecast.Simulator.Size;
import io.lockstep.forecast.Stragglers;
import io.lockstep.forecast.WireCosts;
import io.lockstep.forecast.Work;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Forecasts of a configuration, by a profile of round figures. */
@Timeout(60)
class ForecastingTest {

  /** Of a frame on an Ethernet, what a TCP stream carries. */
  private static final double PAYLOAD = 1_448.0 / 1_538;

  private static final double LEAF = 1e6;
  private static final Link LINK = new Link(1e8, 50_000);
  private static final Question STRONG = new Question(false, 1, 0, 60e9);

  private static ConfigurationBuilder configuration() {
    return SmallData.configuration().batch(128);
  }

  private static Forecasting forecasting() {
    return Forecasting.create(configuration().build(), SmallData.DIGITS);
  }

  private static int floats() {
    return Jobs.of(configuration().build(), SmallData.DIGITS).network().parameters().packedLength();
  }

  /** A leaf takes a millisecond, all weights are awaited before, and nothing else takes time. */
  private static Profile profile() {
    WireCosts.Path free = WireCosts.Path.FREE;
    return new Profile(
        new Profile.Machine("a processor", 2, "25", "0.1.0 (unknown)", 0),
        new PassCosts(List.of(script(1), script(2), script(4)), LEAF, List.of(1.0, 1.0)),
        new AggregationCosts(0, 0, 0),
        new WireCosts(free, free, 0));
  }

  private static PassScript script(int leaves) {
    return new PassScript(
        leaves,
        List.of(
            new Await(0, floats()),
            new Compute(leaves * LEAF),
            new SumsReady(),
            new Ready(0, floats())));
  }

  private static ClusterSpec cluster(int nodes, boolean standbys) {
    return new ClusterSpec(
        nodes, 1, 1, standbys, new Hardware(2, false, LINK, new Stragglers.None()));
  }

  private static ClusterSpec with(ClusterSpec even, Stragglers stragglers) {
    return even.withHardware(even.hardware().withStragglers(stragglers));
  }

  private static Prediction predict(Question question, ClusterSpec cluster) {
    return forecasting().forecaster(profile(), question, _ -> {}).predict(cluster);
  }

  /** With one bucket nothing overlaps: T = C + G/β + W/β + 2L. */
  @Test
  void aStepIsComputingAndTheWayThereAndBack() {
    double bytes = Float.BYTES * (double) floats();
    double way = 8e9 * bytes / (LINK.bitsPerSecond() * PAYLOAD) + LINK.latencyNanos();

    Prediction prediction = predict(STRONG, cluster(1, false));

    double expected = 4 * LEAF + 2 * way;
    assertThat(prediction.step().stepNanos()).isCloseTo(expected, within(0.02 * expected));
    assertThat(prediction.efficiency()).isCloseTo(4 * LEAF / expected, within(0.02));
    assertThat(prediction.rowsPerSecond()).isCloseTo(128e9 / expected, within(2e9 / LEAF));
  }

  @Test
  void theSameSeedPredictsTheSame() {
    ClusterSpec uneven = with(cluster(2, true), new Stragglers.LogNormal(0.3));
    Prediction first = predict(STRONG, uneven);

    assertThat(predict(STRONG, uneven)).isEqualTo(first);
    assertThat(predict(new Question(false, 2, 0, 60e9), uneven)).isNotEqualTo(first);
  }

  /**
   * A death costs the same whether it is likely or not; and until the dead node is replaced another
   * one does its leaf.
   */
  @Test
  void lostTimeGrowsWithFailures() {
    double lost = lostNanos(1e-3, 60e9);

    assertThat(lost).isPositive();
    assertThat(lostNanos(2e-3, 60e9)).isCloseTo(2 * lost, within(1e-9 * lost));
    assertThat(lostNanos(1e-3, 600e9)).isGreaterThan(lost);
    assertThat(lostNanos(0, 60e9)).isZero();
  }

  private static double lostNanos(double perHour, double restartNanos) {
    Question question = new Question(false, 1, perHour, restartNanos);
    Link link = new Link(1e12, 50_000);
    Hardware fast = new Hardware(2, false, link, new Stragglers.None());
    return predict(question, cluster(4, true).withHardware(fast)).training().lostNanos();
  }

  @Test
  void knowsAllThatThereIsToDo() {
    Work work = forecasting().work(profile(), STRONG);

    assertThat(work.steps(cluster(2, false))).isEqualTo(2 * 5); // 540 rows
    assertThat(work.mostNodes(cluster(2, false))).isEqualTo(4);
    assertThat(forecasting().work(profile(), new Question(true, 1, 0, 0)).size(cluster(2, false)))
        .isEqualTo(new Size(256, 8));
  }

  @Test
  void refusesStepsThatDependOnTheWeights() {
    Configuration lbfgs =
        Configuration.bundled(
            "digits", Overrides.of(List.of("optimizer={name=lbfgs}", "train.batch=600")));

    assertThatThrownBy(() -> Forecasting.create(lbfgs, SmallData.DIGITS))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("optimizer.name")
        .hasMessageContaining("forecast")
        .hasMessageContaining("lbfgs");
  }
}
