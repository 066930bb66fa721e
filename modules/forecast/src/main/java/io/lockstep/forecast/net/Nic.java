package io.lockstep.forecast.net;

import io.lockstep.forecast.time.EventQueue;

/**
 * What connects a machine to the network: a pipe out and a pipe in, which do not disturb each
 * other. The network between is as fast as they are.
 */
public final class Nic {

  /** Up to this size a message passes by the others: it is a packet or two. */
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
   * Sends a message: it is a flow of this pipe out and, from when its first byte comes, of the pipe
   * in of {@code to}; its last byte has come when both are done.
   *
   * @param latencyNanos of a byte from here to there
   * @param left what happens when the last byte has left
   * @param arrived what happens when the last byte has come
   */
  public void send(int bytes, Nic to, long latencyNanos, Runnable left, Runnable arrived) {
    if (bytes <= SMALL_BYTES) {
      long nanos = Math.round(bytes * Math.max(out.nanosPerByte(), to.in.nanosPerByte()));
      queue.after(nanos, left);
      queue.after(nanos + latencyNanos, arrived);
      return;
    }
    Message message = new Message(arrived);
    queue.after(latencyNanos, () -> to.in.send(bytes, message::partDone));
    out.send(
        bytes,
        () -> {
          left.run();
          queue.after(latencyNanos, message::partDone);
        });
  }

  /** A message that is on its way in two pipes. */
  private static final class Message {

    private final Runnable arrived;
    private boolean halfDone;

    private Message(Runnable arrived) {
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
