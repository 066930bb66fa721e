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
   * Writes all but the profile, over what is there.
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
