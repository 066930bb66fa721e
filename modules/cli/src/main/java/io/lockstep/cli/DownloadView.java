package io.lockstep.cli;

import io.lockstep.data.DownloadProgress;
import java.net.URI;

/** Shows downloads on stderr: in place on a terminal, else a line when one begins or fails. */
final class DownloadView implements DownloadProgress {

  private static final long SHOW_EVERY_NANOS = 100_000_000L;
  private static final String CLEAR_TO_END = "\u001b[K";

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
      terminal.err().print("\r  " + Figures.bytes(bytes) + total + CLEAR_TO_END);
      terminal.err().flush();
    }
  }

  @Override
  public void finished(URI from) {
    clear();
  }

  @Override
  public void failed(URI from, String reason) {
    clear();
    terminal.err().println("  failed: " + reason);
  }

  private void clear() {
    if (terminal.interactive()) {
      terminal.err().print("\r" + CLEAR_TO_END);
    }
  }
}
