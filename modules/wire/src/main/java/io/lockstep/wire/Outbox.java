package io.lockstep.wire;

/**
 * What waits for a connection: any thread gives it, the event loop writes as much as the socket
 * takes. Guarded by its own lock, never held while something is encoded or written.
 */
abstract class Outbox {

  /** What is written together at least: a system call costs as much as a small frame. */
  private static final int FLUSH_BYTES = 64 * 1024;

  private final Link link;
  private final Runnable drain = this::drainSoon;
  private boolean scheduled;
  private boolean draining;

  Outbox(Link link) {
    this.link = link;
  }

  final Link link() {
    return link;
  }

  /** The next frame to write, handed to the caller; null if there is none. On the event loop. */
  abstract Outgoing next();

  /** Releases all frames, now and later. */
  abstract void close();

  /** Something waits: writes it at once on the event loop, else asks the event loop to. */
  final void wake() {
    if (link.inEventLoop()) {
      drain();
    } else {
      wakeLater();
    }
  }

  /** As {@link #wake}, but nothing is written before this returns. */
  final void wakeLater() {
    synchronized (this) {
      if (scheduled) {
        return;
      }
      scheduled = true;
    }
    link.execute(drain);
  }

  private void drainSoon() {
    synchronized (this) {
      scheduled = false;
    }
    drain();
  }

  /** Writes what the socket takes; on the event loop. The rest waits until it takes more. */
  final void drain() {
    if (draining) {
      return; // A flush below made the channel writable again; the loop there goes on.
    }
    draining = true;
    try {
      write();
    } finally {
      draining = false;
    }
  }

  private void write() {
    int unflushed = 0;
    try {
      for (Outgoing frame = nextIfWritable(); frame != null; frame = nextIfWritable()) {
        unflushed += frame.bytes();
        link.write(frame);
        if (unflushed >= FLUSH_BYTES || !link.writable()) {
          link.flush();
          unflushed = 0;
        }
      }
    } finally {
      if (unflushed > 0) {
        link.flush(); // Also of what was written before one that cannot be encoded.
      }
    }
  }

  private Outgoing nextIfWritable() {
    return link.writable() ? next() : null;
  }
}
