package io.lockstep.data;

import java.util.List;

/** No mirror delivered some file; the message lists what was tried, and why it failed. */
final class DownloadFailure extends Exception {

  private static final long serialVersionUID = 1L;

  DownloadFailure(List<String> failures) {
    super(String.join("; ", failures));
  }
}
