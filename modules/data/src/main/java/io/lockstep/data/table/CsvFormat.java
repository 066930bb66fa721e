package io.lockstep.data.table;

import io.lockstep.data.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a CSV file separates its cells. Cells may be in double quotes, with a quote within written
 * twice (RFC 4180).
 *
 * @param delimiter between two cells
 */
public record CsvFormat(char delimiter) {

  /** Cells between commas. */
  public static final CsvFormat COMMA = new CsvFormat(',');

  private static final char[] USUAL = {',', ';', '\t', '|'};

  private static final int SNIFFED_RECORDS = 50;

  /**
   * @throws DataException if the delimiter is a quote or ends a line
   */
  public CsvFormat {
    if (delimiter == '"' || delimiter == '\n' || delimiter == '\r') {
      throw new DataException(
          "delimiter: expected a character between two cells, such as a comma, but found a quote or the end of a line");
    }
  }

  /**
   * The usual delimiter (comma, semicolon, tab, bar) that cuts the first records of a file into the
   * most cells, the same number in each; a comma where none does.
   *
   * @throws DataException if the file cannot be read
   */
  public static CsvFormat sniff(Path file) {
    CsvFormat best = COMMA;
    int most = 1;
    for (char candidate : USUAL) {
      int cells = cellsOfEachRecord(file, new CsvFormat(candidate));
      if (cells > most) {
        best = new CsvFormat(candidate);
        most = cells;
      }
    }
    return best;
  }

  /** Cells of the first records, if all have as many; else 0. */
  private static int cellsOfEachRecord(Path file, CsvFormat format) {
    int cells = 0;
    List<String> record = new ArrayList<>();
    try (CsvReader reader = CsvReader.open(file, format)) {
      for (int i = 0; i < SNIFFED_RECORDS && reader.read(record); i++) {
        if (cells != 0 && record.size() != cells) {
          return 0;
        }
        cells = record.size();
      }
      return cells;
    } catch (CsvSyntaxException otherDelimiter) {
      return 0;
    }
  }

  @Override
  public String toString() {
    return delimiter == '\t' ? "tab" : "'" + delimiter + "'";
  }
}
