package io.lockstep.data;

import java.net.URI;

/** Hears how a download goes; called on the thread that downloads. */
public interface DownloadProgress {

  /** Hears nothing. */
  DownloadProgress SILENT = new DownloadProgress() {};

  /** A file is about to be asked for. */
  default void started(URI from) {}

  /**
   * Some of it has arrived.
   *
   * @param bytes so far
   * @param totalBytes of the file, or -1 if the server did not say
   */
  default void received(URI from, long bytes, long totalBytes) {}

  /** It has arrived whole and with the right checksum. */
  default void finished(URI from) {}

  /** It could not be had there; the next mirror is tried, if there is one. */
  default void failed(URI from, String reason) {}
}
