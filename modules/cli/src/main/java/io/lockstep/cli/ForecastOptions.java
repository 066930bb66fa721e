package io.lockstep.cli;

import io.lockstep.Forecasting.Question;
import io.lockstep.cli.ForecastWords.NodeCounts;
import io.lockstep.config.Configuration;
import io.lockstep.forecast.ClusterSpec;
import io.lockstep.forecast.Hardware;
import io.lockstep.forecast.Link;
import io.lockstep.forecast.Scenario;
import io.lockstep.forecast.Stragglers;
import io.lockstep.report.Numbers;
import io.lockstep.report.scale.ScaleMode;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The machines that {@code forecast} is asked about, and what is to be known of them. */
final class ForecastOptions {

  private static final int MOST_OF_NODE = 1 << 10;
  private static final double MOST_LATENCY = 10e9;
  private static final double USUAL_BANDWIDTH = 10e9;
  private static final double USUAL_LATENCY = 50e3;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      required = true,
      converter = ForecastWords.OfNodes.class,
      description =
          "Numbers of nodes with workers: 1,2,8, or 1..1024, which is doubled from one to the other.")
  private NodeCounts nodes;

  @Option(
      names = "--bandwidth",
      paramLabel = "R",
      converter = ForecastWords.OfBandwidth.class,
      description = "Of each machine's link, in each direction (default: 10Gbit).")
  private Double bandwidth;

  @Option(
      names = "--latency",
      paramLabel = "T",
      converter = ForecastWords.OfTime.class,
      description = "From one machine to another (default: 50us).")
  private Double latencyNanos;

  @Option(
      names = "--cores-per-node",
      paramLabel = "C",
      description = "Cores of each machine (default: those of the profile's machine).")
  private Integer cores;

  @Option(
      names = "--workers-per-node",
      paramLabel = "W",
      description =
          "Workers of each node, whatever cluster.workers is (default: one for each core; with --one-machine its cores by the most nodes of --nodes, one at least: servers use some of them, too).")
  private Integer workers;

  @Option(
      names = "--servers",
      paramLabel = "K|auto",
      converter = ForecastWords.OfServers.class,
      description =
          "Parameter servers, each on a machine of its own; auto: the fewest that are no bottleneck (default: 1, whatever cluster.servers is).")
  private int servers = 1;

  @Option(
      names = "--standbys",
      paramLabel = "0|1",
      description = "Whether servers have standbys (default: cluster.standbys, as configured).")
  private Integer standbys;

  @Option(
      names = "--one-machine",
      description =
          "All are processes of one machine, with C cores, and share its memory: without --bandwidth, --latency, and --servers auto.")
  private boolean oneMachine;

  @Option(
      names = "--mode",
      paramLabel = "strong|weak",
      converter = ScaleOptions.OfMode.class,
      description =
          "strong: the batch stays the same; weak: each worker's part of it does (default: strong).")
  private ScaleMode mode = ScaleMode.STRONG;

  @Option(
      names = "--batch",
      paramLabel = "B",
      description =
          "Rows of a step, of each worker with --mode weak (default: train.batch, as configured).")
  private Integer batch;

  @Option(
      names = "--stragglers",
      paramLabel = "S",
      converter = ForecastWords.OfStragglers.class,
      description =
          "lognormal:0.2: each node's time for each step varies by such a factor; slow:2:1/16: one node of 16 takes twice as long (default: none).")
  private Stragglers stragglers = new Stragglers.None();

  @Option(
      names = "--failures",
      paramLabel = "F",
      converter = ForecastWords.OfRate.class,
      description = "How often a machine fails, such as 1/1000h (default: never).")
  private double failuresPerHour;

  @Option(
      names = "--restart",
      paramLabel = "T",
      converter = ForecastWords.OfTime.class,
      description = "Until another machine is in the place of one that failed (default: 60s).")
  private double restartNanos = 60e9;

  @Option(
      names = "--compression",
      paramLabel = "bf16|none",
      converter = ForecastWords.OfCompression.class,
      description = "How gradients travel (default: train.gradients, as configured).")
  private String gradients;

  @Option(
      names = "--within",
      paramLabel = "T",
      converter = ForecastWords.OfTime.class,
      description = "Also finds the smallest cluster that trains within this time.")
  private Double withinNanos;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Of what is drawn by lot: the same seed, the same forecast (default: 1).")
  private long seed = 1;

  /**
   * @throws BadInputException if a number cannot be
   */
  void requireSense() {
    require("--cores-per-node", cores, MOST_OF_NODE);
    require("--workers-per-node", workers, MOST_OF_NODE);
    require("--batch", batch, Integer.MAX_VALUE);
    requireLinks();
    if (latencyNanos != null && latencyNanos > MOST_LATENCY) {
      throw new BadInputException("--latency: expected at most 10 s");
    }
    if (seed < -Scenario.MOST_SEED || seed > Scenario.MOST_SEED) {
      throw new BadInputException(
          "--seed: expected %d to %d but found %d"
              .formatted(-Scenario.MOST_SEED, Scenario.MOST_SEED, seed));
    }
    if (standbys != null && standbys != 0 && standbys != 1) {
      throw new BadInputException("--standbys: expected 0 or 1 but found " + standbys);
    }
  }

  /** Processes of one machine have none, and one server. */
  private void requireLinks() {
    if (oneMachine && (bandwidth != null || latencyNanos != null || autoServers())) {
      throw new BadInputException(
          "--one-machine: expected neither --bandwidth nor --latency nor --servers auto: processes of one machine share its memory and its cores");
    }
  }

  private static void require(String option, Integer number, int most) {
    if (number != null && number < 1) {
      throw new BadInputException("%s: expected 1 or more but found %d".formatted(option, number));
    }
    if (number != null && number > most) {
      throw new BadInputException(
          "%s: expected at most %d but found %d".formatted(option, most, number));
    }
  }

  /**
   * @param most servers that have work
   * @throws BadInputException if there are to be more
   */
  void requireServers(int most) {
    if (servers > most) {
      throw new BadInputException(
          "--servers %d: expected at most %d, since the weights are cut into %s and a server has whole ones; more by --set cluster.bucketBytes=BYTES"
              .formatted(servers, most, Numbers.count(most, "bucket")));
    }
  }

  /** What the configuration has to have, each {@code key=value}. */
  List<String> settings() {
    List<String> settings = new ArrayList<>();
    if (batch != null) {
      settings.add("train.batch=" + batch);
    }
    if (gradients != null) {
      settings.add("train.gradients=" + gradients);
    }
    return settings;
  }

  /** The clusters, with one server where servers are to be found; by nodes. */
  List<ClusterSpec> clusters(Configuration configuration, int usualCores) {
    int each = cores == null ? usualCores : cores;
    int usualWorkers = oneMachine ? Math.max(1, each / nodes.all().getLast()) : each;
    int copies = standbys == null ? configuration.cluster().standbys() : standbys;
    ClusterSpec like =
        new ClusterSpec(
            1,
            workers == null ? usualWorkers : workers,
            Math.max(1, servers),
            copies > 0,
            new Hardware(each, oneMachine, link(), stragglers));
    return nodes.all().stream().map(like::withNodes).toList();
  }

  private Link link() {
    return new Link(
        bandwidth == null ? USUAL_BANDWIDTH : bandwidth,
        Math.round(latencyNanos == null ? USUAL_LATENCY : latencyNanos));
  }

  /** What does not depend on the machines. */
  Question question() {
    return new Question(mode == ScaleMode.WEAK, seed, failuresPerHour, restartNanos);
  }

  ScaleMode mode() {
    return mode;
  }

  boolean autoServers() {
    return servers == 0;
  }

  /** In which it is to be trained; null if nobody asked. */
  Double withinNanos() {
    return withinNanos;
  }
}
