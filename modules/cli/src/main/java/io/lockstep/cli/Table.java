package io.lockstep.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * A small table for the terminal: the first column and those without a heading to the left, the
 * others to the right.
 */
final class Table {

  private static final String GAP = "  ";

  /** To which a cell is cut. */
  private static final int SHORTEST = 12;

  private final List<List<String>> rows = new ArrayList<>();

  /** A table with the given headings. */
  Table(String... headings) {
    rows.add(List.of(headings));
  }

  /** Adds a row with as many cells as there are headings. */
  Table row(String... cells) {
    if (cells.length != rows.getFirst().size()) {
      throw new IllegalArgumentException(
          "expected %d cells but found %d".formatted(rows.getFirst().size(), cells.length));
    }
    rows.add(List.of(cells));
    return this;
  }

  /** The lines, without newlines. */
  List<String> lines() {
    return rows.stream().map(this::line).toList();
  }

  /**
   * The lines, none longer than so many columns as far as that is possible: the longest cells are
   * cut, and end with … then.
   */
  List<String> lines(int columns) {
    int longest = rows.stream().flatMap(List::stream).mapToInt(String::length).max().orElse(0);
    Table cut = this;
    for (int most = longest; most >= SHORTEST && cut.columns() > columns; most--) {
      cut = cutTo(most);
    }
    return cut.lines();
  }

  private int columns() {
    return lines().stream().mapToInt(String::length).max().orElse(0);
  }

  private Table cutTo(int most) {
    Table cut = new Table();
    cut.rows.clear();
    rows.forEach(row -> cut.rows.add(row.stream().map(cell -> cut(cell, most)).toList()));
    return cut;
  }

  private static String cut(String cell, int most) {
    return cell.length() <= most ? cell : cell.substring(0, most - 1) + "…";
  }

  private String line(List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < cells.size(); column++) {
      String cell = cells.get(column);
      String padding = " ".repeat(width(column) - cell.length());
      boolean left = column == 0 || rows.getFirst().get(column).isEmpty();
      line.append(column == 0 ? "" : GAP).append(left ? cell + padding : padding + cell);
    }
    return line.toString().stripTrailing();
  }

  private int width(int column) {
    return rows.stream().mapToInt(cells -> cells.get(column).length()).max().orElse(0);
  }
}
