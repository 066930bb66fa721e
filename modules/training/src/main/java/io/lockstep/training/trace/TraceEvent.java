package io.lockstep.training.trace;

import java.nio.ByteBuffer;

/**
 * Something that a thread did.
 *
 * @param step the step that it is part of
 * @param start nanoseconds on a clock of the node
 * @param end as start
 * @param bucket of θ, where it has to do with one
 * @param level of a node of the step's tree, where it has to do with one
 * @param index of that node in its level; of a layer of the network
 */
public record TraceEvent(
    TraceKind kind, long step, long start, long end, int bucket, int level, int index) {

  /** Bytes of {@link #write}. */
  static final int BYTES = TraceEvents.LONGS * Long.BYTES;

  private static final int KIND_BITS = 8;
  private static final TraceKind[] KINDS = TraceKind.values();

  /** Whether {@link #what} could have made it. */
  static boolean isKnown(long what) {
    return (what & (1 << KIND_BITS) - 1) < KINDS.length;
  }

  static TraceEvent of(long start, long end, long what, long place) {
    return new TraceEvent(
        KINDS[(int) (what & (1 << KIND_BITS) - 1)],
        what >> KIND_BITS,
        start,
        end,
        (int) (place >>> 40),
        (int) (place >>> 32) & 0xff,
        (int) place);
  }

  static long what(TraceKind kind, long step) {
    return step << KIND_BITS | kind.ordinal();
  }

  /** 24 bits of bucket, 8 of level and 32 of index. */
  static long place(int bucket, int level, int index) {
    return (long) bucket << 40 | (long) level << 32 | index;
  }

  void write(ByteBuffer out) {
    out.putLong(start).putLong(end).putLong(what(kind, step)).putLong(place(bucket, level, index));
  }

  /** The same on a clock that shows {@code nanos} more. */
  TraceEvent later(long nanos) {
    return new TraceEvent(kind, step, start + nanos, end + nanos, bucket, level, index);
  }
}
