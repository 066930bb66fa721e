package io.lockstep.kernels;

/**
 * The packed layout of every matrix in Lockstep: panels of {@value #WIDTH} columns, rows contiguous
 * inside a panel.
 *
 * <pre>
 *   element (row, column) of a matrix with R rows is at
 *   (column / 16) * R * 16  +  row * 16  +  column % 16
 * </pre>
 *
 * The last panel is padded with columns of zeros. The layout is the same on all machines, whatever
 * their vector width: a panel row is one vector of 512 bits, two of 256, or four of 128.
 */
public final class Panels {

  /** Columns of one panel. */
  public static final int WIDTH = 16;

  private Panels() {}

  /** Number of panels that hold {@code columns} columns. */
  public static int count(int columns) {
    return (columns + WIDTH - 1) / WIDTH;
  }

  /** {@code columns} rounded up to whole panels. */
  public static int paddedColumns(int columns) {
    return count(columns) * WIDTH;
  }

  /** Number of floats of a packed {@code rows} by {@code columns} matrix, padding included. */
  public static int size(int rows, int columns) {
    return Math.multiplyExact(rows, paddedColumns(columns));
  }

  /** Position of element ({@code row}, {@code column}) in a packed matrix of {@code rows} rows. */
  public static int index(int rows, int row, int column) {
    return (column / WIDTH) * rows * WIDTH + row * WIDTH + column % WIDTH;
  }

  /** Packs a row-major [rows][columns] matrix; the padding is overwritten with zeros. */
  public static void pack(
      int rows, int columns, float[] rowMajor, int rowMajorAt, float[] packed, int packedAt) {
    packRows(rows, columns, rowMajor, rowMajorAt, 0, rows, packed, packedAt);
  }

  /** Packs rows [fromRow, toRow) of a matrix, given as row-major [toRow − fromRow][columns]. */
  public static void packRows(
      int rows,
      int columns,
      float[] rowMajor,
      int rowMajorAt,
      int fromRow,
      int toRow,
      float[] packed,
      int packedAt) {
    for (int panel = 0; panel < count(columns); panel++) {
      for (int row = fromRow; row < toRow; row++) {
        int to = packedAt + (panel * rows + row) * WIDTH;
        int from = rowMajorAt + (row - fromRow) * columns + panel * WIDTH;
        int width = Math.min(WIDTH, columns - panel * WIDTH);
        System.arraycopy(rowMajor, from, packed, to, width);
        java.util.Arrays.fill(packed, to + width, to + WIDTH, 0f);
      }
    }
  }

  /** Unpacks into a row-major [rows][columns] matrix. */
  public static void unpack(
      int rows, int columns, float[] packed, int packedAt, float[] rowMajor, int rowMajorAt) {
    unpackRows(rows, columns, packed, packedAt, 0, rows, rowMajor, rowMajorAt);
  }

  /** Unpacks rows [fromRow, toRow) into a row-major [toRow − fromRow][columns] matrix. */
  public static void unpackRows(
      int rows,
      int columns,
      float[] packed,
      int packedAt,
      int fromRow,
      int toRow,
      float[] rowMajor,
      int rowMajorAt) {
    for (int panel = 0; panel < count(columns); panel++) {
      for (int row = fromRow; row < toRow; row++) {
        int from = packedAt + (panel * rows + row) * WIDTH;
        int to = rowMajorAt + (row - fromRow) * columns + panel * WIDTH;
        System.arraycopy(packed, from, rowMajor, to, Math.min(WIDTH, columns - panel * WIDTH));
      }
    }
  }
}
