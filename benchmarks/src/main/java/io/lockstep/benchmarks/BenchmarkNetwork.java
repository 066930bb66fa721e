package io.lockstep.benchmarks;

import io.lockstep.kernels.Activation;
import io.lockstep.nn.Categorical;
import io.lockstep.nn.Network;
import java.util.ArrayList;
import java.util.List;
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

  /** Columns of a row. */
  public static final int INPUTS = 784;

  /** Columns of the output. */
  public static final int CLASSES = 10;

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
  public int[] hidden() {
    return hidden.clone();
  }

  /** The network. */
  public Network network() {
    Network.Builder builder = Network.builder(INPUTS);
    for (int units : hidden) {
      builder = builder.dense(units, Activation.RELU);
    }
    return builder.output(new Categorical(), CLASSES);
  }

  /** Columns of input, hidden layers and output, in order. */
  public List<Integer> sizes() {
    List<Integer> sizes = new ArrayList<>(List.of(INPUTS));
    IntStream.of(hidden).forEach(sizes::add);
    sizes.add(CLASSES);
    return sizes;
  }

  /**
   * The matrix products of one step: of each layer Y = X·W and dW = Xᵀ·dY, and of all but the first
   * dX = dY·Wᵀ.
   */
  public List<MatrixProduct> products() {
    List<Integer> sizes = sizes();
    List<MatrixProduct> products = new ArrayList<>();
    for (int layer = 0; layer + 1 < sizes.size(); layer++) {
      for (MatrixProduct.Kind kind : MatrixProduct.Kind.values()) {
        if (layer > 0 || kind != MatrixProduct.Kind.INPUTS) {
          products.add(new MatrixProduct(kind, batch, sizes.get(layer), sizes.get(layer + 1)));
        }
      }
    }
    return products;
  }

  /** Floating-point operations of the matrix products of one row's training. */
  public double operationsPerRow() {
    return products().stream().mapToDouble(MatrixProduct::operations).sum() / batch;
  }
}
