package io.lockstep.forecast.net;

import io.lockstep.forecast.time.EventQueue;
import java.util.ArrayDeque;

/**
 * What connects a machine to the network: a pipe out and a pipe in, which do not disturb each
 * other. The network between is as fast as they are.
 */
public final class Nic {

  /**
   * Up to this size a message passes by the others: it is a packet or two. It delays none of them,
   * and does not count as time in which the pipe is busy.
   */
  static final int SMALL_BYTES = 2_048;

  /**
   * Bytes of payload for a byte on the wire: a frame of Ethernet takes 1,538 bytes with preamble
   * and gap, and carries 1,500 with 52 of IP and TCP (with time stamps).
   */
  static final double PAYLOAD = 1_448.0 / 1_538;

  private final EventQueue queue;
  private final SharedPipe out;
  private final SharedPipe in;

  /**
   * @param bytesPerSecond of payload, in each direction; may be infinite
   */
  public Nic(EventQueue queue, double bytesPerSecond) {
    this.queue = queue;
    this.out = new SharedPipe(queue, bytesPerSecond);
    this.in = new SharedPipe(queue, bytesPerSecond);
  }

  /** One of Ethernet, of a rate on the wire in bits per second. */
  public static Nic ethernet(EventQueue queue, double bitsPerSecond) {
    return new Nic(queue, bitsPerSecond / Byte.SIZE * PAYLOAD);
  }

  /** What goes out. */
  public SharedPipe out() {
    return out;
  }

  /** What comes in. */
  public SharedPipe in() {
    return in;
  }

  /**
   * What is sent from here to another, as on one connection: messages follow one another.
   *
   * @param latencyNanos of a byte from here to there
   */
  public Stream to(Nic other, long latencyNanos) {
    return new Stream(this, other, latencyNanos);
  }

  /** One direction of a connection. */
  public static final class Stream {

    private final Nic from;
    private final Nic to;
    private final long latencyNanos;

    /** What has begun to come, and waits for the message before; first the one that comes. */
    private final ArrayDeque<Message> coming = new ArrayDeque<>();

    private Stream(Nic from, Nic to, long latencyNanos) {
      this.from = from;
      this.to = to;
      this.latencyNanos = latencyNanos;
    }

    /**
     * Sends a message: it is a flow of the pipe out and, from when its first byte comes and all of
     * the message before has come, of the pipe in; its last byte has come when both are done.
     *
     * @param left what happens when the last byte has left
     * @param arrived what happens when the last byte has come
     */
    public void send(int bytes, Runnable left, Runnable arrived) {
      EventQueue queue = from.queue;
      if (bytes <= SMALL_BYTES) {
        double nanosPerByte = Math.max(from.out.nanosPerByte(), to.in.nanosPerByte());
        long nanos = Math.round(bytes * nanosPerByte);
        queue.after(nanos, left);
        queue.after(nanos + latencyNanos, arrived);
        return;
      }
      Message message = new Message(bytes, arrived);
      queue.after(latencyNanos, () -> come(message));
      from.out.send(
          bytes,
          () -> {
            left.run();
            queue.after(latencyNanos, message::partDone);
          });
    }

    private void come(Message message) {
      coming.add(message);
      if (coming.size() == 1) {
        next();
      }
    }

    private void next() {
      Message message = coming.peek();
      to.in.send(
          message.bytes,
          () -> {
            coming.remove();
            if (!coming.isEmpty()) {
              next();
            }
            message.partDone();
          });
    }
  }

  /** A message that is on its way in two pipes. */
  private static final class Message {

    private final int bytes;
    private final Runnable arrived;
    private boolean halfDone;

    private Message(int bytes, Runnable arrived) {
      this.bytes = bytes;
      this.arrived = arrived;
    }

    private void partDone() {
      if (halfDone) {
        arrived.run();
      }
      halfDone = true;
    }
  }
}
