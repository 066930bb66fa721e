package io.lockstep.cluster.launch;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a process has written to its log so far.
 *
 * @param file may not be there yet
 */
record NodeLog(Path file) {

  private static final int TAIL_BYTES = 8 << 10;

  /** The last lines, at most as many. */
  List<String> last(int lines) {
    try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
      long from = Math.max(0, log.length() - TAIL_BYTES);
      log.seek(from);
      byte[] tail = new byte[(int) (log.length() - from)];
      log.readFully(tail);
      List<String> all = new String(tail, StandardCharsets.UTF_8).lines().toList();
      return all.subList(Math.max(0, all.size() - lines), all.size());
    } catch (IOException unreadable) {
      return List.of();
    }
  }

  /** What the first whole line that means something means. */
  <T> Optional<T> find(Function<String, Optional<T>> meaning) {
    try {
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      return text.substring(0, text.lastIndexOf('\n') + 1)
          .lines()
          .map(meaning)
          .flatMap(Optional::stream)
          .findFirst();
    } catch (IOException notThereYet) {
      return Optional.empty();
    }
  }
}
