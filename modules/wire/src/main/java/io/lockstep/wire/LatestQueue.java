package io.lockstep.wire;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * What a server has for one worker: for each slot (a bucket, or another thing that has versions)
 * the newest frame, so that a slow worker's queue never grows: a newer version takes the place of
 * one that was not sent. The lowest slot goes first, since the first layers are needed first.
 */
final class LatestQueue extends Outbox {

  private final ByteBuf[] frames;
  private final long[] versions;
  private final int[] plans;
  private int lowest;
  private boolean closed;

  LatestQueue(Link link, int slots) {
    super(link);
    this.frames = new ByteBuf[slots];
    this.versions = new long[slots];
    this.plans = new int[slots];
    this.lowest = slots;
  }

  /**
   * Queues a frame, which is taken over, in place of one that was offered before and not yet sent.
   * Only if that one names a plan of the same version, and this one none, it stays.
   */
  void offer(int slot, long version, int plan, ByteBuf frame) {
    if (put(slot, version, plan, frame)) {
      wake();
    } else {
      frame.release();
    }
  }

  private synchronized boolean put(int slot, long version, int plan, ByteBuf frame) {
    boolean waits = frames[slot] != null;
    if (closed || waits && versions[slot] == version && plan < plans[slot]) {
      return false;
    }
    if (waits) {
      frames[slot].release();
    }
    frames[slot] = frame;
    versions[slot] = version;
    plans[slot] = plan;
    lowest = Math.min(lowest, slot);
    return true;
  }

  @Override
  synchronized ByteBuf next() {
    while (lowest < frames.length) {
      ByteBuf frame = frames[lowest];
      if (frame != null) {
        frames[lowest] = null;
        return frame;
      }
      lowest++;
    }
    return null;
  }

  /** Number of frames that wait. */
  synchronized int waiting() {
    return (int) Arrays.stream(frames).filter(frame -> frame != null).count();
  }

  @Override
  synchronized void close() {
    closed = true;
    for (ByteBuf frame = next(); frame != null; frame = next()) {
      frame.release();
    }
  }
}
