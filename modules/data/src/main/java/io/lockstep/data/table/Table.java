package io.lockstep.data.table;

import io.lockstep.data.DataException;
import io.lockstep.data.NearestName;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Rows of named, typed columns, as a file holds them. Immutable and thread-safe. Rows are counted
 * from 0.
 */
public final class Table {

  private final String name;
  private final List<Column> columns;
  private final int rows;
  private final long[] lines; // null: the table is not from a file

  Table(String name, List<Column> columns, long[] lines) {
    this.name = name;
    this.columns = List.copyOf(columns);
    this.rows = columns.getFirst().rows();
    this.lines = lines;
  }

  /**
   * A table of columns.
   *
   * @param name what messages call it
   * @throws DataException if there is none, two have the same name, or their lengths differ
   */
  public static Table of(String name, Column... columns) {
    if (columns.length == 0) {
      throw new DataException(name + ": expected at least one column but found none");
    }
    Set<String> names = new HashSet<>();
    for (Column column : columns) {
      if (!names.add(column.name())) {
        throw new DataException(name + ": two columns are called '" + column.name() + "'");
      }
      if (column.rows() != columns[0].rows()) {
        throw new DataException(
            "%s: column %s has %d rows, but %s has %d"
                .formatted(
                    name, column.name(), column.rows(), columns[0].name(), columns[0].rows()));
      }
    }
    return new Table(name, Arrays.asList(columns), null);
  }

  /** What messages call it: the path of its file. */
  public String name() {
    return name;
  }

  /** Number of rows. */
  public int rows() {
    return rows;
  }

  /** The columns, in the file's order. */
  public List<Column> columns() {
    return columns;
  }

  /** Their names. */
  public List<String> columnNames() {
    return columns.stream().map(Column::name).toList();
  }

  /** The column of a name. */
  public Optional<Column> find(String column) {
    return columns.stream().filter(c -> c.name().equals(column)).findFirst();
  }

  /**
   * The column of a name.
   *
   * @throws DataException if there is none, naming the nearest
   */
  public Column column(String column) {
    return find(column).orElseThrow(() -> new DataException(unknown(column)));
  }

  private String unknown(String column) {
    String hint =
        NearestName.of(column, columnNames())
            .map(near -> "; did you mean '" + near + "'?")
            .orElse("; its columns are " + String.join(", ", columnNames()));
    return "%s: there is no column '%s'%s".formatted(name, column, hint);
  }

  /** The same with a column in the place of the one that has its name. */
  public Table with(Column replacement) {
    List<Column> changed =
        columns.stream()
            .map(column -> column.name().equals(replacement.name()) ? replacement : column)
            .toList();
    return new Table(name, changed, lines);
  }

  /** Where a row is, for messages: {@code F.csv:17}, or its number if the table has no lines. */
  public String place(int row) {
    return lines == null ? name + ": row " + row : name + ":" + lines[row];
  }

  /**
   * Where some rows are, see {@link #place}, without keeping the columns.
   *
   * @param rows [n]
   * @return from i in [0, n) to the place of rows[i]
   */
  public IntFunction<String> places(int[] rows) {
    String table = name;
    if (lines == null) {
      return i -> table + ": row " + rows[i];
    }
    long[] linesOfRows = IntStream.of(rows).mapToLong(row -> lines[row]).toArray();
    return i -> table + ":" + linesOfRows[i];
  }

  @Override
  public String toString() {
    return "%s (%d rows of %d columns)".formatted(name, rows, columns.size());
  }
}
