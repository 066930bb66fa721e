package io.lockstep.benchmarks;

import io.lockstep.kernels.Activation;
import io.lockstep.kernels.Elementwise;
import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Losses;
import io.lockstep.kernels.Panels;
import io.lockstep.kernels.Updates;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The kernels beside the matrix products on one thread: activations, dropout, gathers, sums, the
 * loss, and optimizer updates, over rows of {@value #COLUMNS} units: 128, which stay in the
 * second-level cache, or as many as {@code -p rows=65536} says, which no cache holds. Beside the
 * calls per second it prints {@code elements}: billions of elements per second, weights for the
 * updates, pixels for the gather, η for the loss.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class ElementwiseBenchmark {
  static final int COLUMNS = 256;

  private static final int PANELS = Panels.count(COLUMNS);
  private static final int PIXELS = BenchmarkNetwork.INPUTS;
  private static final int CLASSES = BenchmarkNetwork.CLASSES;
  private static final float DROPOUT_RATE = 0.4f;
  private static final float LEARNING_RATE = 0.001f;

  @Param("128")
  public int rows;

  @Param("AUTO")
  public Kernels.Choice kernels;

  private int length;

  private Elementwise elementwise;
  private Losses losses;
  private Updates updates;
  private float[] z;
  private float[] a;
  private float[] gradient;
  private float[] dZ;
  private float[] zeros;
  private byte[] images;
  private float[] gathered;
  private float[] scale;
  private int[] indices;
  private int[] labels;
  private int[] predicted;
  private float[] loss;
  private Updates.Range range;

  /** What the calls amount to. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Work {
    /** Billions of elements. */
    public double elements;
  }

  /** Which activation, for the benchmarks that have one. */
  @State(Scope.Thread)
  public static class Activated {
    @Param({"SIGMOID", "RELU", "TANH", "LEAKY_RELU", "ELU", "SOFTPLUS", "GELU", "SILU"})
    public Activation activation;
  }

  /** Values whose repeated use leaves them what they are. */
  @Setup
  public void prepare() {
    length = Panels.size(rows, COLUMNS);
    Kernels selected = Kernels.select(kernels);
    selected.warmUp();
    elementwise = selected.elementwise();
    losses = selected.losses();
    updates = selected.updates();
    z = filled(length, 0.5f);
    a = filled(length, 0.5f);
    gradient = filled(length, 0.01f);
    dZ = new float[length];
    zeros = new float[length];
    images = new byte[rows * PIXELS];
    gathered = new float[Panels.size(rows, PIXELS)];
    scale = filled(PIXELS, 1f / 255);
    indices = new int[rows];
    Arrays.setAll(indices, row -> rows - 1 - row);
    labels = new int[rows];
    predicted = new int[rows];
    loss = new float[rows];
    range = new Updates.Range();
    range.theta = filled(length, 1f);
    range.next = new float[length];
    range.gradient = gradient;
    range.states(new float[2][length]);
    range.length = length;
    range.scale = 1f;
  }

  private static float[] filled(int length, float value) {
    float[] array = new float[length];
    Arrays.fill(array, value);
    return array;
  }

  @Benchmark
  public void biasActivate(Activated activated, Work work) {
    elementwise.biasActivate(activated.activation, rows, PANELS, zeros, 0, z, 0, a, 0);
    work.elements += 1e-9 * length;
  }

  @Benchmark
  public void activationGradient(Activated activated, Work work) {
    elementwise.activationGradient(activated.activation, z, 0, a, 0, gradient, 0, dZ, 0, length);
    work.elements += 1e-9 * length;
  }

  @Benchmark
  public void dropout(Work work) {
    elementwise.dropout(rows, COLUMNS, 1L, 0, DROPOUT_RATE, zeros, 0);
    work.elements += 1e-9 * length;
  }

  @Benchmark
  public void add(Work work) {
    elementwise.add(z, 0, zeros, 0, length);
    work.elements += 1e-9 * length;
  }

  @Benchmark
  public void gatherBytes(Work work) {
    elementwise.gatherBytes(images, PIXELS, indices, 0, rows, scale, zeros, gathered, 0);
    work.elements += 1e-9 * rows * PIXELS;
  }

  @Benchmark
  public void softmaxCrossEntropy(Work work) {
    losses.softmaxCrossEntropy(rows, CLASSES, z, 0, labels, 0, dZ, 0, loss, predicted, 0);
    work.elements += 1e-9 * rows * CLASSES;
  }

  @Benchmark
  public boolean sgd(Work work) {
    work.elements += 1e-9 * length;
    return updates.sgd(range, LEARNING_RATE);
  }

  @Benchmark
  public boolean momentum(Work work) {
    work.elements += 1e-9 * length;
    return updates.momentum(range, LEARNING_RATE, 0.9f, false);
  }

  @Benchmark
  public boolean rmsprop(Work work) {
    work.elements += 1e-9 * length;
    return updates.rmsprop(range, LEARNING_RATE, 0.9, 1e-7f, 0f);
  }

  @Benchmark
  public boolean adam(Work work) {
    work.elements += 1e-9 * length;
    return updates.adam(range, LEARNING_RATE, 1f, 0.9, 0.999, 1e-7f, 0f);
  }
}
