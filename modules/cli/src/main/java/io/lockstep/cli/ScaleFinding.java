package io.lockstep.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.lockstep.model.AtomicFile;
import io.lockstep.model.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a {@link ScalePilot} has found: the content of {@code pilot.json}, which is beside the run's
 * folder as soon as the run was long enough. One that was broken off before has none, whatever is
 * in its folder.
 *
 * @param seconds that steady steps were to take
 * @param steps that other runs are to have
 * @param doubt what people should know of them; null for nothing
 */
record ScaleFinding(int seconds, long steps, String doubt) {

  private static Path file(Path run) {
    return Path.of(run + ".json");
  }

  /**
   * Of a run; empty if none was found.
   *
   * @throws BadInputException if the file is damaged
   */
  static Optional<ScaleFinding> of(Path run) {
    Path file = file(run);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      ScaleFinding found = Json.readWhole(Files.readString(file), ScaleFinding.class);
      if (found == null || found.seconds < 1 || found.steps < 1) {
        throw damaged(file, "found " + found, null);
      }
      return Optional.of(found);
    } catch (JsonProcessingException malformed) {
      throw damaged(file, malformed.getOriginalMessage(), malformed);
    } catch (IOException failure) {
      throw new BadInputException("%s: cannot be read: %s".formatted(file, failure), failure);
    }
  }

  private static BadInputException damaged(Path file, String why, Exception cause) {
    return new BadInputException(
        "%s: expected how many steps runs have: %s; delete it: that run is then made anew, or the command says how to go on with the others"
            .formatted(file, why),
        cause);
  }

  /** Keeps it, as a whole or not at all. */
  void write(Path run) {
    AtomicFile.write(file(run), Json.indented(this) + "\n");
  }

  /**
   * Forgets what was found in a run.
   *
   * @throws BadInputException if that fails
   */
  static void forget(Path run) {
    try {
      Files.deleteIfExists(file(run));
    } catch (IOException failure) {
      throw new BadInputException(
          "%s: cannot be deleted: %s".formatted(file(run), failure), failure);
    }
  }
}
