package io.lockstep.data.table;

import io.lockstep.data.DataException;
import io.lockstep.data.NearestName;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * Rows of named, typed columns, as a file holds them. Immutable and thread-safe. Rows are counted
 * from 0.
 */
public final class Table {

  private final RowPlaces places;
  private final List<String> names;
  private final List<Column> columns;

  /**
   * A table whose columns have names, of which some are kept.
   *
   * @param columns those that are kept, in the order of their names
   */
  Table(RowPlaces places, List<String> names, List<Column> columns) {
    this.places = places;
    this.names = List.copyOf(names);
    this.columns = List.copyOf(columns);
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
    List<Column> all = List.of(columns);
    return new Table(
        new RowPlaces(name, columns[0].rows(), null), all.stream().map(Column::name).toList(), all);
  }

  /** What messages call it: the path of its file. */
  public String name() {
    return places.table();
  }

  /** Number of rows. */
  public int rows() {
    return places.rows();
  }

  /** The columns that are kept, in the file's order. */
  public List<Column> columns() {
    return columns;
  }

  /** The names of all columns, those included that are not kept, in the file's order. */
  public List<String> columnNames() {
    return names;
  }

  /** The column of a name, if there is one and it is kept. */
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
        NearestName.of(column, names)
            .map(near -> "; did you mean '" + near + "'?")
            .orElse("; its columns are " + String.join(", ", names));
    return "%s: there is no column '%s'%s".formatted(name(), column, hint);
  }

  /** The same with a column in the place of the one that has its name. */
  public Table with(Column replacement) {
    List<Column> changed =
        columns.stream()
            .map(column -> column.name().equals(replacement.name()) ? replacement : column)
            .toList();
    return new Table(places, names, changed);
  }

  /** Where a row is, for messages: {@code F.csv:17}, or its number if the table has no lines. */
  public String place(int row) {
    return places.of(row);
  }

  /**
   * Where some rows are, see {@link #place}, without keeping the columns.
   *
   * @param rows [n]; kept, not copied
   * @return from i in [0, n) to the place of rows[i]
   */
  public IntFunction<String> places(int[] rows) {
    return places.of(rows);
  }

  @Override
  public String toString() {
    return "%s (%d rows of %d columns)".formatted(name(), rows(), names.size());
  }
}
