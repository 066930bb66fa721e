package io.lockstep.nn;

import io.lockstep.kernels.Panels;
import io.lockstep.nn.ParameterLayout.Role;

/**
 * A parameter of a layer, trained or a running statistic: a matrix, or a vector as a matrix of one
 * row. Immutable. See {@link ParameterLayout} for where it lies in θ.
 */
public final class Parameter {

  /** The first value of each element. */
  @FunctionalInterface
  public interface Initial {

    /** The same at each call. */
    float at(int row, int column);
  }

  @FunctionalInterface
  private interface Filling {

    /**
     * The first values of {@code length} elements of {@code row}.
     *
     * @param canonicalAt position of the first of them in the canonical θ
     */
    void fill(long seed, int canonicalAt, int row, int column, int length, float[] values, int at);
  }

  private final String name;
  private final Role role;
  private final int rows;
  private final int columns;
  private final Filling filling;

  private Parameter(String name, Role role, int rows, int columns, Filling filling) {
    if (!name.matches("[A-Za-z][A-Za-z0-9_]*")) {
      throw new IllegalArgumentException(
          "parameter: expected a name of letters, digits and _ but found '%s'".formatted(name));
    }
    if (rows < 1 || columns < 1) {
      throw new IllegalArgumentException(
          "parameter %s: expected at least 1 row and 1 column but found %d and %d"
              .formatted(name, rows, columns));
    }
    this.name = name;
    this.role = role;
    this.rows = rows;
    this.columns = columns;
    this.filling = filling;
  }

  /**
   * A matrix [rows][columns], to which weight decay applies, drawn by an initializer with fanIn =
   * rows and fanOut = columns.
   *
   * @throws IllegalArgumentException if the name is no word, or rows or columns are below 1
   */
  public static Parameter matrix(String name, int rows, int columns, Initializer initializer) {
    Filling draws =
        (seed, canonicalAt, row, column, length, values, at) ->
            initializer.fill(seed, rows, columns, values, at, length, canonicalAt);
    return new Parameter(name, Role.WEIGHT, rows, columns, draws);
  }

  /** As above, with first values of your own. */
  public static Parameter matrix(String name, int rows, int columns, Initial initial) {
    return new Parameter(name, Role.WEIGHT, rows, columns, filling(initial));
  }

  /** A matrix [rows][columns] of standard normal numbers, each row of which is used by itself. */
  static Parameter embedding(String name, int rows, int columns) {
    Filling draws =
        (seed, canonicalAt, row, column, length, values, at) ->
            Initializer.LECUN_NORMAL.fill(seed, 1, columns, values, at, length, canonicalAt);
    return new Parameter(name, Role.WEIGHT, rows, columns, draws);
  }

  /**
   * A vector [length], to which weight decay does not apply, such as a bias or a gain.
   *
   * @param first the first value of all elements
   * @throws IllegalArgumentException if the name is no word, or length is below 1
   */
  public static Parameter vector(String name, int length, float first) {
    return new Parameter(name, Role.BIAS, 1, length, filling((row, column) -> first));
  }

  /**
   * A vector [length] that is not trained but follows the data, see {@link Role#STATISTIC}.
   *
   * @param first the first value of all elements
   * @throws IllegalArgumentException if the name is no word, or length is below 1
   */
  public static Parameter statistic(String name, int length, float first) {
    return new Parameter(name, Role.STATISTIC, 1, length, filling((row, column) -> first));
  }

  private static Filling filling(Initial initial) {
    return (seed, canonicalAt, row, column, length, values, at) -> {
      for (int i = 0; i < length; i++) {
        values[at + i] = initial.at(row, column + i);
      }
    };
  }

  /** Unlike that of the layer's other parameters, for instance {@code W}. */
  public String name() {
    return name;
  }

  /** Whether it is trained, and weight decay applies to it. */
  public Role role() {
    return role;
  }

  /** Rows of the matrix, 1 for a vector. */
  public int rows() {
    return rows;
  }

  /** Columns of the matrix, or the length of the vector. */
  public int columns() {
    return columns;
  }

  /**
   * Writes the first values of the rows of panels that stand in [{@code from}, {@code to}) of a
   * packed θ; the padding stays as it is.
   *
   * @param range where the parameter lies
   * @param values hold position {@code from} at {@code at}
   */
  void fill(long seed, ParameterLayout.Range range, int from, int to, float[] values, int at) {
    for (int column = 0; column < columns; column += Panels.WIDTH) {
      int width = Math.min(Panels.WIDTH, columns - column);
      int panelAt = range.packedAt() + Panels.index(rows, 0, column);
      int end = Math.clamp(Math.ceilDiv(to - panelAt, Panels.WIDTH), 0, rows);
      for (int row = Math.max(0, Math.ceilDiv(from - panelAt, Panels.WIDTH)); row < end; row++) {
        int canonicalAt = range.canonicalAt() + row * columns + column;
        int rowAt = at + panelAt + row * Panels.WIDTH - from;
        filling.fill(seed, canonicalAt, row, column, width, values, rowAt);
      }
    }
  }
}
