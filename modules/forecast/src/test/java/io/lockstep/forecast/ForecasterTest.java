package io.lockstep.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.forecast.Failures.Checkpoints;
import io.lockstep.forecast.FormulaSimulator.Costs;
import io.lockstep.forecast.Simulator.Size;
import io.lockstep.forecast.Work.Evaluations;
import io.lockstep.model.StepParts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

final class ForecasterTest {

  /** F = D = 1 ms a leaf, G = 10 MB, b = 0. */
  private static final Costs COMPUTE = new Costs(1e6, 1e6, 0);

  private static final double BYTES = 10e6;
  private static final Evaluations NOTHING = new Evaluations(0, 0, costs());
  private static final Work WEAK = new Work(new Size(320, 10), true, 1 << 28, 1, 0, NOTHING);
  private static final Work STRONG = new Work(new Size(4096, 128), false, 409600, 10, 0, NOTHING);

  private static PassCosts costs() {
    return new PassCosts(List.of(new PassScript(1, List.of())), 1e6, List.of(1.0, 1.5));
  }

  private static Forecaster forecaster(Work work, Costs costs, Failures failures) {
    return forecaster(7, work, failures, seed -> new FormulaSimulator(costs, BYTES, 0, seed));
  }

  private static Forecaster forecaster(
      long seed, Work work, Failures failures, LongFunction<Simulator> simulators) {
    return new Forecaster(
        new Scenario(simulators, seed, work, failures, 1 << 10, SpareCores.of(0)));
  }

  private static ClusterSpec cluster(int nodes, int servers, double bitsPerSecond) {
    return cluster(nodes, servers, new Link(bitsPerSecond, 0));
  }

  private static ClusterSpec cluster(int nodes, int servers, Link link) {
    return new ClusterSpec(nodes, 1, servers, true, machines(false, link));
  }

  private static Hardware machines(boolean oneMachine, Link link) {
    return new Hardware(2, oneMachine, link, new Stragglers.None());
  }

  private static ClusterSpec uneven(int servers) {
    Hardware even = machines(false, new Link(1e12, 0));
    return new ClusterSpec(4, 1, servers, true, even.withStragglers(new Stragglers.LogNormal(0.5)));
  }

  @Test
  void isIdealWithoutANetwork() {
    Forecaster forecaster = forecaster(WEAK, COMPUTE, Failures.NONE);
    for (int nodes = 1; nodes <= 256; nodes *= 2) {
      Prediction prediction = forecaster.predict(cluster(nodes, 1, Double.POSITIVE_INFINITY));
      assertThat(prediction.efficiency()).isCloseTo(1, within(1e-12));
      assertThat(prediction.rowsPerSecond()).isCloseTo(nodes * 320 / 20e-3, within(1e-6));
      assertThat(prediction.bottleneck().is(Resource.COMPUTE)).isTrue();
    }
  }

  /** The backward pass hides the server's link as long as n·G/(k·β) is at most D. */
  @Test
  void namesTheServersLinkBelowItsKnee() {
    Forecaster forecaster = forecaster(WEAK, COMPUTE, Failures.NONE);
    double knee = 8 * 16 * BYTES / (4 * 10e-3); // n = 16, k = 4, D = 10 ms

    assertThat(named(forecaster, cluster(16, 4, 0.94 * knee))).isEqualTo(Resource.SERVER_LINK);
    assertThat(named(forecaster, cluster(16, 4, 1.01 * knee))).isEqualTo(Resource.COMPUTE);
  }

  private static Resource named(Forecaster forecaster, ClusterSpec cluster) {
    List<Resource> named = forecaster.predict(cluster).bottleneck().resources();
    assertThat(named).hasSize(1);
    return named.getFirst();
  }

  @Test
  void namesWhatAClusterWasMadeShortOf() {
    Forecaster plain = forecaster(WEAK, COMPUTE, Failures.NONE);
    assertThat(named(plain, cluster(4, 64, 4e9))).isEqualTo(Resource.WORKER_LINK);

    ClusterSpec far = cluster(4, 64, new Link(1e12, 5_000_000));
    assertThat(named(plain, far)).isEqualTo(Resource.LATENCY);

    Costs adding = new Costs(1e6, 1e6, 3e6);
    assertThat(named(forecaster(WEAK, adding, Failures.NONE), cluster(8, 1, 1e12)))
        .isEqualTo(Resource.AGGREGATION);

    ClusterSpec uneven = uneven(64);
    assertThat(named(plain, uneven)).isEqualTo(Resource.STRAGGLERS);
  }

  /** With as many servers as nodes, either link alone would hide that the other one is full. */
  @Test
  void namesBothLinksWhereTheyBindAlike() {
    Forecaster forecaster = forecaster(WEAK, COMPUTE, Failures.NONE);
    Prediction prediction = forecaster.predict(cluster(8, 8, 4e9));

    assertThat(prediction.bottleneck().gains().get(Resource.SERVER_LINK)).isZero();
    assertThat(prediction.bottleneck().gains().get(Resource.WORKER_LINK)).isZero();
    assertThat(prediction.bottleneck().resources())
        .containsExactly(Resource.WORKER_LINK, Resource.SERVER_LINK);
    assertThat(prediction.bottleneck().gain()).isCloseTo(0.333, within(0.001));
  }

  /** What saves less, but something, does not hide that both links are full. */
  @Test
  void namesBothLinksBesideWhatSavesLess() {
    Forecaster forecaster = forecaster(WEAK, new Costs(1e6, 1e6, 1e6), Failures.NONE);
    Prediction prediction = forecaster.predict(cluster(8, 8, 4e9));

    assertThat(prediction.bottleneck().gains().get(Resource.AGGREGATION)).isGreaterThan(0.02);
    assertThat(prediction.bottleneck().resources())
        .containsExactly(Resource.WORKER_LINK, Resource.SERVER_LINK);
    assertThat(prediction.bottleneck().gain()).isCloseTo(0.32, within(0.02));
  }

  @Test
  void findsTheFewestServersThatAreNoBottleneck() {
    Forecaster forecaster = forecaster(WEAK, COMPUTE, Failures.NONE);
    for (int nodes : new int[] {1, 5, 16, 100}) {
      ClusterSpec like = cluster(nodes, 1, 10e9);
      int least = 1;
      while (!forecaster.isEnough(like.withServers(least))) {
        least++;
      }
      assertThat(forecaster.withEnoughServers(like).servers()).isEqualTo(least);
    }
    assertThat(forecaster.withEnoughServers(cluster(100, 1, 10e9)).servers()).isEqualTo(77);
  }

  @Test
  void takesFewServersWhereMoreWouldNotHelp() {
    Forecaster forecaster = forecaster(WEAK, COMPUTE, Failures.NONE);
    Forecaster few =
        forecaster(7, WEAK, Failures.NONE, seed -> new FormulaSimulator(COMPUTE, BYTES, 2e5, seed));
    ClusterSpec like = cluster(16, 1, 10e9); // 16 · 0.2 MB at the end, whatever k is

    assertThat(few.withEnoughServers(like).servers()).isEqualTo(16);
    assertThat(forecaster.withEnoughServers(like).servers()).isEqualTo(13);
  }

  @Test
  void findsTheSmallestClusterThatIsFastEnough() {
    Forecaster forecaster = forecaster(STRONG, COMPUTE, Failures.NONE);
    ClusterSpec like = cluster(1, 64, 1e12);
    for (double seconds : new double[] {30, 60, 100, 200}) {
      SmallestCluster smallest = forecaster.within(like, false, seconds * 1e9);

      int least = 1;
      while (forecaster.predict(like.withNodes(least)).training().nanos() > seconds * 1e9) {
        least++;
      }
      assertThat(smallest.found()).isTrue();
      assertThat(smallest.prediction().cluster().nodes()).isEqualTo(least);
    }
  }

  @Test
  void saysWhereMicroBatchesEndTheSearch() {
    Forecaster forecaster = forecaster(STRONG, COMPUTE, Failures.NONE);

    SmallestCluster none = forecaster.within(cluster(1, 64, 1e12), false, 1e9);

    assertThat(none.found()).isFalse();
    assertThat(none.mostNodes()).isEqualTo(128);
    assertThat(none.prediction().cluster().nodes()).isEqualTo(128);
    assertThat(none.prediction().training().stepsNanos()).isCloseTo(2e9, within(0.2e9));
  }

  @Test
  void spreadsOverDrawsAndIsTheSameForTheSameSeed() {
    ClusterSpec uneven = uneven(64);
    Prediction prediction = forecaster(WEAK, COMPUTE, Failures.NONE).predict(uneven);

    assertThat(prediction.leastRowsPerSecond()).isLessThan(prediction.rowsPerSecond());
    assertThat(prediction.mostRowsPerSecond()).isGreaterThan(prediction.rowsPerSecond());
    assertThat(forecaster(WEAK, COMPUTE, Failures.NONE).predict(uneven)).isEqualTo(prediction);
  }

  /** As slow as its draw says, but for nobody who waits for stragglers. */
  private static Simulator drawn(long seed) {
    return (cluster, size, free) -> {
      boolean even = free.contains(Resource.STRAGGLERS);
      double step = even ? 1e6 : 1e6 * (1 + new Random(seed).nextDouble());
      StepParts parts = new StepParts(step, 0, 0, 0, 0);
      return new Simulated(50, step, parts, Map.of(), 1);
    };
  }

  /** What is named would be saved of the step that is shown. */
  @Test
  void namesWhatTheDrawThatIsShownIsShortOf() {
    ClusterSpec uneven = uneven(1);
    for (long seed = 0; seed < 10; seed++) {
      Prediction prediction =
          forecaster(seed, WEAK, Failures.NONE, ForecasterTest::drawn).predict(uneven);

      assertThat(prediction.bottleneck().is(Resource.STRAGGLERS)).isTrue();
      assertThat(prediction.bottleneck().gain())
          .isCloseTo(1 - 1e6 / prediction.step().stepNanos(), within(1e-12));
    }
  }

  @Test
  void noTwoSeedsHaveADrawInCommon() {
    ClusterSpec uneven = uneven(1);
    Set<Long> seeds = ConcurrentHashMap.newKeySet();
    LongFunction<Simulator> noting =
        seed -> {
          seeds.add(seed);
          return drawn(seed);
        };
    int seen = 0;
    for (long seed = -2; seed <= 2; seed++) {
      forecaster(seed, WEAK, Failures.NONE, noting).predict(uneven);
      seeds.add(Scenario.seedOfLosses(seed));
      seen += Runs.DRAWS + 1;
      assertThat(seeds).hasSize(seen);
    }
  }

  /** With eight draws of a seed, that of 2⁶¹ more would have the same ones. */
  @Test
  void seedsEndWhereDrawsWouldComeAgain() {
    long most = Scenario.MOST_SEED;
    assertThat(most).isEqualTo((1L << 60) - 1);
    assertThat(Runs.seed(most, Runs.DRAWS)).isEqualTo(Long.MAX_VALUE);
    assertThat(Runs.seed(-most, 0)).isEqualTo(Long.MIN_VALUE + 8);
    for (long beyond : new long[] {most + 1, -most - 1, 1L << 61, Long.MIN_VALUE}) {
      assertThatThrownBy(() -> Runs.seed(beyond, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("seed: expected -1152921504606846975 to 1152921504606846975");
    }
  }

  /** Two workers of a node get into each other's way: so one micro-batch for each node is best. */
  @Test
  void triesAsManyNodesAsThereAreMicroBatches() {
    Work four = new Work(new Size(128, 4), false, 1280, 1, 0, NOTHING);
    Simulator crowded =
        (cluster, size, free) -> {
          int ofNode = Math.ceilDiv(size.microBatches(), cluster.nodes());
          double step = 1e9 * Math.ceilDiv(ofNode, 2) * (ofNode > 1 ? 1.5 : 1);
          StepParts parts = new StepParts(step, 0, 0, 0, 0);
          return new Simulated(50, step, parts, Map.of(), 1);
        };
    ClusterSpec pairs = new ClusterSpec(1, 2, 1, false, machines(false, Link.FREE));

    SmallestCluster smallest =
        forecaster(1, four, Failures.NONE, seed -> crowded).within(pairs, false, 10e9);

    assertThat(four.mostNodes(pairs)).isEqualTo(4);
    assertThat(smallest.found()).isTrue();
    assertThat(smallest.prediction().cluster().nodes()).isEqualTo(4);
  }

  @Test
  void oneMachinesWorkersShareItsCoresWhileTheyEvaluate() {
    Work work = new Work(new Size(128, 4), false, 128, 1, 0, new Evaluations(16, 0, costs()));
    ClusterSpec machines = cluster(4, 1, 1e9); // One worker each: 4 units after one another.
    ClusterSpec machine = new ClusterSpec(4, 1, 1, true, machines(true, Link.FREE));

    assertThat(work.evaluationNanos(machines)).isEqualTo(4e6);
    assertThat(work.evaluationNanos(machine)).isEqualTo(4e6 * 1.5 * 2); // Two cores, four workers.
  }

  @Test
  void simulatesNothingTwice() {
    List<ClusterSpec> asked = new ArrayList<>();
    FormulaSimulator formula = new FormulaSimulator(COMPUTE, BYTES, 0, 1);
    Simulator counting =
        (cluster, size, free) -> {
          asked.add(cluster);
          return formula.run(cluster, size, free);
        };
    Forecaster forecaster = forecaster(1, WEAK, Failures.NONE, seed -> counting);
    forecaster.predict(cluster(4, 1, 10e9));
    int first = asked.size();
    forecaster.predict(cluster(4, 1, 10e9));

    assertThat(asked).hasSize(first);
  }

  /**
   * Six servers and 30 nodes at 1/100 h, for 10 h of training: 0.6 and 3 deaths. 10,000 steps of 1
   * ms are done with a node less, each 20 µs longer.
   */
  @Test
  void expectsTheTimeThatFailuresCost() {
    Checkpoints hourly = new Checkpoints(0, 3600e9);
    Losses losses =
        (cluster, size, death) -> death.isOfServer() ? new Loss(2e9, 0) : new Loss(1e9, 2e4);
    Failures failures = new Failures(0.01, 10e9, hourly, losses);
    ClusterSpec cluster = cluster(30, 6, 10e9);
    Size size = new Size(960, 30);
    double training = 10 * 3600e9;

    assertThat(failures.expectedNanos(cluster, size, 1e6, training))
        .isCloseTo(3 * (1e9 + 0.2e9) + 0.6 * 2e9, within(1.0));
    assertThat(failures.expectedNanos(cluster, new Size(320, 10), 1e6, training)) // 20 are idle.
        .isCloseTo(1 * (1e9 + 0.2e9) + 0.6 * 2e9, within(1.0));
    ClusterSpec bare = new ClusterSpec(30, 1, 6, false, cluster.hardware());
    assertThat(failures.expectedNanos(bare, size, 1e6, training))
        .isCloseTo(3 * (1e9 + 0.2e9) + 0.6 * (10e9 + 1800e9), within(1.0));
    ClusterSpec machine = new ClusterSpec(2, 1, 1, true, machines(true, Link.FREE));
    assertThat(failures.expectedNanos(machine, size, 1e6, training))
        .isCloseTo(0.1 * (10e9 + 1800e9), within(1.0));
  }

  @Test
  void savesByStepsOrByTimeWhicheverComesFirst() {
    assertThat(new Checkpoints(0, 0).interval(1e6, 5e12)).isEqualTo(5e12);
    assertThat(new Checkpoints(100, 0).interval(1e6, 5e12)).isEqualTo(1e8);
    assertThat(new Checkpoints(100, 1e7).interval(1e6, 5e12)).isEqualTo(1e7);
  }

  @Test
  void worksAsLongAsThereIsAnythingToDo() {
    ClusterSpec four = cluster(4, 1, 1e9);
    Work weak = new Work(new Size(100, 3), true, 1000, 5, 0, new Evaluations(9, 4, costs()));
    assertThat(weak.size(four)).isEqualTo(new Size(400, 12));
    assertThat(weak.steps(four)).isEqualTo(15);
    assertThat(weak.evaluationNanos(four)).isEqualTo((5 * 3 + 1) * 1e6);
    assertThat(weak.size(four.withNodes(1000))).isEqualTo(new Size(1000, 30));
    assertThat(weak.mostNodes(four)).isEqualTo(10);
    assertThat(new Work(new Size(300, 3), true, 1000, 1, 0, NOTHING).mostNodes(four)).isEqualTo(4);
    Work huge = new Work(new Size(8192, 8192), true, 60_000, 1, 0, NOTHING);
    assertThat(huge.size(four.withNodes(1 << 20))).isEqualTo(new Size(60_000, 60_000));

    Work strong = new Work(new Size(100, 3), false, 1000, 5, 12, NOTHING);
    assertThat(strong.steps(four)).isEqualTo(12);
    assertThat(strong.mostNodes(four)).isEqualTo(3);
    assertThat(strong.busyWorkers(four)).isEqualTo(3);
  }
}
