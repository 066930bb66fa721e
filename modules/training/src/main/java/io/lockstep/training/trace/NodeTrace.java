package io.lockstep.training.trace;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a node has noted.
 *
 * @param name of the node
 * @param threads what each of its threads did
 */
public record NodeTrace(String name, List<OfThread> threads) {

  /** What is said of a trace that memory does not suffice for. */
  public static final String NO_ROOM = "it does not fit in memory: trace fewer steps";

  /**
   * What a thread did.
   *
   * @param name of the thread
   * @param dropped events that had no room
   * @param events in the order of their ends
   */
  public record OfThread(String name, int dropped, List<TraceEvent> events) {

    /** Bytes of what is written besides name and events. */
    private static final int HEADER_BYTES = 3 * Integer.BYTES;

    private byte[] nameBytes() {
      return name.getBytes(StandardCharsets.UTF_8);
    }

    private long bytes() {
      return HEADER_BYTES + nameBytes().length + (long) events.size() * TraceEvent.BYTES;
    }

    private void write(ByteBuffer out) {
      out.putInt(nameBytes().length).put(nameBytes()).putInt(dropped).putInt(events.size());
      events.forEach(event -> event.write(out));
    }

    private static OfThread read(ByteBuffer in) {
      byte[] name = new byte[count(in, 1)];
      in.get(name);
      int dropped = in.getInt();
      int count = count(in, TraceEvent.BYTES);
      return new OfThread(new String(name, StandardCharsets.UTF_8), dropped, events(in, count));
    }

    /** A number of things to come, which must be there. */
    private static int count(ByteBuffer in, int bytesOfOne) {
      int count = in.getInt();
      if (count < 0 || (long) count * bytesOfOne > in.remaining()) {
        throw new IllegalArgumentException(
            "%d times %d bytes do not fit in %d".formatted(count, bytesOfOne, in.remaining()));
      }
      return count;
    }

    private static List<TraceEvent> events(ByteBuffer in, int count) {
      int bytes = count * TraceEvent.BYTES;
      ByteBuffer events = in.slice(in.position(), bytes);
      in.position(in.position() + bytes);
      return new WrittenEvents(events);
    }

    /** A view: events may be millions. */
    private OfThread later(long nanos) {
      return new OfThread(
          name,
          dropped,
          new AbstractList<>() {
            @Override
            public TraceEvent get(int index) {
              return events.get(index).later(nanos);
            }

            @Override
            public int size() {
              return events.size();
            }
          });
    }
  }

  /**
   * The threads' part of it, for another process of the same build.
   *
   * @throws IllegalStateException if it is more than an array can hold
   */
  public byte[] toBytes() {
    long bytes = Integer.BYTES + threads.stream().mapToLong(OfThread::bytes).sum();
    if (bytes > Integer.MAX_VALUE) {
      throw new IllegalStateException(
          "expected at most %d bytes of trace, found %d; trace fewer steps"
              .formatted(Integer.MAX_VALUE, bytes));
    }
    ByteBuffer out = ByteBuffer.allocate((int) bytes);
    out.putInt(threads.size());
    threads.forEach(thread -> thread.write(out));
    return out.array();
  }

  /**
   * Of the bytes of {@link #toBytes}, which it keeps: events may be millions.
   *
   * @throws IllegalArgumentException if they are not
   */
  public static NodeTrace of(String name, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      List<OfThread> threads = new ArrayList<>();
      for (int left = in.getInt(); left > 0; left--) {
        threads.add(OfThread.read(in));
      }
      return new NodeTrace(name, threads);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new IllegalArgumentException("%s: no trace: %s".formatted(name, e.getMessage()), e);
    }
  }

  /** What all threads did. */
  Stream<TraceEvent> events() {
    return threads.stream().flatMap(thread -> thread.events().stream());
  }

  /** Number of events that had no room. */
  public long dropped() {
    return threads.stream().mapToLong(OfThread::dropped).sum();
  }

  /** What it did in this part of the run, and in another. */
  NodeTrace and(NodeTrace other) {
    return new NodeTrace(
        name, Stream.of(this, other).flatMap(trace -> trace.threads().stream()).toList());
  }

  /** The same on a clock that shows {@code nanos} more. */
  NodeTrace later(long nanos) {
    return new NodeTrace(name, threads.stream().map(t -> t.later(nanos)).toList());
  }
}
