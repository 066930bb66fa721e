package io.lockstep.data.table;

import io.lockstep.data.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads CSV files into tables: in UTF-8, gzipped or not, with a header line of names. Cells that
 * are empty, {@code NA} or {@code NaN} are missing; spaces around a cell do not count.
 *
 * <p>Reads a file twice, first to find the types of its columns, so it never holds cells as texts.
 */
public final class CsvTable {

  private final Path file;
  private final CsvFormat format;
  private final Map<String, ColumnType> types;

  private CsvTable(Path file, CsvFormat format, Map<String, ColumnType> types) {
    this.file = file;
    this.format = format;
    this.types = types;
  }

  /**
   * Reads a file whose delimiter and types are found from its content: numbers, or ISO dates, if
   * all cells of a column are, and texts otherwise.
   *
   * @throws DataException if it cannot be read, has no rows, or a row has more or fewer cells than
   *     the header
   */
  public static Table read(Path file) {
    return read(file, CsvFormat.sniff(file), Map.of());
  }

  /**
   * Reads a file.
   *
   * @param types of columns that are known before; those that the file does not have are ignored
   * @throws DataException as {@link #read(Path)}, and if a cell is not of its column's known type
   */
  public static Table read(Path file, CsvFormat format, Map<String, ColumnType> types) {
    try {
      return new CsvTable(file, format, types).read();
    } catch (CsvSyntaxException noCsv) {
      throw new DataException(noCsv.getMessage(), noCsv);
    }
  }

  private Table read() {
    ColumnScan[] scans;
    List<String> header = new ArrayList<>();
    int rows;
    try (CsvReader reader = CsvReader.open(file, format)) {
      readHeader(reader, header);
      scans = Stream.generate(ColumnScan::new).limit(header.size()).toArray(ColumnScan[]::new);
      rows = scan(reader, scans);
    }
    try (CsvReader reader = CsvReader.open(file, format)) {
      reader.read(new ArrayList<>());
      return fill(reader, header, scans, rows);
    }
  }

  private void readHeader(CsvReader reader, List<String> header) {
    if (!reader.read(header)) {
      throw new DataException(
          file + ": expected a header line with the columns' names, but the file is empty");
    }
    header.replaceAll(String::strip);
    Set<String> before = new HashSet<>();
    for (int column = 0; column < header.size(); column++) {
      String name = header.get(column);
      if (name.isEmpty() || !before.add(name)) {
        throw new DataException(
            "%s:%d: column %d of the header: expected a name of its own but found '%s'"
                .formatted(file, reader.line(), column + 1, name));
      }
    }
    if (header.stream().noneMatch(name -> Double.isNaN(Cells.number(name)))) {
      throw new DataException(
          "%s:%d: expected a header line with the columns' names but found only numbers"
              .formatted(file, reader.line()));
    }
  }

  private int scan(CsvReader reader, ColumnScan[] scans) {
    int rows = 0;
    List<String> record = new ArrayList<>();
    while (reader.read(record)) {
      requireWidth(reader, record, scans.length);
      for (int column = 0; column < scans.length; column++) {
        scans[column].see(record.get(column).strip(), reader.line());
      }
      rows = Math.incrementExact(rows);
    }
    if (rows == 0) {
      throw new DataException(file + ": expected rows after the header but found none");
    }
    return rows;
  }

  private void requireWidth(CsvReader reader, List<String> record, int width) {
    if (record.size() != width) {
      throw new DataException(
          "%s:%d: expected %d cells, as in the header, but found %d (the delimiter is %s)"
              .formatted(file, reader.line(), width, record.size(), format));
    }
  }

  private Table fill(CsvReader reader, List<String> header, ColumnScan[] scans, int rows) {
    ColumnBuilder[] builders = new ColumnBuilder[scans.length];
    for (int column = 0; column < builders.length; column++) {
      ColumnType type = types.getOrDefault(header.get(column), scans[column].type());
      builders[column] = new ColumnBuilder(header.get(column), type, rows, scans[column].oddCell());
    }
    long[] lines = new long[rows];
    List<String> record = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      if (!reader.read(record) || record.size() != builders.length) {
        throw new DataException(file + ": the file has changed while it was read");
      }
      lines[row] = reader.line();
      add(record, builders, reader.line());
    }
    return new Table(
        file.toString(), Arrays.stream(builders).map(ColumnBuilder::build).toList(), lines);
  }

  private void add(List<String> record, ColumnBuilder[] builders, long line) {
    String place = file + ":" + line;
    for (int column = 0; column < builders.length; column++) {
      builders[column].add(record.get(column).strip(), place);
    }
  }
}
