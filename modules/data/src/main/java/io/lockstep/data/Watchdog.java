package io.lockstep.data;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * Closes a stream that delivers nothing for too long, or not all in time: the timeout of an HTTP
 * request ends with the response's header, a read of the body has none. Has a virtual thread of its
 * own until it is closed.
 */
final class Watchdog implements AutoCloseable {

  private final DownloadLimits limits;
  private final InputStream body;
  private final long startedAt = System.nanoTime();
  private final Thread thread;
  private volatile long fedAt = startedAt;
  private volatile boolean expired;

  Watchdog(DownloadLimits limits, InputStream body) {
    this.limits = limits;
    this.body = body;
    this.thread = Thread.ofVirtual().name("download-watchdog").start(this::watch);
  }

  /** Bytes have arrived. */
  void fed() {
    fedAt = System.nanoTime();
  }

  boolean expired() {
    return expired;
  }

  /** Why it expired. */
  String reason(long bytes) {
    boolean stalled = System.nanoTime() - startedAt < limits.file().toNanos();
    Duration limit = stalled ? limits.stall() : limits.file();
    return (stalled
            ? "stalled: no byte for %s after %d bytes"
            : "not complete within %s, after %d bytes")
        .formatted(Downloader.text(limit), bytes);
  }

  private void watch() {
    try {
      for (long left = leftNanos(); left > 0; left = leftNanos()) {
        // Until the limit could be reached at the earliest; each byte that comes puts it off.
        Thread.sleep(Duration.ofNanos(left));
      }
      expired = true;
      body.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed: nothing left to watch
    } catch (IOException e) {
      // The reader finds out for itself, and reports.
    }
  }

  private long leftNanos() {
    long now = System.nanoTime();
    return Math.min(
        limits.stall().toNanos() - (now - fedAt), limits.file().toNanos() - (now - startedAt));
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
