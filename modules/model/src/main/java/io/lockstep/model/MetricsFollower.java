package io.lockstep.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads {@code metrics.jsonl} while another process writes it. For one thread; holds nothing open.
 */
public final class MetricsFollower {

  private final Path file;
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
  private long offset;
  private int lineNumber;

  /** Follows a file from its beginning; it may not be there yet. */
  public MetricsFollower(Path file) {
    this.file = file;
  }

  /**
   * The whole lines that were written since the last call.
   *
   * @throws ModelException if a line is none of a metrics file, or the file cannot be read
   */
  public List<Metrics> more() {
    if (!Files.exists(file)) {
      return List.of();
    }
    List<Metrics> more = new ArrayList<>();
    for (byte b : newBytes()) {
      if (b != '\n') {
        begun.write(b);
      } else {
        String line = begun.toString(StandardCharsets.UTF_8);
        begun.reset();
        MetricsLog.parse(file, ++lineNumber, line).ifPresent(more::add);
      }
    }
    return more;
  }

  private byte[] newBytes() {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      byte[] bytes = new byte[Math.toIntExact(Math.max(0, in.length() - offset))];
      in.seek(offset);
      in.readFully(bytes);
      offset += bytes.length;
      return bytes;
    } catch (IOException failure) {
      throw MetricsLog.cannot("read", file, failure);
    }
  }
}
