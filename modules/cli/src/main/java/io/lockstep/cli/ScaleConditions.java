package io.lockstep.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.lockstep.model.BuildInfo;
import io.lockstep.model.Json;
import io.lockstep.model.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;

/**
 * What the speed of all runs of a scaling experiment depends on, beside their configurations: the
 * content of {@code conditions.json}, which is there before the first run.
 *
 * @param processes how worker processes are started; null: all workers in one process
 * @param machine what they run on
 * @param build what runs
 */
record ScaleConditions(ScaleChild.Processes processes, Machine machine, BuildInfo build) {

  private static final String FILE = "conditions.json";

  /**
   * Writes them into the folder of an experiment, or finds them there.
   *
   * @throws BadInputException if the runs that are there were made under others
   */
  void claim(Path folder) {
    Path file = folder.resolve(FILE);
    try {
      if (Files.exists(file)) {
        requireEqual(file, Json.read(Files.readString(file), ScaleConditions.class));
      } else {
        Files.createDirectories(folder);
        Files.writeString(file, Json.indented(this) + "\n");
      }
    } catch (JsonProcessingException malformed) {
      throw new BadInputException(
          "%s: expected the conditions of a scaling experiment: %s"
              .formatted(file, malformed.getOriginalMessage()),
          malformed);
    } catch (IOException failure) {
      throw new BadInputException(
          "%s: cannot be read or written: %s".formatted(file, failure), failure);
    }
  }

  private void requireEqual(Path file, ScaleConditions found) {
    requireEqual(file, "processes", words(processes), words(found.processes));
    requireEqual(file, "machine", machine, found.machine);
    requireEqual(file, "build", build, found.build);
  }

  private static String words(ScaleChild.Processes processes) {
    return processes == null
        ? "one for all workers"
        : "--processes with --workers-per-node %d and --transport %s"
            .formatted(
                processes.workersEach(), processes.transport().name().toLowerCase(Locale.ROOT));
  }

  private static void requireEqual(Path file, String what, Object wanted, Object found) {
    if (!Objects.equals(wanted, found)) {
      throw new BadInputException(
          "%s: expected runs of the same %s, %s, but found those of %s; name another --out"
              .formatted(file, what, text(wanted), text(found)));
    }
  }

  private static String text(Object value) {
    return value == null ? "none" : value.toString();
  }
}
