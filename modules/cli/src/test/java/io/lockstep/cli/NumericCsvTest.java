package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NumericCsvTest {

  @TempDir private Path folder;

  @Test
  void readsRowsWithAndWithoutHeader() throws IOException {
    for (String header : new String[] {"", "a,b,c\n", "\n a , b , c \r\n"}) {
      NumericCsv csv = read(header + "1,2.5,-3e1\n\n4, 5 ,6\n");
      assertThat(csv.rows()).isEqualTo(2);
      assertThat(csv.width()).isEqualTo(3);
      assertThat(csv.values()).containsExactly(1f, 2.5f, -30f, 4f, 5f, 6f);
    }
  }

  @Test
  void readsMoreRowsThanFitAtFirst() throws IOException {
    assertThat(read("7,8\n".repeat(2_000)).values()).hasSize(4_000).endsWith(7f, 8f);
  }

  @Test
  void namesLineAndColumnOfWhatIsNoNumber() throws IOException {
    assertRefused("1,2\n3,x\n", ":2: column 2: expected a finite number but found 'x'");
    assertRefused("1,\n", ":1: column 2: expected a finite number but found ''");
    assertRefused("1,NaN\n", ":1: column 2: expected a finite number but found 'NaN'");
    assertRefused("NaN\n1\n", ":1: column 1: expected a finite number but found 'NaN'");
    assertRefused("1\n-Infinity\n", ":2: column 1: expected a finite number but found '-Infinity'");
    assertRefused("a,b\n1,1e99\n", ":2: column 2: expected a finite number but found '1e99'");
  }

  @Test
  void namesLineOfAnotherWidth() throws IOException {
    assertRefused("1,2\n3\n", ":2: expected 2 columns, as in the lines before, but found 1");
  }

  @Test
  void refusesAFileWithoutRows() throws IOException {
    assertRefused("", ": expected rows of numbers but found none");
    assertRefused("a,b\n", ": expected rows of numbers but found none");
  }

  @Test
  void refusesBinaryFiles() throws IOException {
    Path file = Files.write(folder.resolve("x.bin"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
    assertThatThrownBy(() -> NumericCsv.read(file))
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": expected an IDX file or CSV but found neither (it is no UTF-8 text)");
  }

  private NumericCsv read(String text) throws IOException {
    return NumericCsv.read(Files.writeString(folder.resolve("rows.csv"), text));
  }

  private void assertRefused(String text, String message) throws IOException {
    Path file = Files.writeString(folder.resolve("rows.csv"), text);
    assertThatThrownBy(() -> NumericCsv.read(file))
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + message);
  }
}
