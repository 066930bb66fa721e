package io.lockstep.training.trace;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.AbstractList;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * Events as they were written by {@link TraceEvent#write}: a view, of which an element is made when
 * it is asked for.
 */
final class WrittenEvents extends AbstractList<TraceEvent> implements RandomAccess {

  private static final int WHAT = 2;

  private final LongBuffer longs;

  /**
   * @param bytes all of them
   * @throws IllegalArgumentException if an event is of no known kind
   */
  WrittenEvents(ByteBuffer bytes) {
    this.longs = bytes.asLongBuffer();
    for (int what = WHAT; what < longs.limit(); what += TraceEvents.LONGS) {
      if (!TraceEvent.isKnown(longs.get(what))) {
        throw new IllegalArgumentException(
            "expected a known kind of event, found " + (longs.get(what) & 0xff));
      }
    }
  }

  @Override
  public TraceEvent get(int index) {
    int at = Objects.checkIndex(index, size()) * TraceEvents.LONGS;
    return TraceEvent.of(longs.get(at), longs.get(at + 1), longs.get(at + WHAT), longs.get(at + 3));
  }

  @Override
  public int size() {
    return longs.limit() / TraceEvents.LONGS;
  }
}
