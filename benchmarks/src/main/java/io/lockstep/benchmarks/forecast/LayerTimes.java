package io.lockstep.benchmarks.forecast;

import io.lockstep.benchmarks.Spread;
import io.lockstep.kernels.CounterRandom;
import io.lockstep.kernels.CounterRandom.Purpose;
import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Network;
import io.lockstep.nn.ParameterLayout;
import io.lockstep.nn.ParameterLayout.Range;
import io.lockstep.nn.Pass;
import io.lockstep.nn.PassListener;
import io.lockstep.nn.Sums;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How long each layer with parameters computes for a micro-batch on this machine, by one thread;
 * what has none, such as dropout, belongs to the layer before it.
 *
 * @param layers in order
 */
record LayerTimes(List<Layer> layers) {

  /**
   * Of one layer, for each leaf.
   *
   * @param forwardNanos from when it reads its weights until the next one does, or the loss is
   *     known
   * @param backwardNanos from when the gradients of the next one are there until its own are
   */
  record Layer(long forwardNanos, long backwardNanos) {

    Layer times(int factor) {
      return new Layer(factor * forwardNanos, factor * backwardNanos);
    }
  }

  private static final int WARM_PASSES = 2_000;
  private static final int PASSES = 300;

  /** Every layer takes so many times as long. */
  LayerTimes times(int factor) {
    return new LayerTimes(layers.stream().map(layer -> layer.times(factor)).toList());
  }

  /** Measures it: medians of {@value #PASSES} passes over the rows of a node. */
  static LayerTimes measure(Network network, Kernels kernels, int rows, int leafRows) {
    Pass pass = new Pass(network, kernels, rows);
    for (int i = 0; i < rows * network.parameters().ranges().getFirst().rows(); i++) {
      pass.input()[pass.inputAt() + i] =
          CounterRandom.bits(1, Purpose.DIGITS, 0, i) % 5 == 0 ? 1 : 0;
    }
    float[] theta = network.initialWeights(1);
    float[] gradient = new float[theta.length];
    Sums sums = new Sums();
    Watch watch = new Watch(network.parameters());
    for (int i = 0; i < WARM_PASSES + PASSES; i++) {
      watch.begin(i >= WARM_PASSES);
      pass.train(theta, rows, leafRows, 0, i, 1, gradient, sums, watch);
      watch.end();
    }
    return watch.medians(Math.ceilDiv(rows, leafRows));
  }

  /** Reads the clock where a pass goes from layer to layer. */
  private static final class Watch implements PassListener {

    private final List<List<Range>> layers;
    private final long[] awaited;
    private final long[] ready;
    private final List<long[]> forward = new ArrayList<>();
    private final List<long[]> backward = new ArrayList<>();
    private long scored;
    private boolean counts;

    Watch(ParameterLayout layout) {
      this.layers =
          layout.ranges().stream()
              .map(Range::layer)
              .distinct()
              .map(layer -> layout.ranges().stream().filter(r -> r.layer() == layer).toList())
              .toList();
      this.awaited = new long[layers.size()];
      this.ready = new long[layers.size()];
    }

    void begin(boolean measured) {
      counts = measured;
      Arrays.fill(awaited, 0);
    }

    private int layer(int position) {
      int layer = layers.size() - 1;
      while (layers.get(layer).getFirst().packedAt() > position) {
        layer--;
      }
      return layer;
    }

    @Override
    public void awaitWeights(int from, int to) {
      int layer = layer(from);
      if (awaited[layer] == 0) {
        awaited[layer] = System.nanoTime();
      }
    }

    @Override
    public void sumsReady(Sums node) {
      scored = System.nanoTime();
    }

    @Override
    public void gradientReady(int from, int to) {
      ready[layer(from)] = System.nanoTime();
    }

    void end() {
      if (!counts) {
        return;
      }
      int last = layers.size() - 1;
      forward.add(
          IntStream.rangeClosed(0, last)
              .mapToLong(i -> (i < last ? awaited[i + 1] : scored) - awaited[i])
              .toArray());
      backward.add(
          IntStream.rangeClosed(0, last)
              .mapToLong(i -> ready[i] - (i < last ? ready[i + 1] : scored))
              .toArray());
    }

    LayerTimes medians(int leaves) {
      return new LayerTimes(
          IntStream.range(0, layers.size())
              .mapToObj(i -> new Layer(median(forward, i) / leaves, median(backward, i) / leaves))
              .toList());
    }

    private static long median(List<long[]> passes, int layer) {
      return Math.round(Spread.median(passes.stream().map(pass -> (double) pass[layer]).toList()));
    }
  }
}
