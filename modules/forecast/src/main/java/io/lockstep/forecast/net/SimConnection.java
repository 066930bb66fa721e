package io.lockstep.forecast.net;

import java.util.ArrayDeque;

/**
 * One direction of a TCP connection between two machines: frames are sent one after the other, and
 * arrive in this order. A frame is chosen when the socket has room for it: what has changed until
 * then is still heeded, and what was chosen is sent.
 */
public final class SimConnection {

  private final Nic.Stream stream;
  private final Socket socket;
  private final Outbox outbox;
  private boolean cut;

  /**
   * What was chosen and has not arrived: first what is on its way, then what has not begun.
   *
   * <p>A further frame is chosen as long as there are less than {@code most} bytes.
   */
  private static final class Socket {

    private final long most;
    private final ArrayDeque<Frame> waiting = new ArrayDeque<>();
    private final ArrayDeque<Travelling> travelling = new ArrayDeque<>();
    private long bytes;
    private boolean sending;

    private Socket(long most) {
      this.most = most;
    }

    private void fill(Outbox outbox) {
      while (bytes < most) {
        Frame frame = outbox.next();
        if (frame == null) {
          return;
        }
        bytes += frame.bytes();
        waiting.add(frame);
      }
    }

    /** Begins with the next one; null if there is none, or another has not left. */
    private Travelling begin() {
      if (sending || waiting.isEmpty()) {
        return null;
      }
      sending = true;
      Travelling next = new Travelling(waiting.poll());
      travelling.add(next);
      return next;
    }

    /** The next one that has arrived behind all before it; null if there is none. */
    private Frame arrived() {
      if (travelling.isEmpty() || !travelling.peek().complete) {
        return null;
      }
      Frame frame = travelling.poll().frame;
      bytes -= frame.bytes();
      return frame;
    }
  }

  private static final class Travelling {

    private final Frame frame;
    private boolean complete;

    private Travelling(Frame frame) {
      this.frame = frame;
    }
  }

  /**
   * @param latencyNanos of a byte from here to there
   * @param socketBytes from this on nothing more is chosen
   */
  public SimConnection(Nic from, Nic to, long latencyNanos, long socketBytes, Outbox outbox) {
    this.stream = from.to(to, latencyNanos);
    this.socket = new Socket(socketBytes);
    this.outbox = outbox;
  }

  /** There is something in the outbox. */
  public void wake() {
    if (cut) {
      return;
    }
    socket.fill(outbox);
    Travelling next = socket.begin();
    if (next != null) {
      stream.send(next.frame.bytes(), this::left, () -> arrived(next));
    }
  }

  private void left() {
    socket.sending = false;
    wake();
  }

  private void arrived(Travelling one) {
    one.complete = true;
    Frame frame = cut ? null : socket.arrived();
    while (frame != null) {
      frame.arrived().run();
      frame = cut ? null : socket.arrived();
    }
    wake();
  }

  /** Nothing more is sent, nor arrives. */
  public void cut() {
    cut = true;
  }
}
