package io.lockstep.kernels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs a set of kernels on tiny arrays until the JIT compiler has compiled them. Before that a
 * vector operation allocates its result and takes a microsecond, a thousand times what it takes
 * afterwards; so each kernel, and each register tile, is called until it has become ten times
 * faster than it was at first. What takes most of a step's time comes first, the rest if there is
 * time left.
 */
final class KernelWarmUp {
  /** When to stop, compiled or not. */
  static final int LIMIT_MS = 1500;

  /** Scalar code is but 30 times slower when interpreted, and is compiled within a few steps. */
  private static final int SCALAR_LIMIT_MS = 200;

  /** Calls between two looks at the clock. */
  private static final int CALLS = 8;

  private static final int GAIN = 10;

  /** No kernel takes less for a call on these arrays as long as it is interpreted. */
  private static final long COMPILED_NANOS = 1_000;

  /** A multiple of all row tiles, deep enough for the loops to count towards compilation. */
  private static final int ROWS = 24;

  private static final int DEPTH = 8;
  private static final int COLUMNS = 2 * Panels.WIDTH;
  private static final int FLOATS = Panels.WIDTH * ROWS * 2;

  /** Rows of the register tiles of all widths, for rows that remain. */
  private static final int[] SMALL_TILES = {12, 6, 4, 2, 1};

  private final Kernels kernels;
  private final Scratch scratch = new Scratch(ROWS, Panels.WIDTH);
  private final float[] x = ones();
  private final float[] b = ones();
  private final float[] y = ones();
  private final float[] z = ones();
  private final int[] indices = new int[FLOATS];
  private final Updates.Range range = new Updates.Range();
  private final long end;

  /** So that no result is without use. */
  private double total;

  /** Counts the limit from now on. */
  KernelWarmUp(Kernels kernels) {
    this.kernels = kernels;
    int limitMs = kernels.choice() == Kernels.Choice.SCALAR ? SCALAR_LIMIT_MS : LIMIT_MS;
    end = System.nanoTime() + limitMs * 1_000_000L;
    range.theta = ones();
    range.next = ones();
    range.gradient = ones();
    range.state1 = ones();
    range.state2 = ones();
    range.length = FLOATS;
    range.scale = 1f;
  }

  private static float[] ones() {
    float[] array = new float[FLOATS];
    Arrays.fill(array, 1f);
    return array;
  }

  /** Something to call until it is fast. */
  private static final class Exercise {
    private final Runnable kernel;
    private int rounds;
    private long second;
    private boolean compiled;

    Exercise(Runnable kernel) {
      this.kernel = kernel;
    }

    void run() {
      long start = System.nanoTime();
      for (int call = 0; call < CALLS; call++) {
        kernel.run();
      }
      long taken = System.nanoTime() - start;
      compiled = taken < CALLS * COMPILED_NANOS || (second > 0 && taken * GAIN < second);
      // The very first calls also load classes; the second ones tell what interpreting takes.
      second = rounds++ == 1 ? taken : second;
    }
  }

  /** What takes most of a step's time comes first. */
  void run(KernelUse use) {
    boolean narrow = use.tiles() == KernelUse.Tiles.NARROW;
    untilCompiled(tiles(narrow ? 1 : 2));
    untilCompiled(usual(use));
    if (use.tiles() == KernelUse.Tiles.ALL) {
      untilCompiled(tiles(1));
      untilCompiled(smallTiles());
    }
  }

  void runArithmetic() {
    untilCompiled(arithmetic());
  }

  private void untilCompiled(List<Runnable> calls) {
    List<Exercise> exercises = calls.stream().map(Exercise::new).toList();
    boolean compiled = false;
    while (!compiled) {
      compiled = true;
      for (Exercise exercise : exercises) {
        if (System.nanoTime() > end) {
          return;
        }
        if (!exercise.compiled) {
          exercise.run();
          compiled = false;
        }
      }
    }
  }

  /** Where nearly all of a step's time goes, in micro-batches of a multiple of eight rows. */
  private List<Runnable> tiles(int panels) {
    Products products = kernels.products();
    return List.of(
        () -> product(ROWS, panels),
        () -> overRows(1, DEPTH, panels),
        () -> overRows(2, DEPTH, panels),
        () -> overRows(4, DEPTH / 2, panels),
        () -> product(8, panels),
        () -> products.packRows(ROWS, Panels.WIDTH, x, 0, scratch),
        () -> products.transpose(Panels.WIDTH, COLUMNS, b, 0, y, 0),
        () -> products.sumRows(ROWS, DEPTH, COLUMNS, x, 0, y, 0, scratch));
  }

  private List<Runnable> smallTiles() {
    List<Runnable> list = new ArrayList<>();
    for (int panels = 1; panels <= 2; panels++) {
      int to = panels;
      for (int rows : SMALL_TILES) {
        list.add(() -> product(rows, to));
      }
    }
    list.add(() -> overRows(8, 1, 2));
    return list;
  }

  private void product(int rows, int panels) {
    kernels.products().product(rows, DEPTH, b, 0, y, 0, 0, panels, scratch);
  }

  private void overRows(int leaves, int leafRows, int panels) {
    kernels
        .products()
        .productOverRows(
            leaves * leafRows, leafRows, Panels.WIDTH, x, 0, b, 0, y, 0, 0, panels, scratch);
  }

  private List<Runnable> usual(KernelUse use) {
    List<Runnable> list = new ArrayList<>();
    list.add(() -> kernels.elementwise().add(y, 0, z, 0, FLOATS));
    use.activations().forEach(activation -> list.addAll(calls(activation)));
    use.parts().forEach(part -> list.add(call(part)));
    return list;
  }

  private Runnable call(KernelUse.Part part) {
    Elementwise elementwise = kernels.elementwise();
    Losses losses = kernels.losses();
    Updates updates = kernels.updates();
    int[] labels = new int[DEPTH];
    return switch (part) {
      case BYTES -> {
        byte[] pixels = new byte[COLUMNS];
        yield () -> elementwise.gatherBytes(pixels, COLUMNS, indices, 0, DEPTH, x, x, y, 0);
      }
      case FLOATS -> () -> elementwise.gatherFloats(x, COLUMNS, indices, 0, DEPTH, x, x, y, 0);
      case DROPOUT -> () -> elementwise.dropout(DEPTH, COLUMNS, 1L, 0, 0.5f, y, 0);
      case CROSS_ENTROPY ->
          () -> losses.softmaxCrossEntropy(DEPTH, 10, z, 0, indices, 0, y, 0, x, labels, 0);
      case SOFTMAX -> () -> losses.softmax(DEPTH, 10, z, 0, y, 0);
      case SQUARED_ERROR -> () -> losses.squaredError(DEPTH, 10, 1f, z, 0, b, 0, y, 0, x, 0);
      case SGD -> () -> updates.sgd(range, 0f);
      case MOMENTUM -> () -> updates.momentum(range, 0f, 0.5f, false);
      case NESTEROV -> () -> updates.momentum(range, 0f, 0.5f, true);
      case RMSPROP -> () -> updates.rmsprop(range, 0f, 0.5f, 1e-8f, 0f);
      case ADAGRAD -> () -> updates.adagrad(range, 0f, 1e-8f);
      case ADADELTA -> () -> updates.adadelta(range, 0f, 0.5, 1e-8f);
      case ADAM -> () -> updates.adam(range, 0f, 1f, 0.5f, 0.5f, 1e-8f, 0f);
      case NADAM -> () -> updates.nadam(range, 0f, 0f, 1f, 0.5f, 0.5f, 1e-8f);
      case CLIP -> () -> updates.clip(range, 1f);
      case LASSO -> () -> updates.shrink(range, 0f);
      case DOT -> () -> total += updates.dot(x, 0, b, 0, FLOATS);
    };
  }

  /** What composed graphs need. */
  private List<Runnable> arithmetic() {
    Arithmetic arithmetic = kernels.arithmetic();
    List<Runnable> list = new ArrayList<>();
    for (Arithmetic.Operator operator : Arithmetic.Operator.values()) {
      list.add(() -> arithmetic.combine(operator, x, 0, b, 0, y, 0, FLOATS));
    }
    list.add(() -> arithmetic.affine(0.5f, 1f, x, 0, y, 0, FLOATS));
    list.add(() -> arithmetic.squareRoot(x, 0, y, 0, FLOATS));
    list.add(() -> arithmetic.reciprocal(x, 0, y, 0, FLOATS));
    list.add(() -> arithmetic.sumColumns(DEPTH, COLUMNS, x, 0, y, 0));
    for (Elementwise.Function f : Elementwise.Function.values()) {
      list.add(() -> kernels.elementwise().apply(f, x, 0, y, 0, FLOATS));
    }
    return list;
  }

  private List<Runnable> calls(Activation h) {
    Elementwise elementwise = kernels.elementwise();
    return List.of(
        () -> elementwise.biasActivate(h, DEPTH, 2, b, 0, z, 0, y, 0),
        () -> elementwise.activate(h, z, 0, y, 0, FLOATS),
        () -> elementwise.activationGradient(h, z, 0, z, 0, b, 0, y, 0, FLOATS));
  }
}
