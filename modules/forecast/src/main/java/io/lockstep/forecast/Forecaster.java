package io.lockstep.forecast;

import io.lockstep.forecast.Prediction.Spread;
import io.lockstep.forecast.Prediction.Training;
import io.lockstep.forecast.Simulator.Size;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** Answers what a training would do on machines that are not there. Thread-safe. */
public final class Forecaster {

  /** One node by itself, with nobody to wait for. */
  private static final Resource[] ALONE = {
    Resource.WORKER_LINK, Resource.SERVER_LINK, Resource.LATENCY, Resource.STRAGGLERS
  };

  private final Scenario scenario;
  private final Runs runs;

  public Forecaster(Scenario scenario) {
    this.scenario = scenario;
    this.runs = new Runs(scenario);
  }

  /** What a cluster would do. */
  public Prediction predict(ClusterSpec cluster) {
    List<Runs.Draw> draws = runs.draws(cluster);
    Runs.Draw middle = middle(draws);
    Simulated step = middle.step();
    Spread spread =
        new Spread(draws.getFirst().step().stepNanos(), draws.getLast().step().stepNanos());
    Size size = work().size(cluster);
    double efficiency = rate(size, step) / (cluster.nodes() * rateAlone(cluster));
    Bottleneck bottleneck = new WhatIf(runs, middle.number()).bottleneck(cluster);
    Training training = training(cluster, step.stepNanos());
    return new Prediction(cluster, size, step, spread, efficiency, bottleneck, training);
  }

  /** One that was drawn, since all of it is told: their number is odd. */
  private static Runs.Draw middle(List<Runs.Draw> draws) {
    return draws.get(draws.size() / 2);
  }

  /**
   * Answers to several questions, in their order, worked at together by all cores: the first ones
   * first, so those that take longest are best asked first.
   *
   * @param answer as this forecaster gives it
   */
  public <Q, A> List<A> together(List<Q> questions, Function<Q, A> answer) {
    return new Memo<>(answer, scenario.others()).getAll(questions);
  }

  private Work work() {
    return scenario.work();
  }

  private static double rate(Size size, Simulated step) {
    return size.rows() / step.stepNanos();
  }

  private double rateAlone(ClusterSpec cluster) {
    Hardware even = cluster.hardware().withStragglers(new Stragglers.None());
    ClusterSpec one = cluster.withNodes(1).withHardware(even);
    return rate(work().size(one), runs.of(one, ALONE));
  }

  private Training training(ClusterSpec cluster, double stepNanos) {
    long steps = work().steps(cluster);
    double all = (double) steps * stepNanos;
    double evaluations = work().evaluationNanos(cluster);
    double lost =
        scenario
            .failures()
            .expectedNanos(cluster, work().size(cluster), stepNanos, all + evaluations);
    return new Training(steps, all, evaluations, lost);
  }

  /** How long all of the training would take, in nanoseconds, as {@link #predict} says. */
  private double nanos(ClusterSpec cluster) {
    return training(cluster, middle(runs.draws(cluster)).step().stepNanos()).nanos();
  }

  /**
   * The cluster with the fewest servers that are no bottleneck: with which server links and
   * aggregation, if both took no time, would save less than {@link Bottleneck#LEAST_GAIN} of a
   * step. Where they are one with any number, the fewest with which steps take at most that share
   * longer than with the best, of 1, 2, 4 … and the most. By doubling and bisection, for which more
   * servers are taken to be no worse. By the first draw, where something is drawn by lot.
   */
  public ClusterSpec withEnoughServers(ClusterSpec cluster) {
    int most = cluster.hardware().oneMachine() ? 1 : scenario.mostServers();
    int count = Search.leastOf(1, most, servers -> isEnough(cluster.withServers(servers)));
    return cluster.withServers(count == Search.NONE ? almostBest(cluster, most) : count);
  }

  private int almostBest(ClusterSpec cluster, int most) {
    List<Integer> tried = Search.tried(1, most);
    double best =
        runs.of(tried.stream().map(cluster::withServers).toList()).stream()
            .mapToDouble(Simulated::stepNanos)
            .min()
            .orElseThrow();
    return tried.stream()
        .filter(k -> stepNanos(cluster, k) <= best * (1 + Bottleneck.LEAST_GAIN))
        .findFirst()
        .orElseThrow();
  }

  private double stepNanos(ClusterSpec cluster, int servers) {
    return runs.of(cluster.withServers(servers)).stepNanos();
  }

  /** Whether the servers are no bottleneck. */
  public boolean isEnough(ClusterSpec cluster) {
    double gain = new WhatIf(runs, 0).gain(cluster, Resource.SERVER_LINK, Resource.AGGREGATION);
    return gain < Bottleneck.LEAST_GAIN;
  }

  /**
   * The smallest cluster that ends the training within a time, by doubling and bisection over the
   * nodes; if none was found, the fastest one that was tried.
   *
   * @param like what else the cluster has
   * @param autoServers whether each is given enough servers, instead of those of {@code like}
   * @param mostNanos that the training may take
   */
  public SmallestCluster within(ClusterSpec like, boolean autoServers, double mostNanos) {
    Candidates candidates = new Candidates(like, autoServers);
    int most = work().mostNodes(like);
    int nodes = Search.leastOf(1, most, n -> nanos(candidates.of(n)) <= mostNanos);
    ClusterSpec found = candidates.of(nodes == Search.NONE ? fastest(candidates, most) : nodes);
    return new SmallestCluster(predict(found), nodes != Search.NONE, most);
  }

  private int fastest(Candidates candidates, int most) {
    return Search.tried(1, most).stream()
        .min(Comparator.comparingDouble(nodes -> nanos(candidates.of(nodes))))
        .orElseThrow();
  }

  /** Clusters that differ in their nodes, and perhaps in their servers. */
  private final class Candidates {

    private final ClusterSpec like;
    private final boolean autoServers;

    Candidates(ClusterSpec like, boolean autoServers) {
      this.like = like;
      this.autoServers = autoServers;
    }

    ClusterSpec of(int nodes) {
      ClusterSpec cluster = like.withNodes(nodes);
      return autoServers ? withEnoughServers(cluster) : cluster;
    }
  }
}
