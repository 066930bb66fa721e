package io.lockstep.wire;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * What a server has for one worker: for each slot (a bucket, or another thing that has versions) the
 * newest frame, so that a slow worker's queue never grows: a newer version takes the place of one
 * that was not sent. The lowest slot goes first, since the first layers are needed first.
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
    Arrays.fill(versions, Long.MIN_VALUE);
  }

  /**
   * Queues a frame, which is taken over, unless a newer one was offered before. Of equal versions
   * the higher plan is newer: a frame that names a plan is not lost to one that names none.
   */
  void offer(int slot, long version, int plan, ByteBuf frame) {
    if (put(slot, version, plan, frame)) {
      wake();
    } else {
      frame.release();
    }
  }

  private synchronized boolean put(int slot, long version, int plan, ByteBuf frame) {
    boolean older =
        version < versions[slot] || version == versions[slot] && plan < plans[slot];
    if (closed || older) {
      return false;
    }
    if (frames[slot] != null) {
      frames[slot].release();
    }
    frames[slot] = frame;
    versions[slot] = version;
    plans[slot] = plan;
    lowest = Math.min(lowest, slot);
    return true;
  }

  @Override
  ByteBuf next() {
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
