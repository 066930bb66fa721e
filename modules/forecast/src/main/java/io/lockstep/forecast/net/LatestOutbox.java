package io.lockstep.forecast.net;

import io.lockstep.training.LatestSlots;

/** What a server has for a worker: of each slot the two newest frames, as {@link LatestSlots}. */
public final class LatestOutbox implements Outbox {

  private final LatestSlots<Frame> slots;

  /** Nothing waits for any of {@code slots} slots. */
  public LatestOutbox(int slots) {
    this.slots = new LatestSlots<>(slots, displaced -> {});
  }

  /** Has a frame sent, as {@link LatestSlots#put}. */
  public void offer(int slot, long version, int plan, Frame frame) {
    slots.put(slot, version, plan, frame);
  }

  @Override
  public Frame next() {
    return slots.next();
  }
}
