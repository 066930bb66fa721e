package io.lockstep.cli;

import io.lockstep.config.Configuration;
import io.lockstep.data.DataRequest;
import io.lockstep.data.Partitions;
import io.lockstep.model.RunFolder;
import java.nio.file.Files;
import java.nio.file.Path;

/** The data that a run was trained on, loaded again. */
final class RunData {

  private RunData() {}

  /**
   * Loads them.
   *
   * @throws BadInputException if they are others than those of the run: they would give plausible,
   *     but other figures
   */
  static Partitions load(Path run, Configuration configuration, Terminal terminal) {
    Partitions data = configuration.loadData(request(terminal));
    RunFolder folder = RunFolder.open(run);
    if (Files.exists(folder.summaryFile())
        && !folder.readSummary().dataSha256().equals(data.sha256())) {
      throw new BadInputException(
          "%s: expected the data of the run (sha256 %s) but found others (sha256 %s)"
              .formatted(run, folder.readSummary().dataSha256(), data.sha256()));
    }
    return data;
  }

  /** With the progress of a download on the terminal. */
  static DataRequest request(Terminal terminal) {
    return DataRequest.ofProcess().withProgress(new DownloadView(terminal));
  }
}
