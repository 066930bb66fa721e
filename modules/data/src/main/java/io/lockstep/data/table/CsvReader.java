package io.lockstep.data.table;

import io.lockstep.data.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The records of a CSV file (RFC 4180) in UTF-8, gzipped or not, one after the other. Quoted cells
 * may hold delimiters, quotes (written twice) and ends of lines. Empty lines are passed over. The
 * file is mapped and decoded window by window, so one of any size takes the same memory. Used by
 * one thread, which closes it.
 */
final class CsvReader implements AutoCloseable {

  private static final int NONE = -1;
  private static final int BYTE_ORDER_MARK = 0xFEFF;

  /** Characters, so that a quote that is never closed does not fill the memory. */
  private static final int LONGEST_CELL = 1 << 20;

  /** Characters with delimiters, so that a file without ends of lines does not either. */
  private static final int LONGEST_RECORD = 1 << 23;

  private static final int WINDOW = 1 << 15;

  private final Path file;
  private final char delimiter;
  private final Reader in;
  private final StringBuilder cell = new StringBuilder();
  private long line; // of the last character that was read
  private long recordLine;
  private final char[] window = new char[WINDOW];
  private int at; // in the window
  private int end; // of what is in the window
  private int next = NONE; // the character after the last one
  private boolean ended;

  private CsvReader(Path file, char delimiter, Reader in) {
    this.file = file;
    this.delimiter = delimiter;
    this.in = in;
  }

  /**
   * Opens a file.
   *
   * @throws DataException if it cannot be read
   */
  static CsvReader open(Path file, CsvFormat format) {
    if (!Files.isRegularFile(file)) {
      throw new DataException(
          file + (Files.exists(file) ? ": this is no file" : ": there is no such file"));
    }
    try {
      CsvReader reader = new CsvReader(file, format.delimiter(), decoded(file));
      reader.begin();
      return reader;
    } catch (IOException failure) {
      throw unreadable(file, failure);
    }
  }

  /** Malformed UTF-8 is an error, so it must not be replaced silently. */
  private static Reader decoded(Path file) throws IOException {
    MappedBytes raw = MappedBytes.open(file);
    try {
      InputStream content = raw.isGzip() ? new GZIPInputStream(raw, 1 << 16) : raw;
      return new InputStreamReader(content, StandardCharsets.UTF_8.newDecoder());
    } catch (IOException failure) {
      raw.close();
      throw failure;
    }
  }

  private int nextCharacter() throws IOException {
    if (at == end) {
      at = 0;
      end = Math.max(0, in.read(window));
      if (end == 0) {
        return NONE;
      }
    }
    return window[at++];
  }

  private void begin() throws IOException {
    line = 1;
    next = nextCharacter();
    if (next == BYTE_ORDER_MARK) {
      next = nextCharacter();
    }
  }

  /**
   * Reads the next record.
   *
   * @param record is overwritten with its cells, as they are written, without quotes
   * @return false at the end of the file
   * @throws CsvSyntaxException if a quote is not closed, something follows a closed one, or a cell
   *     or the record is too long
   * @throws DataException if the file is damaged or no UTF-8
   */
  boolean read(List<String> record) {
    try {
      record.clear();
      skipEmptyLines();
      if (next == NONE) {
        return false;
      }
      recordLine = line;
      ended = false;
      long length = 0;
      while (!ended) {
        record.add(readCell());
        length += cell.length() + 1;
        if (length > LONGEST_RECORD) {
          throw new CsvSyntaxException(
              "%s:%d: the row that begins here is longer than %d characters"
                  .formatted(file, recordLine, LONGEST_RECORD));
        }
      }
      return true;
    } catch (IOException failure) {
      throw unreadable(file, failure);
    }
  }

  /** The line, counted from 1, on which the last record begins. */
  long line() {
    return recordLine;
  }

  private void skipEmptyLines() throws IOException {
    while (next == '\n' || next == '\r') {
      endLine();
    }
  }

  private void endLine() throws IOException {
    boolean carriageReturn = next == '\r';
    next = nextCharacter();
    if (carriageReturn && next == '\n') {
      next = nextCharacter();
    }
    line++;
  }

  private String readCell() throws IOException {
    cell.setLength(0);
    if (next == '"') {
      readQuoted();
    } else {
      while (!atEndOfCell()) {
        append(line, "a cell of the row that begins here");
      }
    }
    endCell();
    return cell.toString();
  }

  private void append(long begin, String what) throws IOException {
    if (cell.length() == LONGEST_CELL) {
      throw new CsvSyntaxException(
          "%s:%d: %s is longer than %d characters".formatted(file, begin, what, LONGEST_CELL));
    }
    cell.append((char) next);
    next = nextCharacter();
  }

  private boolean atEndOfCell() {
    return next == delimiter || next == '\n' || next == '\r' || next == NONE;
  }

  private void endCell() throws IOException {
    if (next == delimiter) {
      next = nextCharacter();
      return;
    }
    ended = true;
    if (next != NONE) {
      endLine();
    }
  }

  private void readQuoted() throws IOException {
    long begin = line;
    next = nextCharacter();
    while (true) {
      if (next == NONE) {
        throw new CsvSyntaxException(
            file + ":" + begin + ": a quote is opened here and not closed before the file ends");
      }
      if (next == '"') {
        next = nextCharacter();
        if (next != '"') {
          break;
        }
      }
      if (next == '\n') {
        line++;
      }
      append(begin, "the cell whose quote is opened here");
    }
    if (!atEndOfCell()) {
      throw new CsvSyntaxException(
          "%s:%d: expected the delimiter or the end of the line after a closing quote but found '%c'"
              .formatted(file, line, (char) next));
    }
  }

  private static DataException unreadable(Path file, IOException failure) {
    return switch (failure) {
      case CharacterCodingException binary ->
          new DataException(file + ": expected CSV in UTF-8, but this is no UTF-8 text", binary);
      case ZipException damaged ->
          new DataException(file + ": the gzip file is damaged: " + damaged.getMessage(), damaged);
      default -> new DataException(file + ": cannot be read: " + failure.getMessage(), failure);
    };
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException failure) {
      throw unreadable(file, failure);
    }
  }
}
