package io.lockstep.cli;

import io.lockstep.report.drawing.Drawing;
import io.lockstep.report.forecast.ForecastCsv;
import io.lockstep.report.forecast.ForecastPage;
import io.lockstep.report.forecast.ForecastPanels;
import io.lockstep.report.forecast.ForecastResults;
import io.lockstep.report.forecast.Measurement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
   * Refuses a folder that holds anything: what is there was paid for with minutes of computing.
   *
   * @throws BadInputException if it does, or is a file
   */
  void requireNew() {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new BadInputException("--out %s: expected a folder, found a file".formatted(folder));
    }
    try (Stream<Path> files = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
      if (files.findAny().isPresent()) {
        throw new BadInputException(
            "--out %s: expected an empty or new folder for the forecast, but it holds files; name another"
                .formatted(folder));
      }
    } catch (IOException failure) {
      throw new BadInputException(
          "--out %s: cannot be read: %s".formatted(folder, failure), failure);
    }
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
   * Writes all but the profile.
   *
   * @throws BadInputException if that fails
   */
  void write(ForecastResults results, Measurement measured, String command) {
    Drawing picture = new ForecastPanels(results, measured.compared()).picture();
    new PictureFile(folder.resolve("forecast.svg")).write(picture);
    new PictureFile(folder.resolve("forecast.png")).write(picture);
    write(folder.resolve("forecast.csv"), ForecastCsv.text(results));
    write(folder.resolve("forecast.json"), results.toJson());
    write(page(), new ForecastPage(results, measured, command).text());
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException failure) {
      throw new BadInputException("%s: cannot be written: %s".formatted(file, failure), failure);
    }
  }
}
