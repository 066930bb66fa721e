package io.lockstep.wire;

import io.lockstep.training.DataPlane.Traffic;
import java.util.concurrent.atomic.LongAdder;

/** Counts what travels; thread-safe. */
final class TrafficCounters {

  private final LongAdder framesSent = new LongAdder();
  private final LongAdder bytesSent = new LongAdder();
  private final LongAdder bytesShared = new LongAdder();
  private final LongAdder framesReceived = new LongAdder();
  private final LongAdder bytesReceived = new LongAdder();

  void sent(long bytes) {
    framesSent.increment();
    bytesSent.add(bytes);
  }

  /** Counts what a peer reads in shared memory: it has been sent, too. */
  void shared(int bytes) {
    bytesSent.add(bytes);
    bytesShared.add(bytes);
  }

  /** Bytes that peers were to read in shared memory, of those sent. */
  long bytesShared() {
    return bytesShared.sum();
  }

  void received(long frames, long bytes) {
    framesReceived.add(frames);
    bytesReceived.add(bytes);
  }

  Traffic traffic() {
    return new Traffic(
        framesSent.sum(), bytesSent.sum(), framesReceived.sum(), bytesReceived.sum());
  }
}
