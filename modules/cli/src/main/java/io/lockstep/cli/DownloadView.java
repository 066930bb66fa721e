package io.lockstep.cli;

import io.lockstep.data.DownloadProgress;
import java.net.URI;

/**
 * Shows downloads: a line on stderr when one begins or fails, and on a terminal how far it is, in
 * place.
 */
final class DownloadView implements DownloadProgress {

  private static final long SHOW_EVERY_NANOS = 100_000_000L;

  private final Terminal terminal;
  private long shownNanos;

  DownloadView(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void started(URI from) {
    terminal.err().println("downloading " + from);
    shownNanos = System.nanoTime();
  }

  @Override
  public void received(URI from, long bytes, long totalBytes) {
    long now = System.nanoTime();
    if (terminal.interactive() && now - shownNanos > SHOW_EVERY_NANOS) {
      shownNanos = now;
      String total = totalBytes < 0 ? "" : " of " + Figures.bytes(totalBytes);
      terminal.line().show("  " + Figures.bytes(bytes) + total);
    }
  }

  @Override
  public void finished(URI from) {
    terminal.line().clear();
  }

  @Override
  public void failed(URI from, String reason) {
    terminal.line().clear();
    terminal.err().println("  failed: " + reason);
  }
}
