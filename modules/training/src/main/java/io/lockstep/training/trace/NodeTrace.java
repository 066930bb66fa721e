package io.lockstep.training.trace;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a node has noted.
 *
 * @param name of the node
 * @param threads what each of its threads did
 */
public record NodeTrace(String name, List<OfThread> threads) {

  /** Bytes of an event. */
  private static final int EVENT_BYTES = 4 * Long.BYTES;

  /**
   * What a thread did.
   *
   * @param name of the thread
   * @param dropped events that had no room
   * @param events in the order of their ends
   */
  public record OfThread(String name, int dropped, List<TraceEvent> events) {

    OfThread later(long nanos) {
      return new OfThread(name, dropped, events.stream().map(e -> e.later(nanos)).toList());
    }
  }

  /** The threads' part of it, for another process of the same build. */
  public byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(threads.size());
      for (OfThread thread : threads) {
        out.writeUTF(thread.name());
        out.writeInt(thread.dropped());
        out.writeInt(thread.events().size());
        for (TraceEvent event : thread.events()) {
          event.write(out);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Of the bytes of {@link #toBytes}.
   *
   * @throws IllegalArgumentException if they are not
   */
  public static NodeTrace of(String name, byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      List<OfThread> threads = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        threads.add(thread(in));
      }
      return new NodeTrace(name, threads);
    } catch (IOException e) {
      throw new IllegalArgumentException("%s: no trace: %s".formatted(name, e.getMessage()), e);
    }
  }

  private static OfThread thread(DataInputStream in) throws IOException {
    String name = in.readUTF();
    int dropped = in.readInt();
    int count = in.readInt();
    if (count < 0 || (long) count * EVENT_BYTES > in.available()) {
      throw new IOException("%d events do not fit in %d bytes".formatted(count, in.available()));
    }
    List<TraceEvent> events = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      events.add(TraceEvent.read(in));
    }
    return new OfThread(name, dropped, events);
  }

  /** Number of events that had no room. */
  int dropped() {
    return threads.stream().mapToInt(OfThread::dropped).sum();
  }

  /** The same on a clock that shows {@code nanos} more. */
  NodeTrace later(long nanos) {
    return new NodeTrace(name, threads.stream().map(t -> t.later(nanos)).toList());
  }
}
