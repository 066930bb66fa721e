package io.lockstep.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * CSV with a finite number in each cell. A first line with a cell that is no number is a header;
 * empty lines are passed over.
 *
 * @param rows number of rows, at least 1
 * @param width cells of a row
 * @param values row-major [rows][width]
 */
record NumericCsv(int rows, int width, float[] values) {

  /**
   * Reads a file.
   *
   * @throws BadInputException if it is no such CSV, naming line and column
   */
  static NumericCsv read(Path file) {
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      return new Reader(file).read(lines);
    } catch (MalformedInputException binary) {
      throw new BadInputException(
          file + ": expected an IDX file or CSV but found neither (it is no UTF-8 text)", binary);
    } catch (IOException failure) {
      throw new BadInputException(file + ": cannot be read: " + failure.getMessage(), failure);
    }
  }

  /** Reads line by line into an array that grows. */
  private static final class Reader {

    private final Path file;
    private float[] values = new float[1024];
    private int filled;
    private int width;
    private int rows;

    Reader(Path file) {
      this.file = file;
    }

    NumericCsv read(BufferedReader lines) throws IOException {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          add(line.split(",", -1), number);
        }
      }
      if (rows == 0) {
        throw new BadInputException(file + ": expected rows of numbers but found none");
      }
      return new NumericCsv(rows, width, Arrays.copyOf(values, filled));
    }

    private void add(String[] cells, int line) {
      if (width == 0) {
        width = cells.length;
        if (!Arrays.stream(cells).allMatch(Reader::isNumber)) {
          requireHeader(cells, line);
          return;
        }
      }
      if (cells.length != width) {
        throw new BadInputException(
            "%s:%d: expected %d columns, as in the lines before, but found %d"
                .formatted(file, line, width, cells.length));
      }
      makeRoom();
      for (int column = 0; column < width; column++) {
        values[filled++] = value(cells[column], line, column);
      }
      rows++;
    }

    /** Only names make a header: one odd cell among numbers is a mistake in a row. */
    private void requireHeader(String[] cells, int line) {
      if (Arrays.stream(cells).noneMatch(Reader::isNumber)) {
        return;
      }
      for (int column = 0; column < width; column++) {
        value(cells[column], line, column);
      }
    }

    private void makeRoom() {
      if (filled + width > values.length) {
        values = Arrays.copyOf(values, Math.max(filled + width, Math.multiplyExact(2, filled)));
      }
    }

    private float value(String cell, int line, int column) {
      OptionalDouble value = number(cell);
      if (value.isEmpty() || !Double.isFinite(value.getAsDouble())) {
        throw new BadInputException(
            "%s:%d: column %d: expected a finite number but found '%s'"
                .formatted(file, line, column + 1, cell.strip()));
      }
      return (float) value.getAsDouble();
    }

    /** NaN and the infinities are numbers, and no names. */
    private static boolean isNumber(String cell) {
      return number(cell).isPresent();
    }

    /** The float that is written in a cell, if it is one. */
    private static OptionalDouble number(String cell) {
      try {
        return OptionalDouble.of(Float.parseFloat(cell.strip()));
      } catch (NumberFormatException noNumber) {
        return OptionalDouble.empty();
      }
    }
  }
}
