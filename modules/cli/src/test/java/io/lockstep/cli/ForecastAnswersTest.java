package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.config.Configuration;
import io.lockstep.config.Overrides;
import io.lockstep.forecast.AggregationCosts;
import io.lockstep.forecast.ClusterSpec;
import io.lockstep.forecast.Failures;
import io.lockstep.forecast.Forecaster;
import io.lockstep.forecast.Hardware;
import io.lockstep.forecast.Link;
import io.lockstep.forecast.Loss;
import io.lockstep.forecast.PassCosts;
import io.lockstep.forecast.PassScript;
import io.lockstep.forecast.Profile;
import io.lockstep.forecast.Resource;
import io.lockstep.forecast.Scenario;
import io.lockstep.forecast.Simulated;
import io.lockstep.forecast.Simulator;
import io.lockstep.forecast.Simulator.Size;
import io.lockstep.forecast.SpareCores;
import io.lockstep.forecast.Stragglers;
import io.lockstep.forecast.WireCosts;
import io.lockstep.forecast.Work;
import io.lockstep.forecast.Work.Evaluations;
import io.lockstep.model.StepParts;
import io.lockstep.report.forecast.ForecastResults;
import io.lockstep.report.forecast.Measurement;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Answers in words and tables, of steps that a formula knows. */
final class ForecastAnswersTest {

  private static final WireCosts.Path PATH = WireCosts.Path.FREE;
  private static final PassCosts PASSES =
      new PassCosts(List.of(new PassScript(1, List.of())), 1e6, List.of(1.0, 1.0));

  /** Of the time in which the profile was measured, what other programs took. */
  private double taken;

  /**
   * A leaf takes 8 ms, or up to twice that where something is drawn by lot, and a server's link 1
   * ms for each of its nodes.
   */
  private static Simulator formula(long seed) {
    return (cluster, size, free) -> {
      boolean drawn = !(cluster.hardware().stragglers() instanceof Stragglers.None);
      double leaf = drawn ? 8e6 * (1 + new Random(seed).nextDouble()) : 8e6;
      double compute =
          free.contains(Resource.COMPUTE)
              ? 0
              : leaf * Math.ceilDiv(size.microBatches(), cluster.workers());
      double link =
          free.contains(Resource.SERVER_LINK) ? 0 : 1e6 * cluster.nodes() / cluster.servers();
      double step = compute + link;
      return new Simulated(
          50,
          step,
          new StepParts(compute, 0, 0, link, 0),
          Map.of(Resource.SERVER_LINK, link / step),
          1);
    };
  }

  private ForecastResults results(String... words) {
    return results(Failures.NONE, words);
  }

  private ForecastResults results(Failures failures, String... words) {
    return results(Configuration.bundled("digits", Overrides.NONE), failures, words);
  }

  private ForecastResults results(Configuration digits, Failures failures, String... words) {
    ForecastOptions options = new ForecastOptions();
    CommandLine.populateCommand(options, words);
    Work work =
        new Work(
            new Size(128, 4),
            options.question().perWorker(),
            12800,
            10,
            0,
            new Evaluations(0, 0, PASSES));
    Forecaster forecaster =
        new Forecaster(
            new Scenario(
                ForecastAnswersTest::formula,
                options.question().seed(),
                work,
                failures,
                64,
                SpareCores.of(1)));
    var machine = new Profile.Machine("a CPU", 2, "25", "0.1", taken);
    var profile =
        new Profile(machine, PASSES, new AggregationCosts(0, 0, 0), new WireCosts(PATH, PATH, 0));
    return new ForecastAnswers(digits, profile, options, work)
        .results(
            new ForecastPoints(forecaster, options),
            options.clusters(digits, 2),
            new ForecastProgress(Terminal.piped(System.out, System.err), true));
  }

  @Test
  void saysFirstThatMicroBatchesAreNotDivided() {
    ForecastResults results = results("--nodes=1..8", "--workers-per-node=1");

    assertThat(results.remarks())
        .containsExactly(
            "a step has 4 micro-batches, so at most 4 workers have work, of 8 with 8 nodes; more by --batch, --mode weak, or --set train.microBatches");
    assertThat(results("--nodes=1..4", "--workers-per-node=1").remarks()).isEmpty();
    assertThat(results("--nodes=1..64", "--workers-per-node=1", "--mode=weak").remarks()).isEmpty();
    assertThat(results("--nodes=1024", "--workers-per-node=1", "--mode=weak").remarks())
        .containsExactly(
            "a step has 400 micro-batches, so at most 400 workers have work, of 1,024 with 1,024 nodes; that is all training rows");
  }

  @Test
  void saysWhatIsNotKnown() {
    assertThat(results("--nodes=1", "--cores-per-node=4", "--mode=weak").remarks())
        .containsExactly(
            "how threads slow each other down was measured with 2 cores: 4 are taken to do so no more than these");
    Configuration hour = Configuration.bundled("digits", List.of("train.maxTime=1h"));
    assertThat(results(hour, Failures.NONE, "--nodes=1").remarks())
        .containsExactly("train.maxTime may end a training earlier: its time is the most it takes");
  }

  @Test
  void saysThatTheProfileIsOfABusyMachine() {
    taken = 0.05;
    assertThat(results("--nodes=1", "--workers-per-node=1").remarks()).isEmpty();
    taken = 0.23;
    assertThat(results("--nodes=1", "--workers-per-node=1").remarks())
        .containsExactly(
            "passes had no core for 23.0 % of the time in which they were measured, by other programs or a limit of CPU time: costs in the profile are too high; measure while nothing else computes");
  }

  /** A training of 33 s, while a machine fails each minute for 10 s. */
  @Test
  void saysWhereFailuresMeetFailures() {
    Failures often =
        new Failures(
            60, 10e9, new Failures.Checkpoints(1, 0), (cluster, size, death) -> new Loss(0, 0));

    assertThat(results(often, "--nodes=1", "--workers-per-node=1").remarks())
        .containsExactly(
            "with 1 node, 1 server failures cost more than a tenth of the training, and rather more than is said: what fails in the time that is lost is left out");
  }

  @Test
  void namesTheBottleneckAndWhatRemovesIt() {
    ForecastResults results = results("--nodes=1..4", "--workers-per-node=1");

    assertThat(results.points()).hasSize(3);
    assertThat(results.points().getLast().limit().name()).isEqualTo("server link");
    assertThat(results.points().getLast().limit().servers()).isEqualTo(25);
    assertThat(results("--nodes=4", "--workers-per-node=1", "--servers=auto").points().getFirst())
        .satisfies(point -> assertThat(point.machines().servers()).isEqualTo(25))
        .satisfies(point -> assertThat(point.limit().name()).isEqualTo("compute"));
  }

  /** With one node 1,000 steps of 33 ms; with two of 18; with four of 12. */
  @Test
  void findsTheSmallestCluster() {
    String[] words = {"--nodes=1", "--workers-per-node=1", "--within=20s"};
    assertThat(results(words).answer())
        .isEqualTo("The smallest cluster that trains in 20.0 s: 2 nodes, 1 server, in 18.0 s.");
    words[2] = "--within=5s";
    assertThat(results(words).answer())
        .isEqualTo(
            "No cluster was found that trains in 5.00 s: with 4 nodes, 1 server it takes 12.0 s, and more would have no micro-batches to do.");
  }

  @Test
  void isTheSameForTheSameProfileAndSeed() {
    String[] words = {"--nodes=1..4", "--stragglers=lognormal:0.2", "--seed=3"};
    String json = results(words).toJson();
    assertThat(results(words).toJson()).isEqualTo(json);
    words[2] = "--seed=4";
    assertThat(results(words).points())
        .allMatch(point -> point.rate().median() > point.rate().least())
        .isNotEqualTo(results("--nodes=1..4", "--stragglers=lognormal:0.2", "--seed=3").points());
  }

  @Test
  void doesNotSayThatMicroBatchesEndWhereRowsDo() {
    assertThat(results("--nodes=1", "--workers-per-node=1", "--mode=weak", "--within=1ms").answer())
        .endsWith("a step has all training rows by then.");
  }

  /** What is looked for may fail as often as what is asked for: each is named, once. */
  @Test
  void saysOfAllWhereFailuresMeetFailures() {
    Failures often =
        new Failures(
            60, 10e9, new Failures.Checkpoints(1, 0), (cluster, size, death) -> new Loss(10e9, 0));

    assertThat(results(often, "--nodes=1", "--workers-per-node=1", "--within=1s").remarks())
        .singleElement()
        .asString()
        .startsWith("with 1 node, 1 server; 4 nodes, 1 server failures cost");
  }

  @Test
  void showsWhichSimulationItIsAt() {
    ClusterSpec cluster =
        new ClusterSpec(
            1024, 1, 1, false, new Hardware(2, false, new Link(1e9, 0), new Stragglers.None()));
    assertThat(ForecastProgress.text(1234, cluster))
        .isEqualTo("simulation 1,234: 1,024 nodes, 1 server");
  }

  /** Two cores for four nodes: no worker more than that. */
  @Test
  void oneMachinesCoresAreForAllOfItsNodes() {
    assertThat(results("--nodes=1,2,4", "--one-machine").points())
        .allMatch(point -> point.machines().workers() == point.machines().nodes());
    assertThat(results("--nodes=1", "--one-machine").points())
        .allMatch(point -> point.machines().workers() == 2);
  }

  @Test
  void saysLinksInTheUnitOfTheirSize() {
    assertThat(machines("--bandwidth=56kbit", "--latency=1234us"))
        .contains("links of 56 kbit/s and 1.234 ms,");
    assertThat(machines("--bandwidth=2.5Gbit", "--latency=0s"))
        .contains("links of 2.5 Gbit/s and 0 µs,");
  }

  @Test
  void saysWhatIsTakenForGranted() {
    Configuration half = Configuration.bundled("digits", List.of("train.gradients=bfloat16"));
    String[] words = {
      "--nodes=1", "--failures=1/1000h", "--restart=90s", "--stragglers=slow:2:1/16"
    };

    assertThat(results(half, Failures.NONE, words).setup().assumptions())
        .contains(
            "6.3 % of the nodes, rounded up, take 2 times as long, for good.",
            "A machine fails every 1,000 hours in the mean, and another is in its place after 90.0 s.",
            "Gradients travel as bfloat16.");
  }

  private String machines(String bandwidth, String latency) {
    return results("--nodes=1", bandwidth, latency).setup().assumptions().getFirst();
  }

  @Test
  void printsALineForEachCluster() {
    List<String> lines =
        ForecastText.lines(results("--nodes=1..4", "--workers-per-node=1"), Measurement.NONE);

    assertThat(lines)
        .anyMatch(line -> line.matches("4 +1 +128 .* server link +33\\.3 % +25 servers.*"));
    assertThat(lines.getFirst())
        .isEqualTo(
            "Nodes of 2 cores and 1 worker, links of 10 Gbit/s and 50 µs, servers with standbys.");
  }
}
