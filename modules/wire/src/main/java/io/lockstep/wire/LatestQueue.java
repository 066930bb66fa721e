package io.lockstep.wire;

import io.lockstep.training.LatestSlots;

/** What a server has for one worker: of each slot the two newest frames, as {@link LatestSlots}. */
final class LatestQueue extends Outbox {

  private final LatestSlots<Outgoing> slots;
  private boolean closed;

  LatestQueue(Link link, int slots) {
    super(link);
    this.slots = new LatestSlots<>(slots, Outgoing::drop);
  }

  /**
   * Queues a frame, which is taken over, as {@link LatestSlots#put}: what it takes the place of is
   * dropped, or it is itself.
   */
  void offer(int slot, long version, int plan, Outgoing frame) {
    if (put(slot, version, plan, frame)) {
      wake();
    } else {
      frame.drop();
    }
  }

  private synchronized boolean put(int slot, long version, int plan, Outgoing frame) {
    return !closed && slots.put(slot, version, plan, frame);
  }

  @Override
  synchronized Outgoing next() {
    return slots.next();
  }

  /** Number of frames that wait. */
  synchronized int waiting() {
    return slots.waiting();
  }

  @Override
  synchronized void close() {
    closed = true;
    for (Outgoing frame = next(); frame != null; frame = next()) {
      frame.drop();
    }
  }
}
