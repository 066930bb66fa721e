package io.lockstep.wire;

import io.netty.buffer.ByteBuf;

/**
 * Frames that wait for a connection: any thread gives them, the event loop writes as many as the
 * socket takes. Guarded by its own lock, never held while something is written.
 */
abstract class Outbox {

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

  /** The next frame to write, handed to the caller; null if there is none. Called under the lock. */
  abstract ByteBuf next();

  /** Releases all frames, now and later. */
  abstract void close();

  /** Something waits: writes it at once on the event loop, else asks the event loop to. */
  final void wake() {
    if (link.inEventLoop()) {
      drain();
      return;
    }
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
      while (link.writable()) {
        ByteBuf frame = take();
        if (frame == null) {
          return;
        }
        link.write(frame);
        link.flush();
      }
    } finally {
      draining = false;
    }
  }

  private synchronized ByteBuf take() {
    return next();
  }
}
