package io.lockstep.data.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.DataException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvTableTest {

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void setUp() {
    file = folder.resolve("f.csv");
  }

  private Table read(String text) throws IOException {
    Files.writeString(file, text);
    return CsvTable.read(file);
  }

  private static CsvOptions commas(Map<String, ColumnType> types) {
    return CsvOptions.automatic().withFormat(CsvFormat.COMMA).withTypes(types);
  }

  @Test
  void findsTypesOfColumns() throws IOException {
    Table table = read("n,d,t,e\n1.5,2011-01-31,x,\n-2e3, 1970-01-02 ,7,NA\n,,NA,\n");
    assertThat(table.columns().stream().map(Column::type))
        .containsExactly(ColumnType.NUMBER, ColumnType.DATE, ColumnType.TEXT, ColumnType.NUMBER);
    assertThat(table.column("n").number(1)).isEqualTo(-2000);
    assertThat(table.column("n").isMissing(2)).isTrue();
    assertThat(table.column("d").number(0)).isEqualTo(15005);
    assertThat(table.column("d").label(1)).isEqualTo("1970-01-02");
    assertThat(table.column("t").texts()).containsExactly("x", "7");
    assertThat(table.column("t").code(2)).isEqualTo(Column.MISSING);
    assertThat(table.column("e").isMissing(0)).isTrue();
  }

  @Test
  void readsQuotedCells() throws IOException {
    Table table =
        read("\uFEFF\"a, b\",c\r\n\"x \"\"y\"\"\",1\r\n\r\n\"two\nlines\",2\r\n\"\",3\r\nz,4");
    assertThat(table.columnNames()).containsExactly("a, b", "c");
    assertThat(table.column("a, b").label(0)).isEqualTo("x \"y\"");
    assertThat(table.column("a, b").label(1)).isEqualTo("two\nlines");
    assertThat(table.column("a, b").isMissing(2)).isTrue();
    assertThat(table.rows()).isEqualTo(4);
    assertThat(table.place(1)).isEqualTo(file + ":4");
    assertThat(table.place(3)).isEqualTo(file + ":7");
  }

  @Test
  void refusesCellsAndRowsWithoutAnEnd() throws IOException {
    String line = "1,2\n";
    assertThatThrownBy(() -> read("a,b\n" + line + "3,\"4\n" + line.repeat(1 << 19)))
        .isInstanceOf(DataException.class)
        .hasMessage(
            file + ":3: the cell whose quote is opened here is longer than 1048576 characters");
    assertThatThrownBy(() -> read("a,b\n1," + "2".repeat(1 << 21)))
        .hasMessage(
            file + ":2: a cell of the row that begins here is longer than 1048576 characters");
    assertThatThrownBy(() -> read("a,b\n1,2\n1" + ",".repeat(1 << 23)))
        .hasMessage(file + ":3: the row that begins here is longer than 8388608 characters");
  }

  @Test
  void sniffsTheDelimiter() throws IOException {
    assertThat(read("a;b\n\"1,5;\";2\nx,y,z;3\n").columnNames()).containsExactly("a", "b");
    assertThat(read("a\tb\n1,2\t3\n").columnNames()).containsExactly("a", "b");
    assertThat(read("a|b|c,d\n1|2|3,4\n").columnNames()).containsExactly("a", "b", "c,d");
    assertThat(read("a\n1\n").columnNames()).containsExactly("a");
  }

  @Test
  void takesADelimiterThatIsGiven() throws IOException {
    Files.writeString(file, "a:b\n1:2\n");
    CsvOptions colons = CsvOptions.automatic().withFormat(new CsvFormat(':'));
    assertThat(CsvTable.read(file, colons).column("b").number(0)).isEqualTo(2);
  }

  @Test
  void readsGzip() throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("a,b\n1,ü\n".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(CsvTable.read(file).column("b").label(0)).isEqualTo("ü");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 9));
    assertThatThrownBy(() -> CsvTable.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(file.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '$',
      value = {
        "; : expected a header line with the columns' names, but the file is empty",
        "a,b; : expected rows after the header but found none",
        "a,b|1,2,3; :2: expected 2 cells, as in the header, but found 3 (the delimiter is ',')",
        "a,b|1,2||3; :4: expected 2 cells, as in the header, but found 1 (the delimiter is ',')",
        "a,a|1,2; :1: column 2 of the header: expected a name of its own but found 'a'",
        "a,|1,2; :1: column 2 of the header: expected a name of its own but found ''",
        "1,2|3,4; :1: expected a header line with the columns' names but found only numbers",
        "a,b|1,\"2|3,4; :2: a quote is opened here and not closed before the file ends",
        "a,b|1,\"2\"3|; :2: expected the delimiter or the end of the line after a closing quote but found '3'"
      })
  void refusesWhatIsNoTable(String text, String message) throws IOException {
    Files.writeString(file, text == null ? "" : text.replace('|', '\n'));
    assertThatThrownBy(() -> CsvTable.read(file, commas(Map.of())))
        .isInstanceOf(DataException.class)
        .hasMessage(file + message);
  }

  @Test
  void refusesCellsThatAreNotOfTheKnownType() throws IOException {
    Files.writeString(file, "a,b\n1,2\nfoo,3\n");
    Map<String, ColumnType> types = Map.of("a", ColumnType.NUMBER, "gone", ColumnType.TEXT);
    assertThatThrownBy(() -> CsvTable.read(file, commas(types)))
        .hasMessage(file + ":3: column a: expected a finite number but found 'foo'");
    Map<String, ColumnType> dates = Map.of("a", ColumnType.DATE);
    assertThatThrownBy(() -> CsvTable.read(file, commas(dates)))
        .hasMessage(file + ":2: column a: expected a date such as 2011-01-31 but found '1'");
  }

  @Test
  void remembersTheOneTextAmongNumbers() throws IOException {
    Table table = read("a\n" + "1\n".repeat(20) + "1,5\n".replace(',', '.') + "x7\n");
    assertThat(table.column("a").oddCell()).contains(new Column.OddCell(23, "x7"));
    assertThat(read("a\nu\n1\nv\n").column("a").oddCell()).isEmpty();
  }

  @Test
  void refusesFilesThatAreNoText() throws IOException {
    Files.write(file, new byte[] {'a', '\n', (byte) 0xff, (byte) 0xfe, '\n'});
    assertThatThrownBy(() -> CsvTable.read(file))
        .hasMessage(file + ": expected CSV in UTF-8, but this is no UTF-8 text");
    assertThatThrownBy(() -> CsvTable.read(folder)).hasMessage(folder + ": this is no file");
    assertThatThrownBy(() -> CsvTable.read(folder.resolve("no.csv")))
        .hasMessage(folder.resolve("no.csv") + ": there is no such file");
  }

  @Test
  void readsAllMembersOfAGzipFile() throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      for (String part : List.of("a,b\n1,x\n", "2,y\n", "3,z\n")) {
        GZIPOutputStream member = new GZIPOutputStream(out);
        member.write(part.getBytes(StandardCharsets.UTF_8));
        member.finish();
      }
    }
    assertThat(CsvTable.read(file).rows()).isEqualTo(3);
  }

  @Test
  void keepsTheColumnsThatAreWanted() throws IOException {
    Files.writeString(file, "a,b,c\n1,x,3\n4,y,6\n");
    Table table = CsvTable.read(file, CsvOptions.automatic().withColumns("c"::equals));
    assertThat(table.columns().stream().map(Column::name)).containsExactly("c");
    assertThat(table.column("c").number(1)).isEqualTo(6);
    assertThat(table.columnNames()).containsExactly("a", "b", "c");
    assertThat(table.find("a")).isEmpty();
    assertThat(table.with(Column.numbers("c", 7, 8)).column("c").number(1)).isEqualTo(8);
    Table none = CsvTable.read(file, CsvOptions.automatic().withColumns(name -> false));
    assertThat(none.rows()).isEqualTo(2);
  }

  @Test
  void saysWhenAFileHasBecomeShorter() throws IOException {
    Files.writeString(file, "a,b\n" + "1,2\n".repeat(1 << 18));
    List<String> record = new ArrayList<>();
    try (CsvReader reader = CsvReader.open(file, CsvFormat.COMMA)) {
      reader.read(record);
      Files.writeString(file, "");
      assertThatThrownBy(
              () -> {
                while (reader.read(record)) {}
              })
          .isInstanceOf(DataException.class)
          .hasMessage(file + ": cannot be read: the file has become shorter while it was read");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "7,7",
    "+7,7",
    "-.5,-0.5",
    "5.,5",
    "1e3,1000",
    "1.5E-1,0.15",
    "2e+2,200",
    ".,NaN",
    "+,NaN",
    "1e,NaN",
    "1e+,NaN",
    "e5,NaN",
    ".e5,NaN",
    "1.2.3,NaN",
    "1f,NaN",
    "0x10,NaN",
    "1e5x,NaN",
    "1 2,NaN",
    "--1,NaN",
    "1e999,NaN",
    "Infinity,NaN",
    "\u0661,NaN"
  })
  void readsNumbers(String cell, Double number) {
    assertThat((Double) Cells.number(cell)).isEqualTo(number);
  }

  @ParameterizedTest
  @CsvSource({
    "1,1",
    "100000,1e+05",
    "123456,123456",
    "0.1,0.1",
    "0.0001,1e-04",
    "1234567.5,1234567.5",
    "1e15,1e+15",
    "-0.00012,-0.00012",
    "-0.000012,-1.2e-05",
    "0.3333333333333333,0.333333333333333"
  })
  void writesNumbersAsR(double value, String text) {
    assertThat(NumberText.of(value)).isEqualTo(text);
  }
}
