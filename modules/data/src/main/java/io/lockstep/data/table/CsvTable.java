package io.lockstep.data.table;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.lockstep.data.DataException;
import io.lockstep.data.store.NumberStore;
import io.lockstep.data.store.NumberWriter;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Reads CSV files into tables: in UTF-8, gzipped or not, with a header line of names. Cells that
 * are empty, {@code NA} or {@code NaN} are missing; spaces around a cell do not count.
 *
 * <p>Reads a file twice, first to count its rows and to find the types of its columns, so it never
 * holds cells as texts, and knows where they go: a table too large for the heap goes to a scratch
 * file ({@link CsvOptions#storage}). A column takes 8 bytes a row, or 4 if it is text, and 8 more
 * are for the row's line.
 */
public final class CsvTable {

  private final Path file;
  private final CsvFormat format;
  private final CsvOptions options;
  private final List<String> header = new ArrayList<>();
  private int[] kept; // columns of the header, ascending
  private ColumnScan[] scans; // of those
  private int rows;

  private CsvTable(Path file, CsvFormat format, CsvOptions options) {
    this.file = file;
    this.format = format;
    this.options = options;
  }

  /**
   * Reads a file whose delimiter and types are found from its content: numbers, or ISO dates, if
   * all cells of a column are, and texts otherwise.
   *
   * @throws DataException if it cannot be read, has no rows, or a row has more or fewer cells than
   *     the header
   */
  public static Table read(Path file) {
    return read(file, CsvOptions.automatic());
  }

  /**
   * Reads a file.
   *
   * @throws DataException as {@link #read(Path)}, if a cell is not of its column's known type, and
   *     if a scratch file is needed and cannot be had
   */
  public static Table read(Path file, CsvOptions options) {
    try {
      CsvFormat format =
          Objects.requireNonNullElseGet(options.format(), () -> CsvFormat.sniff(file));
      return new CsvTable(file, format, options).read();
    } catch (CsvSyntaxException noCsv) {
      throw new DataException(noCsv.getMessage(), noCsv);
    }
  }

  private Table read() {
    try (CsvReader reader = CsvReader.open(file, format)) {
      readHeader(reader);
      scan(reader);
    }
    try (CsvReader reader = CsvReader.open(file, format);
        NumberStore store = options.storage().open(file.toString(), bytes())) {
      reader.read(new ArrayList<>());
      return fill(reader, store);
    }
  }

  private void readHeader(CsvReader reader) {
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

  private void scan(CsvReader reader) {
    kept =
        IntStream.range(0, header.size())
            .filter(column -> options.wanted().test(header.get(column)))
            .toArray();
    scans = IntStream.of(kept).mapToObj(column -> new ColumnScan()).toArray(ColumnScan[]::new);
    List<String> record = new ArrayList<>();
    while (reader.read(record)) {
      requireWidth(reader, record, header.size());
      for (int i = 0; i < kept.length; i++) {
        scans[i].see(record.get(kept[i]).strip(), reader.line());
      }
      rows = Math.incrementExact(rows);
    }
    if (rows == 0) {
      throw new DataException(file + ": expected rows after the header but found none");
    }
  }

  private void requireWidth(CsvReader reader, List<String> record, int width) {
    if (record.size() != width) {
      throw new DataException(
          "%s:%d: expected %d cells, as in the header, but found %d (the delimiter is %s)"
              .formatted(file, reader.line(), width, record.size(), format));
    }
  }

  private ColumnType type(int i) {
    return options.types().getOrDefault(header.get(kept[i]), scans[i].type());
  }

  private long bytes() {
    long perRow = Long.BYTES;
    for (int i = 0; i < kept.length; i++) {
      perRow += type(i) == ColumnType.TEXT ? Integer.BYTES : Double.BYTES;
    }
    return rows * perRow;
  }

  private Table fill(CsvReader reader, NumberStore store) {
    NumberWriter lines = store.longs(rows);
    ColumnBuilder[] builders =
        IntStream.range(0, kept.length)
            .mapToObj(i -> builder(i, store))
            .toArray(ColumnBuilder[]::new);
    List<String> record = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      if (!reader.read(record) || record.size() != header.size()) {
        throw new DataException(file + ": the file has changed while it was read");
      }
      lines.putLong(reader.line());
      add(record, builders, reader.line());
    }
    MemorySegment lineOfRow = lines.finish();
    return new Table(
        new RowPlaces(file.toString(), rows, row -> lineOfRow.getAtIndex(JAVA_LONG, row)),
        header,
        Arrays.stream(builders).map(ColumnBuilder::build).toList());
  }

  private ColumnBuilder builder(int i, NumberStore store) {
    ColumnType type = type(i);
    return new ColumnBuilder(
        header.get(kept[i]),
        type,
        scans[i].oddCell(),
        type == ColumnType.TEXT ? store.ints(rows) : store.doubles(rows));
  }

  private void add(List<String> record, ColumnBuilder[] builders, long line) {
    String place = file + ":" + line;
    for (int i = 0; i < builders.length; i++) {
      builders[i].add(record.get(kept[i]).strip(), place);
    }
  }
}
