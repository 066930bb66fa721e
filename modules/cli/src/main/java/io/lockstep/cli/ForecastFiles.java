package io.lockstep.cli;

import io.lockstep.model.AtomicFile;
import io.lockstep.report.drawing.Drawing;
import io.lockstep.report.forecast.ForecastCsv;
import io.lockstep.report.forecast.ForecastPage;
import io.lockstep.report.forecast.ForecastPanels;
import io.lockstep.report.forecast.ForecastResults;
import io.lockstep.report.forecast.Measurement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of a forecast.
 *
 * @param folder where they are
 */
record ForecastFiles(Path folder) {

  /** The page that shows all. */
  Path page() {
    return folder.resolve("forecast.html");
  }

  /** What training costs. */
  Path profile() {
    return folder.resolve("profile.json");
  }

  /**
   * Refuses a folder that holds anything but the profile that is used, as it is left there by a
   * forecast that has failed: what is there was paid for with minutes of computing.
   *
   * @param used the profile; null if one is to be measured
   * @throws BadInputException if it does, or is a file
   */
  void requireNew(Path used) {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new BadInputException("--out %s: expected a folder, found a file".formatted(folder));
    }
    try (Stream<Path> files = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
      List<Path> found = files.toList();
      boolean onlyProfile = found.equals(List.of(profile()));
      boolean isUsed = onlyProfile && used != null && Files.isSameFile(used, profile());
      if (!found.isEmpty() && !isUsed) {
        throw new BadInputException(
            "--out %s: expected an empty or new folder for the forecast, but it holds %s name another"
                .formatted(
                    folder,
                    onlyProfile ? "a profile; use that by " + profileOption() + ", or" : "files;"));
      }
    } catch (IOException failure) {
      throw new BadInputException(
          "--out %s: cannot be read: %s".formatted(folder, failure), failure);
    }
  }

  /** How a command takes the profile that is here. */
  String profileOption() {
    return ShellWords.join(List.of("--profile", profile().toString()));
  }

  /**
   * Makes the folder, if it is not there.
   *
   * @throws BadInputException if that fails
   */
  void create() {
    try {
      Files.createDirectories(folder);
    } catch (IOException failure) {
      throw new BadInputException(
          "--out %s: cannot be made: %s".formatted(folder, failure), failure);
    }
  }

  /**
   * Writes all but the profile; each file as a whole or not at all, but for the pictures.
   *
   * @throws BadInputException if that fails for a picture
   * @throws io.lockstep.model.ModelException if it fails for another file
   */
  void write(ForecastResults results, Measurement measured, String command) {
    Drawing picture = new ForecastPanels(results, measured.compared()).picture();
    new PictureFile(folder.resolve("forecast.svg")).write(picture);
    new PictureFile(folder.resolve("forecast.png")).write(picture);
    AtomicFile.write(folder.resolve("forecast.csv"), ForecastCsv.text(results));
    AtomicFile.write(folder.resolve("forecast.json"), results.toJson());
    AtomicFile.write(page(), new ForecastPage(results, measured, command).text());
  }
}
