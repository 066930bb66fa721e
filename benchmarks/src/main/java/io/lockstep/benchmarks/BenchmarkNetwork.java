package io.lockstep.benchmarks;

import io.lockstep.kernels.Activation;
import io.lockstep.nn.Categorical;
import io.lockstep.nn.Network;
import java.util.stream.IntStream;

/**
 * The four networks that Lockstep and its peers are measured on: ReLU, softmax cross-entropy,
 * MNIST's 784 inputs.
 */
public enum BenchmarkNetwork {
  /** 784-128-10, 64 rows a step. */
  W1(64, 128),
  /** 784-512-256-10, 128 rows a step. */
  W2(128, 512, 256),
  /** 784-2048-2048-10, 512 rows a step. */
  W3(512, 2048, 2048),
  /** 784-[256 x 10]-10, 128 rows a step. */
  W4(128, IntStream.generate(() -> 256).limit(10).toArray());

  static final int INPUTS = 784;
  static final int CLASSES = 10;

  private final int batch;
  private final int[] hidden;

  BenchmarkNetwork(int batch, int... hidden) {
    this.batch = batch;
    this.hidden = hidden;
  }

  /** Rows of a step. */
  public int batch() {
    return batch;
  }

  /** Units of the hidden layers. */
  int[] hidden() {
    return hidden.clone();
  }

  Network network() {
    Network.Builder builder = Network.builder(INPUTS);
    for (int units : hidden) {
      builder = builder.dense(units, Activation.RELU);
    }
    return builder.output(new Categorical(), CLASSES);
  }

  /**
   * Floating-point operations of one row's training: 2·in·out for forward, for dW, and for dX of
   * all layers but the first.
   */
  public long operationsPerRow() {
    long operations = 0;
    int in = INPUTS;
    for (int layer = 0; layer <= hidden.length; layer++) {
      int out = layer < hidden.length ? hidden[layer] : CLASSES;
      operations += 2L * in * out * (layer == 0 ? 2 : 3);
      in = out;
    }
    return operations;
  }
}
