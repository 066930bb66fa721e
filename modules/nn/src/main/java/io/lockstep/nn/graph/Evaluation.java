package io.lockstep.nn.graph;

import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Panels;
import io.lockstep.kernels.Scratch;
import io.lockstep.nn.graph.Composition.Constant;
import io.lockstep.nn.graph.ComputationalGraph.Step;
import java.util.Arrays;
import java.util.List;

/**
 * The memory of a {@link ComputationalGraph}, and its computation forward and in reverse. One
 * thread's; allocated once for the most rows of the batch, nothing per call.
 *
 * <p>Each evaluation is {@link #begin}, {@link #bind} for each input, parameter and {@link
 * Indices}, {@link #forward}, and then for gradients {@link #bindGradient} for the output and for
 * all that the graph is differentiated in, and {@link #backward}. Bound matrices are packed, with
 * zeros as padding; so are the results.
 */
public final class Evaluation {

  private final ComputationalGraph graph;
  private final Kernels kernels;
  private final int maxRows;
  private final float[] arena;
  private final Place part = new Place();
  private final Place transposed = new Place();
  private final Scratch scratch;
  private final Place[] values;
  private final Place[] gradients;
  private final int[][] indices;
  private final int[] indicesAt;
  private int rows;
  private boolean skipsFixed;

  /**
   * @param maxRows the most rows of the batch
   * @throws IllegalArgumentException if below 1, or too many for one array
   */
  public Evaluation(ComputationalGraph graph, Kernels kernels, int maxRows) {
    GraphMemory memory = graph.memory();
    this.graph = graph;
    this.kernels = kernels;
    this.maxRows = maxRows;
    long floats = (long) memory.batchColumns() * maxRows + memory.fixedFloats();
    long partFloats = Math.max((long) memory.partColumns() * maxRows, memory.partFloats());
    long packed = graph.packedFloats(maxRows);
    if (maxRows < 1 || Math.max(Math.max(floats, partFloats), packed) > Integer.MAX_VALUE - 64) {
      throw new IllegalArgumentException(
          "evaluation: expected at least 1 row and at most %d floats but found %d rows, %d floats"
              .formatted(Integer.MAX_VALUE - 64, maxRows, floats));
    }
    this.arena = new float[(int) floats];
    this.part.move(new float[(int) partFloats], 0);
    this.transposed.move(new float[graph.transposedFloats()], 0);
    this.scratch = new Scratch(1, (int) Math.max(1, packed));
    this.values = places(graph.composition());
    this.gradients = places(graph.composition());
    this.indices = new int[graph.composition().boundIndices()][];
    this.indicesAt = new int[indices.length];
    graph.composition().constants().forEach(this::fill);
  }

  private static Place[] places(Composition composition) {
    Place[] places = new Place[composition.variables()];
    Arrays.setAll(places, id -> new Place());
    return places;
  }

  private void fill(Constant constant) {
    Place place = values[constant.variable().id()];
    place.move(arena, fixedAt(graph.memory().valueAt(constant.variable())));
    int all = constant.values().length;
    for (int row = 0; row < all; row++) {
      float[] numbers = constant.values()[row];
      for (int column = 0; column < numbers.length; column++) {
        place.array[place.at + Panels.index(all, row, column)] = numbers[column];
      }
    }
  }

  private int fixedAt(int at) {
    return graph.memory().batchColumns() * maxRows + at;
  }

  /**
   * Starts an evaluation.
   *
   * @param rows rows of the batch, from 1 to maxRows
   */
  public void begin(int rows) {
    begin(rows, 0);
  }

  /**
   * Starts an evaluation of a part of the batch. Values of different parts are kept apart, so that
   * all may be computed forward before any is computed backward; what depends on no row is computed
   * with the part at 0 alone.
   *
   * @param from position of the part's first row
   */
  void begin(int rows, int from) {
    if (rows < 1 || from < 0 || from + rows > maxRows) {
      throw new IllegalArgumentException(
          "evaluation: expected 1 to %d rows but found %d from row %d on"
              .formatted(maxRows, rows, from));
    }
    this.rows = rows;
    this.skipsFixed = from > 0;
    List<Primitive> primitives = graph.primitives();
    for (int i = 0; i < primitives.size(); i++) {
      place(primitives.get(i).output(), from);
    }
  }

  private void place(Variable variable, int from) {
    int valueAt = graph.memory().valueAt(variable);
    int gradientAt = graph.memory().gradientAt(variable);
    if (variable.size().isBatch()) {
      int padded = variable.size().paddedColumns();
      values[variable.id()].move(arena, valueAt * maxRows + from * padded);
      gradients[variable.id()].move(arena, gradientAt * maxRows);
    } else {
      values[variable.id()].move(arena, fixedAt(valueAt));
      gradients[variable.id()].move(arena, fixedAt(gradientAt));
    }
  }

  /** Says where the numbers of an input or parameter are. */
  public void bind(Variable leaf, float[] array, int at) {
    if (leaf.primitive() != null) {
      throw new IllegalArgumentException("bind: expected an input or parameter but found " + leaf);
    }
    values[leaf.id()].move(array, at);
  }

  /** Says where the indices of the rows are. */
  public void bind(Indices leaf, int[] array, int at) {
    indices[leaf.id()] = array;
    indicesAt[leaf.id()] = at;
  }

  /**
   * Says where the output's gradient is, or where to that of an input or parameter is written,
   * which is overwritten. Places are apart from one another and from all values.
   */
  public void bindGradient(Variable variable, float[] array, int at) {
    gradients[variable.id()].move(array, at);
  }

  /** Computes the output. */
  public void forward() {
    List<Primitive> primitives = graph.primitives();
    for (int i = 0; i < primitives.size(); i++) {
      Primitive primitive = primitives.get(i);
      Variable output = primitive.output();
      if (output.size().isBatch() || !skipsFixed || output.mixesRows()) {
        primitive.forward(this);
        clearPadding(output, value(output));
      }
    }
  }

  /** Computes the gradients, of the values that {@link #forward} left. */
  public void backward() {
    List<Step> steps = graph.steps();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      Variable input = step.input();
      Place gradient = gradient(input);
      Place to = step.adds() ? part : gradient;
      step.primitive().backward(this, step.k(), to);
      clearPadding(input, to);
      if (step.adds()) {
        kernels.elementwise().add(gradient.array, gradient.at, part.array, part.at, length(input));
      }
    }
  }

  private void clearPadding(Variable variable, Place place) {
    clearPadding(rows(variable), variable.size().columns(), place.array, place.at);
  }

  /** Columns of zeros up to whole panels. */
  static void clearPadding(int rows, int columns, float[] array, int at) {
    int used = columns % Panels.WIDTH;
    if (used > 0) {
      int first = at + Panels.index(rows, 0, columns);
      for (int row = 0; row < rows; row++) {
        int from = first + row * Panels.WIDTH;
        Arrays.fill(array, from, from + Panels.WIDTH - used, 0f);
      }
    }
  }

  /** An element of what was computed or bound. */
  public float get(Variable variable, int row, int column) {
    Place place = value(variable);
    return place.array[place.at + Panels.index(rows(variable), row, column)];
  }

  /** Copies what was computed, packed. */
  void copyValue(Variable variable, float[] to, int at) {
    Place place = value(variable);
    System.arraycopy(place.array, place.at, to, at, length(variable));
  }

  Kernels kernels() {
    return kernels;
  }

  Scratch scratch() {
    return scratch;
  }

  Place value(Variable variable) {
    return values[variable.id()];
  }

  Place gradient(Variable variable) {
    return gradients[variable.id()];
  }

  int batchRows() {
    return rows;
  }

  int rows(Variable variable) {
    return variable.size().rows(rows);
  }

  /** Floats of a packed variable. */
  int length(Variable variable) {
    return rows(variable) * variable.size().paddedColumns();
  }

  /** The index of a row, which is checked to be below {@code limit}. */
  int index(Indices of, int row, int limit) {
    if (of.source() == null) {
      int index = indices[of.id()][indicesAt[of.id()] + row];
      if (index < 0 || index >= limit) {
        throw of.wrong(row, limit, index);
      }
      return index;
    }
    float number = get(of.source(), row, of.column());
    int index = (int) number;
    if (index != number || index < 0 || index >= limit) {
      throw of.wrong(row, limit, number);
    }
    return index;
  }

  /** y = a b with a [rows][depth], b [depth][columns]. */
  void product(int rows, int depth, int columns, Place a, Place b, Place y) {
    kernels.products().packRows(rows, depth, a.array, a.at, scratch);
    kernels
        .products()
        .product(rows, depth, b.array, b.at, y.array, y.at, 0, Panels.count(columns), scratch);
  }

  /** y = aᵀ b with a [rows][left], b [rows][right]. */
  void productOverRows(int rows, int left, int right, Place a, Place b, Place y) {
    kernels
        .products()
        .productOverRows(
            rows,
            rows,
            left,
            a.array,
            a.at,
            b.array,
            b.at,
            y.array,
            y.at,
            0,
            Panels.count(right),
            scratch);
  }

  /** xᵀ of x [rows][columns], until the next call. */
  Place transposed(int rows, int columns, Place x) {
    kernels.products().transpose(rows, columns, x.array, x.at, transposed.array, transposed.at);
    return transposed;
  }
}
