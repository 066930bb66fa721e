package io.lockstep.cli;

import io.lockstep.model.AtomicFile;
import io.lockstep.report.drawing.Drawing;
import io.lockstep.report.scale.ScaleCsv;
import io.lockstep.report.scale.ScaleCurve;
import io.lockstep.report.scale.ScalePage;
import io.lockstep.report.scale.ScalePanels;
import io.lockstep.report.scale.ScaleResults;
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
   * Writes them, over those that are there, each as a whole or not at all.
   *
   * @throws io.lockstep.model.ModelException or {@link BadInputException} if that fails
   */
  void write(ScaleResults results, List<ScaleCurve> curves, List<String> remarks) {
    Drawing picture = new ScalePanels(results).picture();
    new PictureFile(folder.resolve("scale.svg")).write(picture);
    new PictureFile(folder.resolve("scale.png")).write(picture);
    AtomicFile.write(folder.resolve("scale.csv"), ScaleCsv.text(results));
    AtomicFile.write(folder.resolve("scale.json"), results.toJson());
    AtomicFile.write(page(), new ScalePage(results, curves, remarks).text());
  }
}
