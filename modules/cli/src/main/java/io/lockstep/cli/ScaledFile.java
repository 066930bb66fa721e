package io.lockstep.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.lockstep.report.scale.Deployment;
import io.lockstep.report.scale.ScaleResults;
import io.lockstep.report.scale.ScaleRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The {@code scale.json} of an experiment that forecasts are compared with.
 *
 * @param file where it is
 */
record ScaledFile(Path file) {

  /**
   * Reads it.
   *
   * @throws BadInputException if it is not there, or lacks something that is compared
   */
  ScaleResults read() {
    try {
      ScaleResults read = ScaleResults.of(Files.readString(file));
      if (read == null
          || !isWhole(read.setup())
          || !read.runs().stream().allMatch(ScaledFile::isWhole)) {
        throw another(null);
      }
      return read;
    } catch (JsonProcessingException damaged) {
      throw another(damaged);
    } catch (IOException missing) {
      throw new BadInputException(
          "--measured: expected the folder of a scaling experiment, but %s cannot be read"
              .formatted(file),
          missing);
    }
  }

  private static boolean isWhole(ScaleResults.Setup setup) {
    return setup != null
        && setup.network() != null
        && setup.mode() != null
        && setup.machine() != null
        && setup.machine().cpu() != null
        && (setup.deployment() == null || isWhole(setup.deployment()));
  }

  private static boolean isWhole(Deployment deployment) {
    return deployment.places() != null && deployment.gradients() != null;
  }

  private static boolean isWhole(ScaleRun run) {
    return run.cell() != null
        && run.rate() != null
        && run.rate().stepMs() > 0
        && run.rate().rowsPerSecond() > 0;
  }

  private BadInputException another(Throwable cause) {
    return new BadInputException(
        "--measured: expected the scale.json of a scaling experiment but found another file: %s"
            .formatted(file),
        cause);
  }
}
