package io.lockstep.cli;

import io.lockstep.report.drawing.Drawing;
import io.lockstep.report.scale.ScaleCsv;
import io.lockstep.report.scale.ScaleCurve;
import io.lockstep.report.scale.ScalePage;
import io.lockstep.report.scale.ScalePanels;
import io.lockstep.report.scale.ScaleResults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The files that a scaling experiment leaves beside its runs.
 *
 * @param folder where they are
 */
record ScaleFiles(Path folder) {

  /** The page that shows all. */
  Path page() {
    return folder.resolve("scale.html");
  }

  /**
   * Writes them, over those that are there.
   *
   * @throws BadInputException if that fails
   */
  void write(ScaleResults results, List<ScaleCurve> curves, List<String> remarks) {
    Drawing picture = new ScalePanels(results).picture();
    new PictureFile(folder.resolve("scale.svg")).write(picture);
    new PictureFile(folder.resolve("scale.png")).write(picture);
    write(folder.resolve("scale.csv"), ScaleCsv.text(results));
    write(folder.resolve("scale.json"), results.toJson());
    write(page(), new ScalePage(results, curves, remarks).text());
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException failure) {
      throw new BadInputException("%s: cannot be written: %s".formatted(file, failure), failure);
    }
  }
}
