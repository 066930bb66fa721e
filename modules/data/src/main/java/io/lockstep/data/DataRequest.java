package io.lockstep.data;

import java.nio.file.Path;

/**
 * Where and how to look for a data set.
 *
 * @param dir the folder that the user named (configuration key {@code data.dir}), or null
 * @param environment of the process
 * @param mayDownload whether files that are nowhere may be fetched
 * @param limits of a download
 * @param progress hears of it
 */
public record DataRequest(
    Path dir,
    DataEnvironment environment,
    boolean mayDownload,
    DownloadLimits limits,
    DownloadProgress progress) {

  /** Looks where this process's environment says, and downloads silently if need be. */
  public static DataRequest ofProcess() {
    return new DataRequest(
        null, DataEnvironment.ofProcess(), true, DownloadLimits.DEFAULT, DownloadProgress.SILENT);
  }

  /** The same in the folder that the user named; null for none. */
  public DataRequest withDir(Path folder) {
    return new DataRequest(folder, environment, mayDownload, limits, progress);
  }

  /** The same with another listener. */
  public DataRequest withProgress(DownloadProgress listener) {
    return new DataRequest(dir, environment, mayDownload, limits, listener);
  }

  /** The same without the network. */
  public DataRequest offline() {
    return new DataRequest(dir, environment, false, limits, progress);
  }
}
