package io.lockstep.benchmarks.peers;

import io.lockstep.benchmarks.MatrixProduct;
import io.lockstep.kernels.Activation;
import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Panels;
import io.lockstep.kernels.Products;
import io.lockstep.kernels.Scratch;
import io.lockstep.kernels.Updates;
import java.util.Arrays;

/**
 * Lockstep's kernels on one thread.
 *
 * <p>Requests: a matrix product as {@link MatrixProduct#words} says it, then seconds, in GFLOP/s
 * that do not count padding: with all that a step does for it, packing of rows and transposing of
 * weights included, and the gradient's tree over micro-batches. {@code update KB SECONDS} (SGD with
 * momentum) and {@code relu KB SECONDS} (the activation), over arrays of so many kilobytes each, in
 * GB/s read and written.
 */
public final class KernelsContestant {

  /** Rows of a leaf of the reduction tree. */
  private static final int LEAF_ROWS = 32;

  /** Where large arrays start on a cache line. */
  private static final int AT = 12;

  private static final int UPDATE_BYTES = 5 * Float.BYTES;
  private static final int RELU_BYTES = 2 * Float.BYTES;
  private static final Kernels KERNELS = Kernels.select(Kernels.Choice.AUTO);

  private KernelsContestant() {}

  /** Serves until its input ends. */
  public static void main(String[] arguments) throws Exception {
    KERNELS.warmUp();
    Serving.serve(KERNELS.choice().toString(), KernelsContestant::answer);
  }

  private static double answer(String[] words) {
    double seconds = Double.parseDouble(words[words.length - 1]);
    return switch (words[0]) {
      case "update" -> update(Integer.parseInt(words[1]) << 8, seconds);
      case "relu" -> relu(Integer.parseInt(words[1]) << 8, seconds);
      default -> product(MatrixProduct.parse(words), seconds);
    };
  }

  private static double update(int length, double seconds) {
    Updates.Range range = new Updates.Range();
    range.theta = ones(length);
    range.next = ones(length);
    range.gradient = ones(length);
    range.states(new float[][] {ones(length)});
    range.length = length;
    range.scale = 1f;
    Runnable work = () -> KERNELS.updates().momentum(range, 0.001f, 0.9f, false);
    return 1e-9 * UPDATE_BYTES * length / Serving.secondsOf(work, seconds);
  }

  private static double relu(int length, double seconds) {
    float[] z = ones(length);
    float[] a = ones(length);
    Runnable work = () -> KERNELS.elementwise().activate(Activation.RELU, z, 0, a, 0, length);
    return 1e-9 * RELU_BYTES * length / Serving.secondsOf(work, seconds);
  }

  private static double product(MatrixProduct p, double seconds) {
    Layer layer = new Layer(p.rows(), p.in(), p.out());
    Runnable work =
        switch (p.kind()) {
          case FORWARD -> layer::forward;
          case WEIGHTS -> layer::weightGradient;
          case INPUTS -> layer::inputGradient;
        };
    return 1e-9 * p.operations() / Serving.secondsOf(work, seconds);
  }

  private static float[] ones(int length) {
    float[] array = new float[length];
    Arrays.fill(array, 1f);
    return array;
  }

  /** The matrices of a dense layer. */
  private static final class Layer {
    private final Products products = KERNELS.products();
    private final int rows;
    private final int in;
    private final int out;
    private final Scratch scratch;
    private final float[] x;
    private final float[] w;
    private final float[] transposed;
    private final float[] y;

    Layer(int rows, int in, int out) {
      this.rows = rows;
      this.in = in;
      this.out = out;
      this.scratch = new Scratch(rows, Math.max(in, Panels.paddedColumns(out)));
      this.x = ones(AT + Panels.size(rows, in));
      this.w = ones(AT + Panels.size(in, out));
      this.transposed = ones(AT + Panels.size(out, in));
      this.y = ones(AT + Panels.size(rows, out));
    }

    void forward() {
      products.packRows(rows, in, x, AT, scratch);
      products.product(rows, in, w, AT, y, AT, 0, Panels.count(out), scratch);
    }

    void weightGradient() {
      products.productOverRows(
          rows, LEAF_ROWS, in, x, AT, y, AT, w, AT, 0, Panels.count(out), scratch);
    }

    void inputGradient() {
      products.transpose(in, out, w, AT, transposed, AT);
      products.packRows(rows, out, y, AT, scratch);
      products.product(rows, out, transposed, AT, x, AT, 0, Panels.count(in), scratch);
    }
  }
}
