package io.lockstep.cli;

import io.lockstep.config.Configuration;
import io.lockstep.config.TrainSettings;
import io.lockstep.forecast.ClusterSpec;
import io.lockstep.forecast.Profile;
import io.lockstep.forecast.SmallestCluster;
import io.lockstep.forecast.Stragglers;
import io.lockstep.forecast.Work;
import io.lockstep.model.BuildInfo;
import io.lockstep.report.Numbers;
import io.lockstep.report.forecast.Durations;
import io.lockstep.report.forecast.ForecastPoint;
import io.lockstep.report.forecast.ForecastResults;
import io.lockstep.report.forecast.ForecastResults.Setup;
import io.lockstep.report.scale.Deployment;
import io.lockstep.report.scale.Deployment.Places;
import io.lockstep.training.GradientFormat;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What {@code forecast} has to say in words.
 *
 * @param configuration what is trained
 * @param profile that all is calculated from
 * @param options the user's
 * @param work what is to be trained
 */
record ForecastAnswers(
    Configuration configuration, Profile profile, ForecastOptions options, Work work) {

  private static final double SECOND = 1e9;
  private static final double MICRO = 1e3;
  private static final double MILLI = 1e6;

  /** Share of the training that failures cost, up to which they hardly meet. */
  private static final double MUCH = 0.1;

  /** Share of the time that others may take of a measurement. */
  private static final double MOST_TAKEN = 0.05;

  /** Predicts all clusters, the first things to know being said before. */
  ForecastResults results(
      ForecastPoints points, List<ClusterSpec> clusters, ForecastProgress progress) {
    List<String> remarks = new ArrayList<>(remarks(clusters));
    remarks.forEach(progress::warn);
    Found found = found(points, clusters, progress);
    Optional<String> costly =
        costly(Stream.concat(found.all().stream(), found.smallest().point().stream()));
    costly.ifPresent(progress::warn);
    costly.ifPresent(remarks::add);
    return new ForecastResults(
        setup(clusters.getFirst()), remarks, found.all(), found.smallest().answer());
  }

  /** All that is simulated. */
  private record Found(List<ForecastPoint> all, Smallest smallest) {}

  private Found found(
      ForecastPoints points, List<ClusterSpec> clusters, ForecastProgress progress) {
    try {
      progress.begins("simulating " + Figures.count(clusters.size(), "cluster"));
      List<ForecastPoint> all = points.of(clusters);
      if (options.withinNanos() != null) {
        progress.begins("simulating others, to find the smallest one that trains in " + limit());
      }
      return new Found(all, smallest(points, clusters.getFirst()));
    } finally {
      progress.ends();
    }
  }

  private static Optional<String> costly(Stream<ForecastPoint> points) {
    List<String> names =
        points
            .filter(point -> point.training().lostSeconds() > MUCH * point.training().seconds())
            .map(ForecastPoint::name)
            .distinct()
            .toList();
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "with %s failures cost more than a tenth of the training, and rather more than is said: what fails in the time that is lost is left out"
                .formatted(String.join("; ", names)));
  }

  /** What bounds the speed whatever the machines are, and what is not known of them. */
  private List<String> remarks(List<ClusterSpec> clusters) {
    ClusterSpec most = clusters.getLast();
    return Stream.of(disturbed(), together(most), idle(most), crowded(most), atMost())
        .flatMap(Optional::stream)
        .toList();
  }

  private Optional<String> disturbed() {
    double taken = profile.machine().taken();
    return taken <= MOST_TAKEN
        ? Optional.empty()
        : Optional.of(
            "passes had no core for %s of the time in which they were measured, by other programs or a limit of CPU time: costs in the profile are too high; measure while nothing else computes"
                .formatted(Numbers.percent(taken)));
  }

  /** See {@code benchmarks/FORECAST.md}. */
  private static Optional<String> together(ClusterSpec cluster) {
    return cluster.hardware().oneMachine()
        ? Optional.of(
            "how processes get in each other's way on the cores of one machine is not simulated: steps measured beside such forecasts took up to twice as long")
        : Optional.empty();
  }

  private Optional<String> crowded(ClusterSpec cluster) {
    int measured = profile.passes().slowdowns().size();
    int together = cluster.hardware().oneMachine() ? cluster.workers() : cluster.workersPerNode();
    int threads = Math.min(together, cluster.hardware().coresPerNode());
    return threads <= measured
        ? Optional.empty()
        : Optional.of(
            "how threads slow each other down was measured with %s: %d are taken to do so no more than these"
                .formatted(Figures.count(measured, "core"), threads));
  }

  private Optional<String> atMost() {
    TrainSettings train = configuration.train();
    return Stream.of(
            train.maxTime().isPositive() ? "train.maxTime" : "",
            train.stopping().patience() > 0 ? "train.earlyStopping" : "")
        .filter(key -> !key.isEmpty())
        .findFirst()
        .map("%s may end a training earlier: its time is the most it takes"::formatted);
  }

  private Optional<String> idle(ClusterSpec most) {
    int workers = most.workers();
    int busy = work.busyWorkers(most);
    if (busy == workers) {
      return Optional.empty();
    }
    String remedy =
        work.perWorker()
            ? "that is all training rows"
            : "more by --batch, --mode weak, or --set train.microBatches";
    return Optional.of(
        "a step has %s, so at most %s workers have work, of %s with %s; %s"
            .formatted(
                Figures.microBatches(work.size(most).microBatches()),
                Figures.count(busy),
                Figures.count(workers),
                Figures.count(most.nodes(), "node"),
                remedy));
  }

  /**
   * What was found of the smallest cluster.
   *
   * @param point of it, or of the fastest that was tried; empty if nobody asked
   * @param answer in words; null if nobody asked
   */
  private record Smallest(Optional<ForecastPoint> point, String answer) {}

  private Smallest smallest(ForecastPoints points, ClusterSpec like) {
    if (options.withinNanos() == null) {
      return new Smallest(Optional.empty(), null);
    }
    SmallestCluster found = points.smallest(like);
    ForecastPoint point = points.of(found.prediction());
    return new Smallest(Optional.of(point), answer(found, point));
  }

  private String answer(SmallestCluster smallest, ForecastPoint point) {
    String limit = limit();
    String takes = Durations.text(point.training().seconds());
    return smallest.found()
        ? "The smallest cluster that trains in %s: %s, in %s.".formatted(limit, point.name(), takes)
        : "No cluster was found that trains in %s: with %s it takes %s, and %s."
            .formatted(limit, point.name(), takes, bound(smallest, point));
  }

  /** In which it is to be trained. */
  private String limit() {
    return Durations.text(options.withinNanos() / SECOND);
  }

  private String bound(SmallestCluster smallest, ForecastPoint point) {
    if (smallest.mostNodes() > point.machines().nodes()) {
      return "more do not help";
    }
    return work.perWorker()
        ? "a step has all training rows by then"
        : "more would have no micro-batches to do";
  }

  private Setup setup(ClusterSpec cluster) {
    Profile.Machine machine = profile.machine();
    return new Setup(
        configuration.name(),
        options.mode(),
        assumptions(cluster),
        "%s, %s, Java %s, Lockstep %s"
            .formatted(
                machine.cpu(),
                Figures.count(machine.cores(), "core"),
                machine.jdk(),
                machine.lockstep()),
        options.question().seed(),
        BuildInfo.ofProgram(),
        deployment(cluster));
  }

  private Deployment deployment(ClusterSpec cluster) {
    return new Deployment(
        cluster.hardware().oneMachine() ? Places.ONE_MACHINE : Places.MACHINES,
        cluster.workersPerNode(),
        cluster.standbys(),
        configuration.train().gradients().toString());
  }

  private List<String> assumptions(ClusterSpec cluster) {
    List<String> all = new ArrayList<>();
    all.add(machines(cluster));
    if (cluster.hardware().stragglers() instanceof Stragglers.LogNormal(double sigma)) {
      all.add(
          "Each node's computing varies from step to step by a log-normal factor (sigma %s)."
              .formatted(Numbers.plain(sigma)));
    }
    if (cluster.hardware().stragglers() instanceof Stragglers.Slow(double factor, double share)) {
      all.add(
          "%s of the nodes, rounded up, take %s times as long, for good."
              .formatted(Numbers.percent(share), Numbers.plain(factor)));
    }
    if (options.question().failuresPerHour() > 0) {
      all.add(
          "A machine fails every %s hours in the mean, and another is in its place after %s."
              .formatted(
                  Numbers.digits(1 / options.question().failuresPerHour()),
                  Durations.text(options.question().restartNanos() / SECOND)));
    }
    if (configuration.train().gradients() == GradientFormat.BFLOAT16) {
      all.add("Gradients travel as bfloat16.");
    }
    return all;
  }

  private static String machines(ClusterSpec cluster) {
    String nodes =
        "Nodes of %s and %s"
            .formatted(
                Figures.count(cluster.hardware().coresPerNode(), "core"),
                Figures.count(cluster.workersPerNode(), "worker"));
    return cluster.hardware().oneMachine()
        ? "All are processes of one machine: n" + nodes.substring(1) + "."
        : nodes
            + ", links of %s and %s, servers %s."
                .formatted(
                    bandwidth(cluster.hardware().link().bitsPerSecond()),
                    latency((double) cluster.hardware().link().latencyNanos()),
                    cluster.standbys() ? "with standbys" : "without standbys");
  }

  private static String bandwidth(double bits) {
    String unit = bits >= 1e9 ? "Gbit/s" : bits >= 1e6 ? "Mbit/s" : "kbit/s";
    return exact(bits / (bits >= 1e9 ? 1e9 : bits >= 1e6 ? 1e6 : 1e3), unit);
  }

  private static String latency(double nanos) {
    return nanos >= MILLI ? exact(nanos / MILLI, "ms") : exact(nanos / MICRO, "µs");
  }

  private static String exact(double number, String unit) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString() + " " + unit;
  }
}
