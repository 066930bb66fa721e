package io.lockstep.cli;

import io.lockstep.config.Configuration;
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

  /** Predicts one cluster after the other, the first things to know being said before. */
  ForecastResults results(ForecastPoints points, List<ClusterSpec> clusters, Terminal terminal) {
    List<String> remarks = new ArrayList<>(remarks(clusters));
    remarks.forEach(terminal::warn);
    List<ForecastPoint> all =
        points.of(
            clusters,
            cluster -> shows("simulating " + Figures.count(cluster.nodes(), "node"), terminal));
    String answer = null;
    if (options.withinNanos() != null) {
      shows("looking for the smallest cluster", terminal);
      answer = smallest(points, clusters.getFirst());
    }
    terminal.line().clear();
    Optional<String> costly = costly(all);
    costly.ifPresent(terminal::warn);
    costly.ifPresent(remarks::add);
    return new ForecastResults(setup(clusters.getFirst()), remarks, all, answer);
  }

  private static Optional<String> costly(List<ForecastPoint> points) {
    return points.stream()
        .filter(point -> point.training().lostSeconds() > MUCH * point.training().seconds())
        .map(ForecastPoint::name)
        .findFirst()
        .map(
            name ->
                "with %s failures cost more than a tenth of the training, and rather more than is said: what fails in the time that is lost is left out"
                    .formatted(name));
  }

  private static void shows(String what, Terminal terminal) {
    if (terminal.interactive()) {
      terminal.line().show(what);
    }
  }

  /** What bounds the speed whatever the machines are, and what is not known of them. */
  private List<String> remarks(List<ClusterSpec> clusters) {
    ClusterSpec most = clusters.getLast();
    return Stream.of(idle(most), crowded(most), atMost()).flatMap(Optional::stream).toList();
  }

  private Optional<String> crowded(ClusterSpec cluster) {
    int measured = profile.passes().slowdowns().size();
    int together = cluster.oneMachine() ? cluster.workers() : cluster.workersPerNode();
    int threads = Math.min(together, cluster.coresPerNode());
    return threads <= measured
        ? Optional.empty()
        : Optional.of(
            "how threads slow each other down was measured with %s: %d are taken to do so no more than these"
                .formatted(Figures.count(measured, "core"), threads));
  }

  private Optional<String> atMost() {
    String key =
        configuration.train().maxTime().isPositive() ? "train.maxTime" : "train.earlyStopping";
    boolean ends =
        configuration.train().maxTime().isPositive()
            || configuration.train().stopping().patience() > 0;
    return ends
        ? Optional.of("%s may end a training earlier: its time is the most it takes".formatted(key))
        : Optional.empty();
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

  private String smallest(ForecastPoints points, ClusterSpec like) {
    SmallestCluster smallest = points.smallest(like);
    ForecastPoint point = points.of(smallest.prediction());
    String limit = Durations.text(options.withinNanos() / SECOND);
    String takes = Durations.text(point.training().seconds());
    if (smallest.found()) {
      return "The smallest cluster that trains in %s: %s, in %s."
          .formatted(limit, point.name(), takes);
    }
    String bound =
        smallest.mostNodes() > point.machines().nodes()
            ? "more do not help"
            : work.perWorker()
                ? "a step has all training rows by then"
                : "more would have no micro-batches to do";
    return "No cluster was found that trains in %s: with %s it takes %s, and %s."
        .formatted(limit, point.name(), takes, bound);
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
        cluster.oneMachine() ? Places.ONE_MACHINE : Places.MACHINES,
        cluster.workersPerNode(),
        cluster.standbys(),
        configuration.train().gradients().toString());
  }

  private List<String> assumptions(ClusterSpec cluster) {
    List<String> all = new ArrayList<>();
    all.add(machines(cluster));
    if (cluster.stragglers() instanceof Stragglers.LogNormal(double sigma)) {
      all.add(
          "Each node's computing varies from step to step by a log-normal factor (sigma %s)."
              .formatted(Numbers.plain(sigma)));
    }
    if (cluster.stragglers() instanceof Stragglers.Slow(double factor, double share)) {
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
                Figures.count(cluster.coresPerNode(), "core"),
                Figures.count(cluster.workersPerNode(), "worker"));
    return cluster.oneMachine()
        ? "All are processes of one machine: n" + nodes.substring(1) + "."
        : nodes
            + ", links of %s and %s, servers %s."
                .formatted(
                    bandwidth(cluster.link().bitsPerSecond()),
                    latency((double) cluster.link().latencyNanos()),
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
