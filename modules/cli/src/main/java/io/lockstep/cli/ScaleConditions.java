package io.lockstep.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.lockstep.model.AtomicFile;
import io.lockstep.model.BuildInfo;
import io.lockstep.model.Json;
import io.lockstep.model.Machine;
import io.lockstep.model.RunLock;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
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

  /** Whether a folder is that of an experiment. */
  static boolean areIn(Path folder) {
    return Files.exists(folder.resolve(FILE));
  }

  /**
   * Takes the folder of an experiment, for as long as the lock is held, and writes them into it, or
   * finds them there.
   *
   * @return to be closed when the experiment is done
   * @throws BadInputException if the runs that are there were made under others
   * @throws io.lockstep.model.ModelException if another command has the folder, or it cannot be
   *     written
   */
  RunLock claim(Path folder) {
    create(folder);
    RunLock held = RunLock.take(folder);
    try {
      writeOrFind(folder.resolve(FILE));
      return held;
    } catch (RuntimeException refused) {
      held.close();
      throw refused;
    }
  }

  private static void create(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (FileAlreadyExistsException file) {
      throw new BadInputException(
          "%s: expected a folder for the experiment, found a file".formatted(folder), file);
    } catch (IOException failure) {
      throw new BadInputException("%s: cannot be made: %s".formatted(folder, failure), failure);
    }
  }

  private void writeOrFind(Path file) {
    if (Files.exists(file)) {
      requireEqual(file, read(file));
    } else {
      AtomicFile.write(file, Json.indented(this) + "\n");
    }
  }

  private static ScaleConditions read(Path file) {
    try {
      ScaleConditions found = Json.read(Files.readString(file), ScaleConditions.class);
      if (found == null) {
        throw damaged(file, "found null", null);
      }
      return found;
    } catch (JsonProcessingException malformed) {
      throw damaged(file, malformed.getOriginalMessage(), malformed);
    } catch (IOException failure) {
      throw new BadInputException("%s: cannot be read: %s".formatted(file, failure), failure);
    }
  }

  /** Under which conditions the runs were made that are there, nobody knows then. */
  private static BadInputException damaged(Path file, String why, Exception cause) {
    return new BadInputException(
        "%s: expected the conditions of a scaling experiment: %s; name another --out, or delete the file if there are no runs"
            .formatted(file, why),
        cause);
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
