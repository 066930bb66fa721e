package io.lockstep.forecast.run;

import io.lockstep.data.Dataset;
import io.lockstep.data.Partitions;
import io.lockstep.data.Sampler;
import io.lockstep.data.Scaling;
import io.lockstep.data.Split;
import io.lockstep.data.SplitMethod;
import io.lockstep.forecast.AggregationCosts;
import io.lockstep.forecast.ClusterSpec;
import io.lockstep.forecast.Hardware;
import io.lockstep.forecast.Link;
import io.lockstep.forecast.PassCosts;
import io.lockstep.forecast.PassScript;
import io.lockstep.forecast.Profile;
import io.lockstep.forecast.Simulator;
import io.lockstep.forecast.Stragglers;
import io.lockstep.forecast.WireCosts;
import io.lockstep.forecast.time.Draws;
import io.lockstep.kernels.CounterRandom.Purpose;
import io.lockstep.nn.Categorical;
import io.lockstep.nn.Network;
import io.lockstep.optim.LearningRateSchedule;
import io.lockstep.optim.Momentum;
import io.lockstep.optim.NormClipped;
import io.lockstep.optim.Optimizer;
import io.lockstep.training.Buckets;
import io.lockstep.training.EarlyStopping;
import io.lockstep.training.Epochs;
import io.lockstep.training.GradientFormat;
import io.lockstep.training.Job;
import io.lockstep.training.MicroBatches;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A network of one layer whose pass is as simple as can be: forward, F, then each of its buckets in
 * turn, D in all. Nothing else costs anything, but for what a test says.
 */
final class OneLayer {

  private static final int WIDTH = 65_536;
  private static final int CLASSES = 16;
  private static final int BUCKETS = 64;
  private static final double FORWARD = 2e6;
  private static final double BACKWARD_OF_BUCKET = 50_000;
  private static final double PAYLOAD = 1_448.0 / 1_538;

  private final Job job;
  private final Buckets buckets;
  private final AggregationCosts aggregation;
  private final WireCosts.Path path;

  private OneLayer(AggregationCosts aggregation, GradientFormat gradients, Optimizer optimizer) {
    this(aggregation, WireCosts.Path.FREE, gradients, optimizer);
  }

  private OneLayer(
      AggregationCosts aggregation,
      WireCosts.Path path,
      GradientFormat gradients,
      Optimizer optimizer) {
    this.aggregation = aggregation;
    this.path = path;
    Network network = Network.builder(WIDTH).output(new Categorical(), CLASSES);
    Dataset data = Dataset.ofBytes("rows", 2, WIDTH, new byte[2 * WIDTH], new int[2], CLASSES);
    Split none = new Split(0, SplitMethod.LAST, 0);
    this.job =
        new Job(
            network,
            Partitions.of(data, data, none, Scaling.Kind.NONE),
            new MicroBatches(2, 2),
            new Epochs(new Sampler(1, 2, 2), 1, 0),
            optimizer,
            new LearningRateSchedule.Constant(0.1),
            gradients,
            EarlyStopping.OFF,
            1);
    this.buckets = new Buckets(floats(), bucketBytes(), 1);
  }

  static OneLayer free() {
    return with(new AggregationCosts(0, 0, 0));
  }

  static OneLayer with(AggregationCosts aggregation) {
    return new OneLayer(aggregation, GradientFormat.FLOAT32, new Momentum());
  }

  static OneLayer by(WireCosts.Path path) {
    AggregationCosts none = new AggregationCosts(0, 0, 0);
    return new OneLayer(none, path, GradientFormat.FLOAT32, new Momentum());
  }

  static OneLayer in(GradientFormat gradients) {
    return new OneLayer(new AggregationCosts(0, 0, 0), gradients, new Momentum());
  }

  static OneLayer clipped() {
    Optimizer optimizer = new NormClipped(new Momentum(), 1);
    return new OneLayer(new AggregationCosts(0, 0, 0), GradientFormat.FLOAT32, optimizer);
  }

  /** That are handed over in a step: gradients, and before these what the loss is made of. */
  int frames() {
    return buckets.count() + 1;
  }

  int floats() {
    return job.network().parameters().packedLength();
  }

  private long bucketBytes() {
    return (long) Float.BYTES * WIDTH * CLASSES / BUCKETS; // The bias is one more.
  }

  private double backwardNanos() {
    return BACKWARD_OF_BUCKET * buckets.count();
  }

  double passNanos() {
    return FORWARD + backwardNanos();
  }

  /** That all gradients take on a link, or all weights. */
  double linkNanos(Link link) {
    return floats() * floatNanos(link);
  }

  /** That the gradients of a bucket take on a link, or its weights. */
  double bucketNanos(Link link) {
    return buckets.to(0) * floatNanos(link);
  }

  private static double floatNanos(Link link) {
    return Float.BYTES * 8e9 / (link.bitsPerSecond() * PAYLOAD);
  }

  /** Bits per second of links with which so many servers keep up with the backward pass. */
  double kneeBitsPerSecond(int nodes, int servers) {
    return nodes * linkNanos(new Link(1, 0)) / (servers * backwardNanos());
  }

  /**
   * Where links of nodes limit, since there are fewer of these than of servers: with the backward
   * pass d, T = F + max(d, G / β) + k · b / β for all gradients G of a node, and a bucket b of each
   * of k servers that is the last to come.
   */
  double stepNanosByNodes(int servers, Link link) {
    double given = Math.max(backwardNanos(), linkNanos(link));
    return FORWARD + given + servers * bucketNanos(link);
  }

  ClusterSimulator simulator(long seed) {
    return new ClusterSimulator(job, bucketBytes(), profile(), seed, ClusterSimulator.Window.USUAL);
  }

  /** One whose weights are cut into so many buckets, and one more for the bias. */
  ClusterSimulator cutInto(int buckets) {
    long bytes = (long) Float.BYTES * WIDTH * CLASSES / buckets;
    return new ClusterSimulator(job, bytes, profile(), 1, ClusterSimulator.Window.USUAL);
  }

  private Profile profile() {
    return new Profile(
        new Profile.Machine("none", 2, "25", "test", 0),
        new PassCosts(List.of(script()), 0, List.of(1.0)),
        aggregation,
        new WireCosts(path, path, 0));
  }

  /** A cluster with links that do not limit it, and is about to train. */
  SimCluster assembled(int nodes, int servers) {
    Link link = new Link(Double.POSITIVE_INFINITY, 50_000);
    ClusterSpec spec =
        new ClusterSpec(
            nodes, 1, servers, false, new Hardware(2, false, link, new Stragglers.None()));
    return simulator(1).assembled(spec, new Simulator.Size(nodes, nodes), Set.of());
  }

  private PassScript script() {
    List<PassScript.Part> parts = new ArrayList<>();
    for (int bucket = 0; bucket < buckets.count(); bucket++) {
      parts.add(new PassScript.Await(buckets.from(bucket), buckets.to(bucket)));
    }
    parts.add(new PassScript.Compute(FORWARD));
    parts.add(new PassScript.SumsReady());
    for (int bucket = 0; bucket < buckets.count(); bucket++) {
      parts.add(new PassScript.Compute(BACKWARD_OF_BUCKET));
      parts.add(new PassScript.Ready(buckets.from(bucket), buckets.to(bucket)));
    }
    return new PassScript(1, parts);
  }

  /** As {@link LimitsTest} says. */
  double stepNanos(int nodes, int servers, Link link) {
    double ofFloat = nodes * floatNanos(link);
    Buckets sharded = new Buckets(floats(), bucketBytes(), servers);
    double longest = 0;
    for (int shard = 0; shard < servers; shard++) {
      int first = sharded.firstBucket(shard);
      int end = sharded.firstBucket(shard + 1);
      double sent = (sharded.to(end - 1) - sharded.from(first)) * ofFloat;
      double given = Math.max((end - first) * BACKWARD_OF_BUCKET, sent);
      longest = Math.max(longest, first * BACKWARD_OF_BUCKET + given);
    }
    double lastBucket = sharded.to(0) * ofFloat;
    return FORWARD + longest + lastBucket + 2 * link.latencyNanos();
  }

  /** Of the steps that are looked at, the mean of the longest pass of all nodes. */
  double slowestNanos(long seed, int nodes, double sigma) {
    Draws draws = new Draws(seed);
    ClusterSimulator.Window window = ClusterSimulator.Window.USUAL;
    double sum = 0;
    for (int step = window.before(); step < window.before() + window.steps(); step++) {
      double most = 0;
      for (int node = 0; node < nodes; node++) {
        most = Math.max(most, draws.lognormal(sigma, Purpose.STRAGGLERS, node, step));
      }
      sum += most * passNanos();
    }
    return sum / window.steps();
  }
}
