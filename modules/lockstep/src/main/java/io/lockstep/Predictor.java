package io.lockstep;

import io.lockstep.data.Dataset;
import io.lockstep.data.Partition;
import io.lockstep.data.Scaling;
import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Network;
import io.lockstep.nn.Pass;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

/**
 * Has rows go through a network with given weights. What it yields for a row depends neither on the
 * rows beside it nor on the number of threads. Thread-safe.
 */
final class Predictor {

  /** Rows that go through the network at once. */
  private static final int PASS_ROWS = 256;

  private final Network network;
  private final Kernels kernels;
  private final Scaling scaling;
  private final float[] theta;
  private final Queue<Pass> idle = new ConcurrentLinkedQueue<>();

  /**
   * @param theta packed; not copied
   */
  Predictor(Network network, Kernels kernels, Scaling scaling, float[] theta) {
    this.network = network;
    this.kernels = kernels;
    this.scaling = scaling;
    this.theta = theta;
  }

  /** Told after each part of the rows has gone through the network. */
  private interface PartListener {
    void predicted(Pass pass, int rows);
  }

  /**
   * Class probabilities, or predicted means, by the threads that this machine has for it.
   *
   * @return row-major [rows][outputs]
   */
  float[] predict(Partition partition) {
    float[] means = new float[Math.multiplyExact(partition.size(), network.outputs())];
    IntStream.range(0, parts(partition))
        .parallel()
        .forEach(part -> predict(partition, part, means, (pass, rows) -> {}));
    return means;
  }

  /**
   * What each layer yields for the only row of a partition.
   *
   * @return for each of the network's layers [width]
   */
  List<float[]> activations(Partition one) {
    List<float[]> outputs =
        network.layers().stream().map(layer -> new float[layer.width()]).toList();
    predictInOrder(
        one,
        (pass, rows) -> {
          for (int layer = 0; layer < outputs.size(); layer++) {
            pass.output(layer, outputs.get(layer));
          }
        });
    return outputs;
  }

  /**
   * The mean magnitude of what each unit of a layer yields, summed in the order of the rows.
   *
   * @return [width of the layer]; NaN without rows
   */
  double[] activity(Partition partition, int layer) {
    int width = network.layers().get(layer).width();
    double[] sums = new double[width];
    float[] outputs = new float[PASS_ROWS * width];
    predictInOrder(
        partition,
        (pass, rows) -> {
          pass.output(layer, outputs);
          for (int i = 0; i < rows * width; i++) {
            sums[i % width] += Math.abs(outputs[i]);
          }
        });
    for (int unit = 0; unit < width; unit++) {
      sums[unit] /= partition.size();
    }
    return sums;
  }

  private static int parts(Partition partition) {
    return Math.ceilDiv(partition.size(), PASS_ROWS);
  }

  private void predictInOrder(Partition partition, PartListener listener) {
    float[] means = new float[Math.multiplyExact(partition.size(), network.outputs())];
    for (int part = 0; part < parts(partition); part++) {
      predict(partition, part, means, listener);
    }
  }

  private void predict(Partition partition, int part, float[] means, PartListener listener) {
    Pass free = idle.poll();
    Pass pass = free == null ? new Pass(network, kernels, PASS_ROWS) : free;
    int first = part * PASS_ROWS;
    int[] rows =
        IntStream.range(first, Math.min(first + PASS_ROWS, partition.size()))
            .map(partition::row)
            .toArray();
    load(partition.data(), rows, pass);
    pass.predict(theta, rows.length, means, first * network.outputs());
    listener.predicted(pass, rows.length);
    idle.add(pass);
  }

  private void load(Dataset data, int[] rows, Pass pass) {
    data.gather(kernels, scaling, rows, 0, rows.length, pass.input(), pass.inputAt());
    pass.useOffsets(data.hasOffsets());
    if (data.hasOffsets()) {
      data.gatherOffsets(rows, 0, rows.length, pass.offsets());
    }
  }
}
