package io.lockstep.data.table;

import io.lockstep.data.table.Column.OddCell;

/** Finds the type of a column from its cells, in a first pass. Used by one thread. */
final class ColumnScan {

  /** Of so many cells at most one may be no number for a column that was meant to hold numbers. */
  private static final long NUMBERS_PER_ODD_CELL = 10;

  private long numbers;
  private long dates;
  private long others;
  private OddCell firstOther;

  void see(String cell, long line) {
    if (Cells.isMissing(cell)) {
      return;
    }
    if (!Double.isNaN(Cells.number(cell))) {
      numbers++;
      return;
    }
    if (Cells.day(cell).isPresent()) {
      dates++;
    } else {
      others++;
    }
    if (firstOther == null) {
      firstOther = new OddCell(line, cell);
    }
  }

  /** A column without any cell is one of numbers, all missing. */
  ColumnType type() {
    if (dates + others == 0) {
      return ColumnType.NUMBER;
    }
    return others + numbers == 0 ? ColumnType.DATE : ColumnType.TEXT;
  }

  /** The cell that keeps the column from being one of numbers, if it is one of few. */
  OddCell oddCell() {
    return (dates + others) * NUMBERS_PER_ODD_CELL <= numbers ? firstOther : null;
  }
}
