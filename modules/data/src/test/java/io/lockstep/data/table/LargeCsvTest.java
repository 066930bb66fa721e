package io.lockstep.data.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.DataException;
import io.lockstep.data.store.Storage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are longer than what is decoded of them at once, and tables in scratch files. */
class LargeCsvTest {

  /** Characters and bytes that are decoded at once are 2¹⁵ and 2¹³: the edge falls in each cell. */
  private static final int EDGE = 1 << 15;

  private static final String AWKWARD =
      "1.5,\"two\r\nlines, \"\"quoted\"\"\",2011-01-31,äö€\uD83D\uDE00\r\n\r\n-2,,NA,\"\n\"\n";

  @TempDir Path folder;
  private Path file;
  private Path scratch;

  @BeforeEach
  void setUp() throws IOException {
    file = folder.resolve("f.csv");
    scratch = Files.createDirectory(folder.resolve("scratch"));
  }

  private Table read(long heapBytes) {
    return CsvTable.read(file, CsvOptions.automatic().withStorage(new Storage(heapBytes, scratch)));
  }

  /** Every cell, with the place of its row. */
  private static List<String> cells(Table table) {
    List<String> cells = new ArrayList<>();
    for (int row = 0; row < table.rows(); row++) {
      cells.add(table.place(row));
      for (Column column : table.columns()) {
        cells.add(column.isMissing(row) ? "NA" : column.label(row));
      }
    }
    return cells;
  }

  private List<String> expected(int rowsBefore) {
    List<String> cells = new ArrayList<>();
    for (int row = 0; row < rowsBefore; row++) {
      cells.addAll(List.of(file + ":" + (row + 2), "0", "t", "1970-01-01", "u"));
    }
    int line = rowsBefore + 2;
    cells.addAll(List.of(file + ":" + line, "1.5", "two\r\nlines, \"quoted\""));
    cells.addAll(List.of("2011-01-31", "äö€\uD83D\uDE00"));
    cells.addAll(List.of(file + ":" + (line + 3), "-2", "NA", "NA", "NA"));
    cells.addAll(List.of(file + ":" + (line + 5), "7", "last", "2000-01-01", "w"));
    return cells;
  }

  /** Moved by one byte, then by another: a character of four bytes is cut at each of its bytes. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void readsWhatLiesAcrossTheEdgeOfAWindow(boolean gzip) throws IOException {
    String row = "0,t,1970-01-01,u\n";
    int rows = EDGE / row.length() - 3;
    for (int shift = 0; shift < 80; shift++) {
      String header = "\uFEFFa,b,c," + "d".repeat(shift + 1) + "\n";
      write(header + row.repeat(rows) + AWKWARD + "7,last,2000-01-01,w", gzip);
      assertThat(cells(read(Long.MAX_VALUE))).isEqualTo(expected(rows));
      assertThat(cells(read(0))).isEqualTo(expected(rows));
    }
    assertThat(scratch).isEmptyDirectory();
  }

  private void write(String text, boolean gzip) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    if (gzip) {
      try (OutputStream out = new GZIPOutputStream(packed)) {
        out.write(bytes);
      }
    }
    Files.write(file, gzip ? packed.toByteArray() : bytes);
  }

  @Test
  void leavesNoFileWhileATableIsReadNorAfterAnError() throws IOException {
    Files.writeString(file, "a,b\n" + "1,x\n".repeat(5000) + "z,y\n");
    Map<String, ColumnType> types = Map.of("a", ColumnType.NUMBER);
    CsvOptions options =
        CsvOptions.automatic().withTypes(types).withStorage(new Storage(0, scratch));
    assertThatThrownBy(() -> CsvTable.read(file, options))
        .isInstanceOf(DataException.class)
        .hasMessage(file + ":5002: column a: expected a finite number but found 'z'");
    assertThat(scratch).isEmptyDirectory();

    Table table = read(0);
    try (Stream<Path> files = Files.list(scratch)) {
      assertThat(files).isEmpty();
    }
    assertThat(table.column("b").label(5000)).isEqualTo("y");
  }

  @Test
  void refusesAnEmptyFileAsWithoutScratch() throws IOException {
    Files.writeString(file, "");
    assertThatThrownBy(() -> read(0))
        .hasMessage(
            file + ": expected a header line with the columns' names, but the file is empty");
    Files.writeString(file, "a,b\r\n");
    assertThatThrownBy(() -> read(0))
        .hasMessage(file + ": expected rows after the header but found none");
  }
}
