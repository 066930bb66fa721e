package io.lockstep.benchmarks.forecast;

import io.lockstep.benchmarks.BenchmarkNetwork;
import io.lockstep.data.Dataset;
import io.lockstep.data.Partitions;
import io.lockstep.data.Sampler;
import io.lockstep.data.Scaling;
import io.lockstep.data.Split;
import io.lockstep.kernels.Activation;
import io.lockstep.nn.Categorical;
import io.lockstep.nn.Network;
import io.lockstep.optim.LearningRateSchedule;
import io.lockstep.optim.Momentum;
import io.lockstep.optim.Optimizer;
import io.lockstep.optim.RmsProp;
import io.lockstep.training.EarlyStopping;
import io.lockstep.training.Epochs;
import io.lockstep.training.GradientFormat;
import io.lockstep.training.Job;
import io.lockstep.training.MicroBatches;
import java.util.List;

/**
 * The networks that are forecast; each node has the same rows of a step, however many there are.
 */
enum ForecastNetwork {
  /** 784-128-10, 64 rows for each node. */
  W1(64, 0, new Momentum(0.9, false, 0), "momentum", 128),
  /** {@code conf/mnist.conf}: 784-256-128-10 with dropout, 128 rows for each node. */
  MNIST(128, 0.4, new RmsProp(0.9, 1e-7, 0, 0), "rmsprop", 256, 128),
  /** 784-512-256-10, 128 rows for each node. */
  W2(128, 0, new Momentum(0.9, false, 0), "momentum", 512, 256);

  /** As of {@code train.bucketBytes}. */
  static final long BUCKET_BYTES = 256 * 1024;

  /** Whole steps of every number of nodes. */
  private static final int ROWS = 1 << 14;

  private static final double LEARNING_RATE = 0.001;

  private final int rows;
  private final double dropout;
  private final Optimizer optimizer;
  private final String optimizerName;
  private final List<Integer> hidden;

  ForecastNetwork(
      int rows, double dropout, Optimizer optimizer, String optimizerName, Integer... hidden) {
    this.rows = rows;
    this.dropout = dropout;
    this.optimizer = optimizer;
    this.optimizerName = optimizerName;
    this.hidden = List.of(hidden);
  }

  /** Rows of a step for each node. */
  int rows() {
    return rows;
  }

  /** Rows and micro-batches of a step of so many nodes: by default, 32 rows in each. */
  MicroBatches microBatches(int nodes) {
    return MicroBatches.ofBatch(nodes * rows);
  }

  /** The network itself. */
  Network real() {
    Network.Builder builder = Network.builder(BenchmarkNetwork.INPUTS);
    for (int units : hidden) {
      builder = builder.dense(units, Activation.RELU);
      builder = dropout > 0 ? builder.dropout(dropout) : builder;
    }
    return builder.output(new Categorical(), BenchmarkNetwork.CLASSES);
  }

  /** With hidden layers that wait for so long; the output's is what it is. */
  Network replayed(LayerTimes times) {
    Network.Builder builder = Network.builder(BenchmarkNetwork.INPUTS);
    for (int i = 0; i < hidden.size(); i++) {
      int in = builder.width();
      builder = builder.custom(ReplayLayer.dense(in, hidden.get(i), times.layers().get(i)));
    }
    return builder.output(new Categorical(), BenchmarkNetwork.CLASSES);
  }

  /** Training of {@code network} on so many nodes, without an end. */
  Job job(Network network, int nodes) {
    int batch = nodes * rows;
    return new Job(
        network,
        Partitions.of(blank(ROWS), blank(rows), Split.NONE, Scaling.Kind.UNIT),
        microBatches(nodes),
        new Epochs(new Sampler(1, ROWS, batch), 1 << 20, 0),
        optimizer,
        new LearningRateSchedule.Constant(LEARNING_RATE),
        GradientFormat.FLOAT32,
        EarlyStopping.OFF,
        1);
  }

  private static Dataset blank(int rows) {
    return Dataset.ofBytes(
        "blank",
        rows,
        BenchmarkNetwork.INPUTS,
        new byte[rows * BenchmarkNetwork.INPUTS],
        new int[rows],
        BenchmarkNetwork.CLASSES);
  }

  /** The configuration of the network itself, for so many processes. */
  String configuration(int nodes, int seconds) {
    StringBuilder layers = new StringBuilder();
    for (int units : hidden) {
      layers.append("{ type = dense, units = %d }, ".formatted(units));
      layers.append(dropout > 0 ? "{ type = dropout, rate = %s }, ".formatted(dropout) : "");
    }
    return configuration(layers.toString(), nodes, seconds, REPORT_EVERY);
  }

  /** The configuration of the network that waits for so long, for so many nodes. */
  String configuration(LayerTimes times, int nodes, int seconds) {
    StringBuilder layers = new StringBuilder();
    for (int i = 0; i < hidden.size(); i++) {
      LayerTimes.Layer layer = times.layers().get(i);
      layers.append(
          "{ type = %s, units = %d, forwardNanos = %d, backwardNanos = %d }, "
              .formatted(
                  ReplayLayer.class.getName(),
                  hidden.get(i),
                  layer.forwardNanos(),
                  layer.backwardNanos()));
    }
    return configuration(layers.toString(), nodes, seconds, 1);
  }

  /** Steps between two reports of a run that does some hundred steps a second. */
  private static final int REPORT_EVERY = 20;

  private String configuration(String layers, int nodes, int seconds, int reportEvery) {
    return """
        network.layers = [%s]
        optimizer { name = %s, learningRate = %s }
        train { batch = %d, epochs = 1000000, maxTime = %ds, reportEvery = %d }
        data { validation = 0, digits { train = %d, test = %d } }
        """
        .formatted(
            layers, optimizerName, LEARNING_RATE, nodes * rows, seconds, reportEvery, ROWS, rows);
  }
}
