package io.lockstep.nn.graph;

import java.util.List;

/** A whole number for each row of the batch, from 0 on: a class, or a row of a table. */
public final class Indices {

  private final String name;
  private final int id;
  private final Variable source;
  private final int column;

  private Indices(String name, int id, Variable source, int column) {
    this.name = name;
    this.id = id;
    this.source = source;
    this.column = column;
  }

  static Indices bound(String name, int id) {
    return new Indices(name, id, null, 0);
  }

  static Indices of(Variable source, int column) {
    Variable.require(
        source.size().isBatch() && column >= 0 && column < source.size().columns(),
        "indices: expected rows of the batch with a column %d".formatted(column),
        List.of(source));
    return new Indices("%s[%d]".formatted(source.name(), column), -1, source, column);
  }

  /** What errors and drawings call them. */
  public String name() {
    return name;
  }

  /** Number among those that the composition's user binds. */
  int id() {
    return id;
  }

  /** What they are read from; null if they are bound. */
  Variable source() {
    return source;
  }

  int column() {
    return column;
  }

  RuntimeException wrong(int row, int limit, Object found) {
    return new IndexOutOfBoundsException(
        "%s: expected a whole number from 0 to %d in row %d but found %s"
            .formatted(name, limit - 1, row, found));
  }
}
