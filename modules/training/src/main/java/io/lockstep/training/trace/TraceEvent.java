package io.lockstep.training.trace;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

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

  private static final TraceKind[] KINDS = TraceKind.values();

  static TraceEvent of(long start, long end, long what, long place) {
    return new TraceEvent(
        KINDS[(int) (what & 0xff)],
        what >> 8,
        start,
        end,
        (int) (place >>> 40),
        (int) (place >>> 32) & 0xff,
        (int) place);
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(start);
    out.writeLong(end);
    out.writeLong(step << 8 | kind.ordinal());
    out.writeLong((long) bucket << 40 | (long) level << 32 | index);
  }

  static TraceEvent read(DataInput in) throws IOException {
    long start = in.readLong();
    long end = in.readLong();
    long what = in.readLong();
    if ((what & 0xff) >= KINDS.length) {
      throw new IOException("expected a known kind of event, found " + (what & 0xff));
    }
    return of(start, end, what, in.readLong());
  }

  /** The same on a clock that shows {@code nanos} more. */
  TraceEvent later(long nanos) {
    return new TraceEvent(kind, step, start + nanos, end + nanos, bucket, level, index);
  }
}
