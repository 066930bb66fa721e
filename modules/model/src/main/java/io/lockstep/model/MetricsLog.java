package io.lockstep.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Writes {@code metrics.jsonl}, one JSON object a line, each at once: others may follow the run.
 * After a crash the file is valid up to its last whole line. Used by one thread at a time; whoever
 * opened it closes it.
 */
public final class MetricsLog implements AutoCloseable {

  private final Path file;
  private final BufferedWriter writer;

  private MetricsLog(Path file, BufferedWriter writer) {
    this.file = file;
    this.writer = writer;
  }

  /**
   * Opens the file, to go on at its end if it exists.
   *
   * @throws ModelException if it cannot be written
   */
  public static MetricsLog open(Path file) {
    try {
      return new MetricsLog(
          file,
          Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    } catch (IOException failure) {
      throw cannot("written", file, failure);
    }
  }

  /**
   * Writes a line.
   *
   * @throws ModelException if that fails, for instance on a full disk
   */
  public void write(Metrics metrics) {
    try {
      writer.write(metrics.toJson());
      writer.write('\n');
      writer.flush();
    } catch (IOException failure) {
      throw cannot("written", file, failure);
    }
  }

  /** Writes what is left and closes the file; the second time does nothing. */
  @Override
  public void close() {
    try {
      writer.close();
    } catch (IOException failure) {
      throw cannot("written", file, failure);
    }
  }

  /**
   * Reads all whole lines; a last one without its newline, left by a crash, is skipped.
   *
   * @throws ModelException if the file is missing or a line is none of a metrics file
   */
  public static List<Metrics> read(Path file) {
    List<Metrics> all = new ArrayList<>();
    read(file, all::add);
    return all;
  }

  /**
   * As {@link #read(Path)}, one after the other, however many they are.
   *
   * @throws ModelException as there
   */
  public static void read(Path file, Consumer<Metrics> each) {
    try (BufferedReader in = Files.newBufferedReader(file)) {
      StringBuilder line = new StringBuilder();
      int lineNumber = 0;
      for (int c = in.read(); c >= 0; c = in.read()) {
        if (c != '\n') {
          line.append((char) c);
        } else {
          parse(file, ++lineNumber, line.toString()).ifPresent(each);
          line.setLength(0);
        }
      }
    } catch (IOException failure) {
      throw cannot("read", file, failure);
    }
  }

  /** Empty for an event that only a later version knows. */
  static Optional<Metrics> parse(Path file, int lineNumber, String line) {
    try {
      return Optional.of(Json.read(line, Metrics.class));
    } catch (JsonProcessingException malformed) {
      if (malformed instanceof InvalidTypeIdException other && other.getTypeId() != null) {
        return Optional.empty();
      }
      throw new ModelException(
          "%s:%d: expected a JSON object with the event step, epoch, evaluation or times: %s"
              .formatted(file, lineNumber, malformed.getOriginalMessage()),
          malformed);
    }
  }

  static ModelException cannot(String what, Path file, IOException failure) {
    return new ModelException(
        "%s: cannot be %s: %s".formatted(file, what, AtomicFile.reason(failure)), failure);
  }
}
