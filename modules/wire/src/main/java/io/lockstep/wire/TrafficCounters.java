package io.lockstep.wire;

import io.lockstep.training.DataPlane.Traffic;
import java.util.concurrent.atomic.LongAdder;

/** Counts what travels; thread-safe. */
final class TrafficCounters {

  private final LongAdder framesSent = new LongAdder();
  private final LongAdder bytesSent = new LongAdder();
  private final LongAdder framesReceived = new LongAdder();
  private final LongAdder bytesReceived = new LongAdder();

  void sent(int bytes) {
    framesSent.increment();
    bytesSent.add(bytes);
  }

  void received(long frames, int bytes) {
    framesReceived.add(frames);
    bytesReceived.add(bytes);
  }

  Traffic traffic() {
    return new Traffic(
        framesSent.sum(), bytesSent.sum(), framesReceived.sum(), bytesReceived.sum());
  }
}
