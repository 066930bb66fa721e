package io.lockstep.forecast.net;

import java.util.ArrayDeque;

/** What a worker has for a server: all of it, in order. */
public final class FifoOutbox implements Outbox {

  private final ArrayDeque<Frame> frames = new ArrayDeque<>();

  /** Has a frame sent behind those before. */
  public void offer(Frame frame) {
    frames.add(frame);
  }

  @Override
  public Frame next() {
    return frames.poll();
  }
}
