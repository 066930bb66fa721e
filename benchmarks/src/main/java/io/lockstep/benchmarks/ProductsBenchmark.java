package io.lockstep.benchmarks;

import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Panels;
import io.lockstep.kernels.Products;
import io.lockstep.kernels.Scratch;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
 * The matrix products of the four networks' layers on one thread: rows by inputs by outputs. Beside
 * the calls per second it prints {@code work}: GFLOP/s of products, in which the padding of a
 * narrow output counts as work done, but not in {@code forward}, {@code weightGradient} and {@code
 * inputGradient}, which are all that a layer does for one of them, and can be held against a matrix
 * library; and GB/s read and written of {@code packRows} and {@code transpose}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class ProductsBenchmark {
  /** Rows of a leaf of the reduction tree. */
  private static final int LEAF_ROWS = 32;

  /**
   * Where large arrays start on a cache line: G1 puts their header of 16 bytes on the start of a
   * region.
   */
  private static final int AT = 12;

  @Param({
    "64x784x128",
    "64x128x10",
    "128x784x512",
    "128x512x256",
    "128x784x256",
    "128x256x256",
    "128x256x10",
    "512x784x2048",
    "512x2048x2048",
    "512x2048x10",
    "1024x1024x1024",
    "2048x2048x2048"
  })
  public String shape;

  @Param("AUTO")
  public Kernels.Choice kernels;

  private Products products;
  private Scratch scratch;
  private int rows;
  private int depth;
  private int columns;
  private float[] x;
  private float[] b;
  private float[] y;
  private float[] dW;
  private float[] transposed;
  private float[] dX;

  /** What the calls amount to. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Work {
    /** Billions of operations or bytes. */
    public double work;
  }

  /** Fills the factors with ones. */
  @Setup
  public void prepare() {
    int[] sizes = Stream.of(shape.split("x")).mapToInt(Integer::parseInt).toArray();
    rows = sizes[0];
    depth = sizes[1];
    columns = sizes[2];
    Kernels selected = Kernels.select(kernels);
    selected.warmUp();
    products = selected.products();
    scratch = new Scratch(rows, Math.max(depth, columns));
    x = ones(rows, depth);
    b = ones(depth, columns);
    y = ones(rows, columns);
    dW = ones(depth, columns);
    transposed = ones(columns, depth);
    dX = ones(rows, depth);
    products.packRows(rows, depth, x, AT, scratch);
  }

  private static float[] ones(int rows, int columns) {
    float[] array = new float[AT + Panels.size(rows, columns)];
    Arrays.fill(array, 1f);
    return array;
  }

  @Benchmark
  public void product(Work work) {
    products.product(rows, depth, b, AT, y, AT, 0, Panels.count(columns), scratch);
    work.work += gigaflop();
  }

  @Benchmark
  public void productOverRows(Work work) {
    products.productOverRows(
        rows, LEAF_ROWS, depth, x, AT, y, AT, dW, AT, 0, Panels.count(columns), scratch);
    work.work += gigaflop();
  }

  /** What a layer's forward pass calls: {@link #product} and the packing of its left factor. */
  @Benchmark
  public void forward(Work work) {
    products.packRows(rows, depth, x, AT, scratch);
    products.product(rows, depth, b, AT, y, AT, 0, Panels.count(columns), scratch);
    work.work += usefulGigaflop();
  }

  /** What a layer's backward pass calls for dW. */
  @Benchmark
  public void weightGradient(Work work) {
    products.productOverRows(
        rows, LEAF_ROWS, depth, x, AT, y, AT, dW, AT, 0, Panels.count(columns), scratch);
    work.work += usefulGigaflop();
  }

  /** What a layer's backward pass calls for dX, the transpose of its weights included. */
  @Benchmark
  public void inputGradient(Work work) {
    products.transpose(depth, columns, b, AT, transposed, AT);
    products.packRows(rows, columns, y, AT, scratch);
    products.product(rows, columns, transposed, AT, dX, AT, 0, Panels.count(depth), scratch);
    work.work += usefulGigaflop();
  }

  private double usefulGigaflop() {
    return 2e-9 * rows * depth * columns;
  }

  private double gigaflop() {
    return 2e-9 * rows * depth * Panels.paddedColumns(columns);
  }

  @Benchmark
  public void packRows(Work work) {
    products.packRows(rows, depth, x, AT, scratch);
    work.work += 8e-9 * rows * depth;
  }

  @Benchmark
  public void transpose(Work work) {
    products.transpose(depth, columns, b, AT, transposed, AT);
    work.work += 8e-9 * depth * columns;
  }
}
