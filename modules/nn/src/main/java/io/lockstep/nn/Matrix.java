package io.lockstep.nn;

import io.lockstep.kernels.Panels;
import java.util.Objects;

/**
 * A view of a matrix in the packed layout (see {@link Panels}): the rows of one leaf, or a
 * parameter. It holds for the call that it is handed to; the pass then moves it on.
 */
public final class Matrix {

  private final int columns;
  private float[] array;
  private int at;
  private int rows;
  private int panelStride;

  Matrix(int columns) {
    this.columns = columns;
  }

  /**
   * Moves the view.
   *
   * @param array of a packed [allRows][columns] matrix
   * @param at where it begins
   * @param firstRow the row of it that is row 0 here
   * @param rows rows of the view
   */
  void show(float[] array, int at, int allRows, int firstRow, int rows) {
    this.array = array;
    this.at = at + firstRow * Panels.WIDTH;
    this.rows = rows;
    this.panelStride = allRows * Panels.WIDTH;
  }

  /** Number of rows. */
  public int rows() {
    return rows;
  }

  /** Number of columns, padding not counted. */
  public int columns() {
    return columns;
  }

  /**
   * An element.
   *
   * @throws IndexOutOfBoundsException if there is no such row or column
   */
  public float get(int row, int column) {
    return array[index(row, column)];
  }

  /** Overwrites an element; of a gradient or the output only. */
  public void set(int row, int column, float value) {
    array[index(row, column)] = value;
  }

  /** Adds to an element; of a gradient or the output only. */
  public void add(int row, int column, float value) {
    array[index(row, column)] += value;
  }

  /** The array that holds the elements, for loops that have to be fast; see {@link #index}. */
  public float[] array() {
    return array;
  }

  /**
   * Position of an element in {@link #array}. From a column that is a multiple of {@value
   * Panels#WIDTH} on, as many columns of a row are contiguous.
   *
   * @throws IndexOutOfBoundsException if there is no such row or column
   */
  public int index(int row, int column) {
    Objects.checkIndex(row, rows);
    Objects.checkIndex(column, columns);
    return at + column / Panels.WIDTH * panelStride + row * Panels.WIDTH + column % Panels.WIDTH;
  }
}
