package io.lockstep.data.table;

/** What the cells of a column are. */
public enum ColumnType {
  /** A finite number. */
  NUMBER,
  /** A date as ISO 8601 writes it, {@code 2011-01-31}: a number, the days since 1970-01-01. */
  DATE,
  /** Anything else, as it is written. */
  TEXT
}
