package io.lockstep.benchmarks.peers;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A document of headings, paragraphs and tables, printed as it grows and kept in a file: what is
 * broken off leaves what it has.
 */
public final class Markdown {

  private final Path file;
  private final PrintStream terminal;
  private final StringBuilder text = new StringBuilder();

  /**
   * @param file overwritten
   * @param terminal where it is printed
   */
  public Markdown(Path file, PrintStream terminal) {
    this.file = file;
    this.terminal = terminal;
  }

  /** Adds a heading; 1 is the title's level. */
  public void heading(int level, String words) throws IOException {
    add("#".repeat(level) + " " + words);
  }

  /** Adds a paragraph. */
  public void paragraph(String words) throws IOException {
    add(words);
  }

  /** Adds a table. */
  public void table(Table table) throws IOException {
    add(table.toString());
  }

  private void add(String block) throws IOException {
    String separated = (text.isEmpty() ? "" : "\n") + block + "\n";
    text.append(separated);
    terminal.print(separated);
    Files.writeString(file, text);
  }

  /** A table; each row has as many cells as there are columns. */
  public static final class Table {

    private final List<List<String>> rows = new ArrayList<>();

    /**
     * @param columns their headings
     */
    public Table(String... columns) {
      rows.add(List.of(columns));
      rows.add(Collections.nCopies(columns.length, "---"));
    }

    /**
     * Adds a row.
     *
     * @throws IllegalArgumentException if it has not as many cells as there are columns
     */
    public Table row(String... cells) {
      int columns = rows.getFirst().size();
      if (cells.length != columns) {
        throw new IllegalArgumentException(
            "row: expected %d cells, found %d: %s"
                .formatted(columns, cells.length, List.of(cells)));
      }
      rows.add(List.of(cells));
      return this;
    }

    @Override
    public String toString() {
      StringBuilder lines = new StringBuilder();
      for (List<String> row : rows) {
        lines.append(lines.isEmpty() ? "" : "\n");
        lines.append("| ").append(String.join(" | ", row)).append(" |");
      }
      return lines.toString();
    }
  }
}
