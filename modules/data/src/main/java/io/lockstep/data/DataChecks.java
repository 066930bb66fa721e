package io.lockstep.data;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Checks of arrays that become a dataset; each throws a {@link DataException} that names what is
 * wrong, and where.
 */
final class DataChecks {

  private DataChecks() {}

  static void shape(String name, int rows, int width, long features) {
    if (rows < 1 || width < 1) {
      throw new DataException(
          "%s: expected at least one row and one column, but found %d rows of width %d"
              .formatted(name, rows, width));
    }
    length(name, "feature", features, rows, width);
  }

  static void length(String name, String what, long found, int rows, int perRow) {
    if (perRow < 1 || found != (long) rows * perRow) {
      throw new DataException(
          "%s: expected %d %ss (%d rows with %d each), but found %d"
              .formatted(name, (long) rows * perRow, what, rows, perRow, found));
    }
  }

  static void finite(String name, String what, float[] values, int perRow) {
    finite(name, what, MemorySegment.ofArray(values), perRow);
  }

  static void finite(String name, String what, MemorySegment values, int perRow) {
    long count = values.byteSize() / Float.BYTES;
    for (long i = 0; i < count; i++) {
      float value = values.getAtIndex(ValueLayout.JAVA_FLOAT, i);
      if (!Float.isFinite(value)) {
        throw new DataException(
            "%s: the %s at row %d, column %d (counted from 0) is %s, expected a finite number"
                .formatted(name, what, i / perRow, i % perRow, value));
      }
    }
  }

  static void positive(String name, String what, float[] values) {
    for (int row = 0; row < values.length; row++) {
      if (!(values[row] > 0)) {
        throw new DataException(
            "%s: the %s of row %d (counted from 0) is %s, expected a number above 0"
                .formatted(name, what, row, values[row]));
      }
    }
  }

  static void labels(String name, int[] labels, int classes) {
    for (int row = 0; row < labels.length; row++) {
      if (labels[row] < 0 || labels[row] >= classes) {
        throw new DataException(
            "%s: the label of row %d (counted from 0) is %d, expected 0 to %d"
                .formatted(name, row, labels[row], classes - 1));
      }
    }
  }
}
