package io.lockstep.cli;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a terminal would show of ASCII text with line feeds, carriage returns, and the sequence that
 * clears to the end of the line; the latter two act at the cursor. Thread-safe.
 */
final class Screen extends OutputStream {

  private static final String CLEAR_TO_END = "\u001b[K";

  private final StringBuilder received = new StringBuilder();

  @Override
  public synchronized void write(int one) {
    received.append((char) one);
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int count) {
    received.append(new String(bytes, from, count, StandardCharsets.US_ASCII));
  }

  /** The rows, the one with the cursor last. */
  synchronized List<String> rows() {
    List<String> rows = new ArrayList<>();
    for (String line : received.toString().split("\n", -1)) {
      rows.add(row(line));
    }
    return rows;
  }

  private static String row(String line) {
    StringBuilder row = new StringBuilder();
    int column = 0;
    for (int i = 0; i < line.length(); i++) {
      if (line.charAt(i) == '\r') {
        column = 0;
      } else if (line.startsWith(CLEAR_TO_END, i)) {
        row.setLength(Math.min(column, row.length()));
        i += CLEAR_TO_END.length() - 1;
      } else {
        row.replace(column, Math.min(column + 1, row.length()), line.substring(i, i + 1));
        column++;
      }
    }
    return row.toString();
  }
}
