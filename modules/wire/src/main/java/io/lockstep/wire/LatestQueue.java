package io.lockstep.wire;

import java.util.Arrays;
import java.util.stream.Stream;

/**
 * What a server has for one worker: for each slot (a bucket, or another thing that has versions)
 * the two newest frames, so that a slow worker's queue never grows: a newer version takes the place
 * of the older one that was not sent. The lowest slot goes first, since the first layers are needed
 * first.
 *
 * <p>The newest alone would not do: a bucket's version v + 1 may be there while step v is still
 * open for others, and a worker that got it without v would compute that step on what it has
 * instead. Once v + 2 is there, step v is done everywhere.
 */
final class LatestQueue extends Outbox {

  private final Outgoing[] frames;
  private final Outgoing[] older;
  private final long[] versions;
  private final int[] plans;
  private int lowest;
  private boolean closed;

  LatestQueue(Link link, int slots) {
    super(link);
    this.frames = new Outgoing[slots];
    this.older = new Outgoing[slots];
    this.versions = new long[slots];
    this.plans = new int[slots];
    this.lowest = slots;
  }

  /**
   * Queues a frame, which is taken over, behind one of an older version that was not yet sent, or
   * in place of one of the same version, or of newer ones. Only if that of the same version names a
   * plan, and this one none, it stays.
   */
  void offer(int slot, long version, int plan, Outgoing frame) {
    if (put(slot, version, plan, frame)) {
      wake();
    } else {
      frame.drop();
    }
  }

  private synchronized boolean put(int slot, long version, int plan, Outgoing frame) {
    boolean waits = frames[slot] != null;
    if (closed || waits && versions[slot] == version && plan < plans[slot]) {
      return false;
    }
    if (waits && versions[slot] != version) {
      release(older, slot);
    }
    if (waits && versions[slot] < version) {
      older[slot] = frames[slot];
    } else {
      release(frames, slot);
    }
    frames[slot] = frame;
    versions[slot] = version;
    plans[slot] = plan;
    lowest = Math.min(lowest, slot);
    return true;
  }

  private static void release(Outgoing[] frames, int slot) {
    if (frames[slot] != null) {
      frames[slot].drop();
      frames[slot] = null;
    }
  }

  @Override
  synchronized Outgoing next() {
    while (lowest < frames.length) {
      Outgoing[] from = older[lowest] != null ? older : frames;
      Outgoing frame = from[lowest];
      if (frame != null) {
        from[lowest] = null;
        return frame;
      }
      lowest++;
    }
    return null;
  }

  /** Number of frames that wait. */
  synchronized int waiting() {
    return (int)
        Stream.of(frames, older).flatMap(Arrays::stream).filter(frame -> frame != null).count();
  }

  @Override
  synchronized void close() {
    closed = true;
    for (Outgoing frame = next(); frame != null; frame = next()) {
      frame.drop();
    }
  }
}
