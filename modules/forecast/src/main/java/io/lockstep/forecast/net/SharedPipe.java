package io.lockstep.forecast.net;

import io.lockstep.forecast.time.Alarm;
import io.lockstep.forecast.time.EventQueue;
import io.lockstep.forecast.time.KeyHeap;

/**
 * One direction of a link, whose rate all flows share evenly at each moment, as flows of TCP do in
 * the long run (processor sharing).
 *
 * <p>Each of n flows is served for 1 / n of the time. So the service that a flow has had since it
 * began is the difference of one common function of time, S with dS/dt = 1 / n, and a flow of b
 * bytes that begins when S = s ends when S = s + b / rate: the flows end in an order that is known
 * when they begin, and only the next end is an event.
 */
public final class SharedPipe {

  private final EventQueue queue;
  private final double nanosPerByte;
  private final Alarm alarm;

  /** By the service at which they end; bits of doubles from 0 on are in the doubles' order. */
  private final KeyHeap<Runnable> flows = new KeyHeap<>();

  /** S in nanoseconds, as of a time; from 0 on each time that nothing is under way. */
  private double service;

  private long asOf;
  private long busyNanos;

  /**
   * @param bytesPerSecond above 0; infinite for one in which nothing takes time
   */
  public SharedPipe(EventQueue queue, double bytesPerSecond) {
    if (!(bytesPerSecond > 0)) {
      throw new IllegalArgumentException(
          "pipe: expected a rate above 0 bytes per second, found " + bytesPerSecond);
    }
    this.queue = queue;
    this.nanosPerByte = 1e9 / bytesPerSecond;
    this.alarm = new Alarm(queue, this::end);
  }

  /**
   * Begins a flow.
   *
   * @param done what happens when its last byte has left the pipe
   */
  public void send(double bytes, Runnable done) {
    serve();
    flows.add(Double.doubleToRawLongBits(service + bytes * nanosPerByte), done);
    alarm.set(nextEnd());
  }

  /** Nanoseconds of a byte that has the pipe to itself. */
  double nanosPerByte() {
    return nanosPerByte;
  }

  /** For how long it has had something to do. */
  public long busyNanos() {
    serve();
    return busyNanos;
  }

  /** All flows have been served since the last time. */
  private void serve() {
    long now = queue.nanos();
    if (!flows.isEmpty()) {
      service += (double) (now - asOf) / flows.size();
      busyNanos += now - asOf;
    }
    asOf = now;
  }

  private void end() {
    serve();
    while (!flows.isEmpty() && nextEnd() == queue.nanos()) {
      flows.removeFirst().run();
    }
    if (flows.isEmpty()) {
      service = 0;
    } else {
      alarm.set(nextEnd());
    }
  }

  /** To the nearest nanosecond. */
  private long nextEnd() {
    double left = Double.longBitsToDouble(flows.firstKey()) - service;
    return queue.nanos() + Math.max(0, Math.round(left * flows.size()));
  }
}
