package io.lockstep.forecast.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Percentage.withPercentage;

import io.lockstep.forecast.AggregationCosts;
import io.lockstep.forecast.ClusterSpec;
import io.lockstep.forecast.Death;
import io.lockstep.forecast.ForecastException;
import io.lockstep.forecast.Hardware;
import io.lockstep.forecast.Link;
import io.lockstep.forecast.Resource;
import io.lockstep.forecast.Simulated;
import io.lockstep.forecast.Simulator.Size;
import io.lockstep.forecast.Stragglers;
import io.lockstep.forecast.WireCosts;
import io.lockstep.training.GradientFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** At its limits a cluster is as fast as a formula says. */
class LimitsTest {

  private static final long SEED = 3;

  private static Simulated run(OneLayer model, ClusterSpec spec) {
    return model.simulator(SEED).run(spec, new Size(spec.nodes(), spec.nodes()), Set.of());
  }

  private static ClusterSpec cluster(int nodes, int servers, Link link) {
    return new ClusterSpec(
        nodes, 1, servers, false, new Hardware(2, false, link, new Stragglers.None()));
  }

  private static ClusterSpec with(ClusterSpec even, Stragglers stragglers) {
    return even.withHardware(even.hardware().withStragglers(stragglers));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 64, 256})
  void withoutNetworkAndAggregationAStepIsWhatOneComputes(int nodes) {
    OneLayer model = OneLayer.free();

    Simulated simulated = run(model, cluster(nodes, 1, Link.FREE));

    assertThat(simulated.stepNanos()).isCloseTo(model.passNanos(), within(1.0));
    assertThat(simulated.parts().compute()).isCloseTo(model.passNanos(), within(1.0));
  }

  /** A server whose frames cost nothing; the worker's wait for nobody. */
  private static double stepNanos(OneLayer model) {
    return model
        .simulator(SEED)
        .run(cluster(1, 1, Link.FREE), new Size(1, 1), Set.of(Resource.AGGREGATION))
        .stepNanos();
  }

  /** Between two buckets the worker computes for 50 µs, and what it handed over is long sent. */
  @Test
  void whereEventLoopsHaveNothingToDoAFrameCostsWhatOneAfterAPauseDoes() {
    WireCosts.Frames behind = new WireCosts.Frames(500, 0, 1_000, 0, 0, 0);
    WireCosts.Frames apart = new WireCosts.Frames(2_000, 0, 3_000, 0, 0, 0);
    OneLayer model = OneLayer.by(new WireCosts.Path(behind, apart, 0, 0));

    assertThat(stepNanos(model))
        .isCloseTo(model.passNanos() + 2_000 * model.frames() + 3_000, within(1.0));
  }

  /** A frame takes so long to send that the next one is handed over meanwhile. */
  @Test
  void whereEventLoopsAreBusyAFrameCostsWhatOneBehindAnotherDoes() {
    WireCosts.Frames behind = new WireCosts.Frames(500, 0, 50_600, 0, 0, 0);
    WireCosts.Frames apart = new WireCosts.Frames(2_000, 0, 52_000, 0, 0, 0);
    OneLayer model = OneLayer.by(new WireCosts.Path(behind, apart, 0, 0));
    double forward = model.passNanos() - 50_000 * (model.frames() - 1);

    assertThat(stepNanos(model))
        .isCloseTo(forward + 2_000 + 52_000 + 50_600 * (model.frames() - 1), within(1.0));
  }

  /**
   * The longest over all shards: of n nodes each has the gradients of a shard of m buckets, b bytes
   * each, from the time f on, in the time d of the backward pass; then T = F + f + max(d, m·n·b /
   * β) + n·b / β + 2 L, for the time F of all before the backward pass, links of β bytes per second
   * and latency L.
   */
  @ParameterizedTest
  @CsvSource({"8, 1, 1e9", "8, 2, 1e9", "16, 2, 1e9", "16, 4, 2e9", "4, 4, 1e8", "32, 4, 1e9"})
  void aStepTakesWhatTheBusiestServersLinkTakes(int nodes, int servers, double bitsPerSecond) {
    OneLayer model = OneLayer.free();
    Link link = new Link(bitsPerSecond, 50_000);

    Simulated simulated = run(model, cluster(nodes, servers, link));

    assertThat(simulated.stepNanos())
        .isCloseTo(model.stepNanos(nodes, servers, link), withPercentage(3));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void twiceTheServersAreTwiceAsFastWhereTheirLinksLimit(int servers) {
    OneLayer model = OneLayer.free();
    Link slow = new Link(2e8, 0);

    double few = run(model, cluster(32, servers, slow)).stepNanos();
    double twice = run(model, cluster(32, 2 * servers, slow)).stepNanos();

    assertThat(few / twice).isCloseTo(2, within(0.1));
  }

  @ParameterizedTest
  @CsvSource({"2, 8, 1e8", "2, 8, 1e9", "2, 8, 4e9"})
  void aStepTakesWhatANodesLinkTakesWhereThereAreManyServers(
      int nodes, int servers, double bitsPerSecond) {
    OneLayer model = OneLayer.free();
    Link link = new Link(bitsPerSecond, 0);

    Simulated simulated = run(model, cluster(nodes, servers, link));

    assertThat(simulated.stepNanos())
        .isCloseTo(model.stepNanosByNodes(servers, link), withPercentage(5));
  }

  /** Rows grow with nodes here: so twice the step leaves as many rows per second. */
  @Test
  void moreNodesAreNoFasterWhereServersLimit() {
    OneLayer model = OneLayer.free();
    Link slow = new Link(2e8, 0);

    double few = run(model, cluster(16, 2, slow)).stepNanos();
    double many = run(model, cluster(32, 2, slow)).stepNanos();

    assertThat(many / few).isCloseTo(2, within(0.1));
  }

  /**
   * Weights stay whole, and take as long on the way back as whole gradients there, at the same
   * time: what is saved is half of the one bucket of gradients whose weights nothing covers.
   */
  @Test
  void bfloat16SavesNothingThatWeightsTakeAnyhow() {
    Link slow = new Link(2e8, 0);
    OneLayer whole = OneLayer.in(GradientFormat.FLOAT32);
    OneLayer half = OneLayer.in(GradientFormat.BFLOAT16);

    double all = run(whole, cluster(8, 1, slow)).stepNanos();
    double few = run(half, cluster(8, 1, slow)).stepNanos();

    assertThat(all - few).isCloseTo(8 * whole.bucketNanos(slow) / 2, withPercentage(3));
  }

  /** There and back: gradients, then weights; no socket is too small for what is under way. */
  @ParameterizedTest
  @ValueSource(longs = {1_000_000, 10_000_000})
  void latencyIsPaidTwiceAStep(long latencyNanos) {
    OneLayer model = OneLayer.free();

    double near = run(model, cluster(4, 2, new Link(1e9, 0))).stepNanos();
    double far = run(model, cluster(4, 2, new Link(1e9, latencyNanos))).stepNanos();

    assertThat(far - near).isCloseTo(2.0 * latencyNanos, withPercentage(1));
  }

  /**
   * No weights come before all gradients have; with several servers also not before these have told
   * the coordinator of their part of the norm, and heard the whole.
   */
  @ParameterizedTest
  @CsvSource({"1, 0", "2, 2"})
  void clippingByTheNormCostsARoundTripWhereThereAreSeveralServers(int servers, int latencies) {
    Link link = new Link(1e11, 1_000_000);

    double usual = run(OneLayer.free(), cluster(4, servers, link)).stepNanos();
    double clipped = run(OneLayer.clipped(), cluster(4, servers, link)).stepNanos();

    double weights = 4 * OneLayer.free().linkNanos(link) / servers;
    assertThat(clipped - usual)
        .isCloseTo(latencies * (double) link.latencyNanos() + weights, withPercentage(1));
  }

  /** Processes of one machine share its cores, and memory that takes no time; m passes on c. */
  @ParameterizedTest
  @CsvSource({"2, 1, 2, 1", "1, 2, 2, 1", "4, 1, 2, 2", "2, 2, 2, 2", "3, 1, 2, 1.5"})
  void processesOfOneMachineShareItsCores(int nodes, int workers, int cores, double passes) {
    OneLayer model = OneLayer.free();
    ClusterSpec spec =
        new ClusterSpec(
            nodes, workers, 1, false, new Hardware(cores, true, Link.FREE, new Stragglers.None()));
    Size size = new Size(nodes * workers, nodes * workers);

    Simulated simulated = model.simulator(SEED).run(spec, size, Set.of());

    assertThat(simulated.stepNanos()).isCloseTo(passes * model.passNanos(), within(100.0));
  }

  /** Freed of one resource after another, the step is shortest without the one that limits it. */
  @ParameterizedTest
  @CsvSource({"0.5, SERVER_LINK, 1.5", "0.5, COMPUTE, 1.2", "4, COMPUTE, 1.5"})
  void aBottleneckIsWhatGainsMostWhenItIsFree(double ofKnee, Resource freed, double atLeast) {
    OneLayer model = OneLayer.free();
    Link link = new Link(ofKnee * model.kneeBitsPerSecond(8, 2), 0);
    ClusterSpec spec = cluster(8, 2, link);
    double step = run(model, spec).stepNanos();

    double without = model.simulator(SEED).run(spec, new Size(8, 8), Set.of(freed)).stepNanos();

    assertThat(step / without).isGreaterThan(atLeast);
  }

  @ParameterizedTest
  @EnumSource(
      value = Resource.class,
      names = {"WORKER_LINK", "SERVER_LINK", "AGGREGATION", "STRAGGLERS", "LATENCY"})
  void whatDoesNotLimitGainsNothing(Resource freed) {
    OneLayer model = OneLayer.free();
    ClusterSpec spec = cluster(8, 2, new Link(4 * model.kneeBitsPerSecond(8, 2), 0));
    double step = run(model, spec).stepNanos();

    double without = model.simulator(SEED).run(spec, new Size(8, 8), Set.of(freed)).stepNanos();

    assertThat(step / without).isBetween(1.0, 1.02);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 16})
  void addingAndUpdatingTakesAsLongAsItCosts(int nodes) {
    OneLayer model = OneLayer.with(new AggregationCosts(1, 0, 2));

    Simulated simulated = run(model, cluster(nodes, 1, Link.FREE));
    Simulated unburdened =
        model
            .simulator(SEED)
            .run(
                cluster(nodes, 1, Link.FREE), new Size(nodes, nodes), Set.of(Resource.AGGREGATION));

    double most = model.floats() * (2.0 + (nodes - 1));
    assertThat(simulated.stepNanos()).isBetween(model.passNanos(), model.passNanos() + most + 1);
    assertThat(unburdened.stepNanos()).isCloseTo(model.passNanos(), within(1.0));
  }

  /**
   * Of 16 micro-batches on four nodes one, three times as slow, gets one, and the others five: so a
   * step takes five passes of a usual node, instead of four of the slow one.
   */
  @Test
  void aSlowNodeHasLessToDoOnceThatIsKnown() {
    OneLayer model = OneLayer.free();
    ClusterSpec spec = with(cluster(4, 1, Link.FREE), new Stragglers.Slow(3, 0.25));

    Simulated simulated = model.simulator(SEED).run(spec, new Size(16, 16), Set.of());

    assertThat(simulated.stepNanos()).isCloseTo(5 * model.passNanos(), withPercentage(1));
  }

  /** Where each has one micro-batch, nothing can be taken from the slow one. */
  @Test
  void aSlowNodeIsWaitedForWhereItsWorkIsNotDivided() {
    OneLayer model = OneLayer.free();
    ClusterSpec spec = with(cluster(4, 1, Link.FREE), new Stragglers.Slow(3, 0.25));

    Simulated simulated = run(model, spec);

    assertThat(simulated.stepNanos()).isCloseTo(3 * model.passNanos(), withPercentage(1));
  }

  /** Eight gradients of 4 MB by 1 Mbit/s take nearly five minutes, and are given together. */
  @Test
  void aStepMayTakeMinutes() {
    OneLayer model = OneLayer.free();
    Link slow = new Link(1e6, 50_000);

    Simulated simulated = run(model, cluster(8, 1, slow));

    assertThat(simulated.stepNanos()).isCloseTo(model.stepNanos(8, 1, slow), withPercentage(3));
  }

  /**
   * A pass of the slow one takes 104 s: after 60 s others do its part, and plans are without it.
   */
  @Test
  void refusesStepsInWhichANodeIsTakenForOneThatStandsStill() {
    ClusterSpec even = cluster(4, 1, Link.FREE);
    ClusterSpec spec =
        even.withHardware(even.hardware().withStragglers(new Stragglers.Slow(20_000, 0.25)));

    assertThatThrownBy(() -> run(OneLayer.free(), spec))
        .isInstanceOf(ForecastException.class)
        .hasMessageStartingWith(
            "simulated run: expected all nodes to take part, found that others went on without worker-2,");
    assertThatThrownBy(
            () ->
                OneLayer.free().simulator(SEED).lossOf(spec, new Size(4, 4), Death.WORKER_MACHINE))
        .isInstanceOf(ForecastException.class)
        .hasMessageContaining("went on without worker-2,");
  }

  /** 65 buckets, one after another, are not there at once. */
  @Test
  void refusesStandbysThatAreNeverFilled() {
    ClusterSpec spec =
        new ClusterSpec(
            4, 1, 1, true, new Hardware(2, false, new Link(1e9, 50_000), new Stragglers.None()));
    SimCluster cluster = OneLayer.free().simulator(SEED).assembled(spec, new Size(4, 4), Set.of());
    cluster.train(1);
    Settling settling = new Settling(cluster);

    assertThatThrownBy(() -> settling.mirror(0))
        .isInstanceOf(ForecastException.class)
        .hasMessageStartingWith(
            "simulated run: expected standbys to be filled within 0 steps, found that they are not;");
    settling.mirror();
    settling.requireAll();
  }

  /** Eight gradients of 4 MB by 50 kbit/s take an hour and a half. */
  @Test
  void refusesLinksWithWhichNoStepEnds() {
    ClusterSpec spec = cluster(8, 1, new Link(5e4, 0));

    assertThatThrownBy(() -> run(OneLayer.free(), spec))
        .isInstanceOf(ForecastException.class)
        .hasMessage(
            "simulated run: expected a step within 1 h, found none (nodes: 8, servers: 1, links of 50000 bit/s); faster links, more servers or smaller steps are needed");
  }

  @Test
  void refusesMoreServersThanBuckets() {
    ClusterSpec spec = cluster(2, 1_000, Link.FREE);

    assertThatThrownBy(() -> run(OneLayer.free(), spec))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("servers: expected at most 65, one for each bucket of weights, found 1000");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 16})
  void aStepWaitsForTheSlowestNode(int nodes) {
    OneLayer model = OneLayer.free();
    Stragglers lognormal = new Stragglers.LogNormal(0.3);
    ClusterSpec spec = with(cluster(nodes, 1, Link.FREE), lognormal);

    Simulated simulated = run(model, spec);

    assertThat(simulated.stepNanos())
        .isCloseTo(model.slowestNanos(SEED, nodes, 0.3), withPercentage(1));
    assertThat(run(model, spec)).isEqualTo(simulated);
  }
}
