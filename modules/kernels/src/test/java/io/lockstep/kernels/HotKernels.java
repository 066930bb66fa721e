package io.lockstep.kernels;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A JVM's main class: calls the kernels that a step's time goes to until the JIT compiler has
 * compiled them, then prints {@code allocated BYTES KERNEL} for each. {@link CompiledKernelsTest}
 * reads that, and the machine code that the JVM prints.
 */
final class HotKernels {
  /** Multiples of all row tiles and feature tiles. */
  private static final int ROWS = 24;

  private static final int DEPTH = Panels.WIDTH;
  private static final int COLUMNS = 2 * Panels.WIDTH;
  private static final int LEAF_ROWS = 8;
  private static final int FLOATS = 4 * ROWS * COLUMNS;
  private static final int[] TILES = {24, 12, 8, 6, 4, 2, 1};

  /** Beyond these no kernel is called, compiled or not. */
  private static final int ROUNDS = 300;

  private static final int CALLS = 100;

  private final Kernels kernels = Kernels.select(Kernels.Choice.AUTO);
  private final Products products = kernels.products();
  private final Elementwise elementwise = kernels.elementwise();
  private final Scratch scratch = new Scratch(2 * ROWS, COLUMNS);
  private final float[] x = ones();
  private final float[] b = ones();
  private final float[] y = ones();
  private final byte[] images = new byte[COLUMNS];
  private final int[] indices = new int[ROWS];
  private final int[] predicted = new int[ROWS];
  private final Updates.Range range = new Updates.Range();
  private final Map<String, Runnable> calls = new LinkedHashMap<>();

  private HotKernels() {
    range.theta = ones();
    range.next = ones();
    range.gradient = ones();
    range.state1 = ones();
    range.length = FLOATS;
    range.scale = 1f;
    for (int rows : TILES) {
      calls.put("product of " + rows + " rows", () -> product(rows));
    }
    for (int leaves : new int[] {1, 2, 4}) {
      calls.put("product over " + leaves + " leaves", () -> overRows(leaves));
    }
    calls.put("packRows", () -> products.packRows(ROWS, DEPTH, x, 0, scratch));
    calls.put("transpose", () -> products.transpose(DEPTH, COLUMNS, b, 0, y, 0));
    calls.put("sumRows", () -> products.sumRows(ROWS, LEAF_ROWS, COLUMNS, x, 0, y, 0, scratch));
    calls.put("gatherBytes", this::gather);
    calls.put(
        "biasActivate", () -> elementwise.biasActivate(Activation.RELU, 8, 2, b, 0, y, 0, y, 0));
    calls.put("activationGradient", this::activationGradient);
    calls.put("add", () -> elementwise.add(y, 0, x, 0, FLOATS));
    calls.put("softmaxCrossEntropy", this::loss);
    calls.put("momentum", () -> kernels.updates().momentum(range, 0f, 0.5f, false));
  }

  private static float[] ones() {
    float[] array = new float[FLOATS];
    Arrays.fill(array, 1f);
    return array;
  }

  private void product(int rows) {
    products.product(rows, DEPTH, b, 0, y, 0, 0, 1, scratch);
    products.product(rows, DEPTH, b, 0, y, 0, 0, 2, scratch);
  }

  private void overRows(int leaves) {
    int rows = leaves * LEAF_ROWS;
    products.productOverRows(rows, LEAF_ROWS, DEPTH, x, 0, b, 0, y, 0, 0, 1, scratch);
    products.productOverRows(rows, LEAF_ROWS, DEPTH, x, 0, b, 0, y, 0, 0, 2, scratch);
  }

  private void gather() {
    elementwise.gatherBytes(images, COLUMNS, indices, 0, ROWS, x, b, y, 0);
  }

  private void activationGradient() {
    elementwise.activationGradient(Activation.RELU, x, 0, x, 0, b, 0, y, 0, FLOATS);
  }

  private void loss() {
    kernels.losses().softmaxCrossEntropy(ROWS, 10, x, 0, indices, 0, y, 0, b, predicted, 0);
  }

  public static void main(String[] arguments) {
    var memory = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    HotKernels hot = new HotKernels();
    long[] allocated = new long[hot.calls.size()];
    for (int round = 0; round < ROUNDS; round++) {
      int kernel = 0;
      for (Runnable call : hot.calls.values()) {
        long before = memory.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < CALLS; i++) {
          call.run();
        }
        allocated[kernel++] = memory.getCurrentThreadAllocatedBytes() - before;
      }
    }
    int kernel = 0;
    for (String name : hot.calls.keySet()) {
      System.out.println("allocated " + allocated[kernel++] + " " + name);
    }
  }
}
