package io.lockstep.wire;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * One direction of a shaped NIC: takes a piece of each flow in turn, each for bytes / rate, and
 * delivers it after the latency.
 *
 * <p>A piece is served from when the one before it has left, by the clock that it should have had:
 * if the event loop comes late, what is due leaves at once, and no rate is lost. An idle pipe saves
 * up nothing.
 *
 * <p>Belongs to the event loop.
 */
final class ShapedPipe {

  /**
   * A piece that comes in has been coming since its first bit; and by so much it may have been
   * late, because threads and timers are, without holding up those behind it.
   */
  private static final long LATE_NANOS = 250_000;

  private record Travelling(ShapedFlow flow, long dueNanos) {}

  private static final long NEVER = Long.MAX_VALUE;

  private final EventExecutor loop;
  private final double nanosPerByte;
  private final long latencyNanos;
  private final boolean inwards;

  /** Those with something that waits; the first one's first piece is served. */
  private final ArrayDeque<ShapedFlow> turns = new ArrayDeque<>();

  private final ArrayDeque<Travelling> line = new ArrayDeque<>();
  private final long origin;

  /** When the pipe was done with the last piece. */
  private long freeNanos;

  private Future<?> alarm;
  private long alarmNanos = NEVER;
  private boolean running;

  private ShapedPipe(EventExecutor loop, double nanosPerByte, long latencyNanos, boolean inwards) {
    this.loop = loop;
    this.nanosPerByte = nanosPerByte;
    this.latencyNanos = latencyNanos;
    this.inwards = inwards;
    this.origin = loop.ticker().nanoTime();
  }

  /** What leaves a machine. */
  static ShapedPipe out(EventExecutor loop, LinkShape shape) {
    return new ShapedPipe(loop, shape.nanosPerByte(), shape.latency().toNanos(), false);
  }

  /** What comes to a machine; it has travelled already. */
  static ShapedPipe in(EventExecutor loop, LinkShape shape) {
    return new ShapedPipe(loop, shape.nanosPerByte(), 0, true);
  }

  /**
   * Takes a piece.
   *
   * @param delivery what happens when it arrives
   */
  void send(ShapedFlow flow, int bytes, Runnable delivery) {
    if (flow.add(new ShapedFlow.Piece(bytes, now(), delivery))) {
      turns.add(flow);
    }
    run();
  }

  private long now() {
    return loop.ticker().nanoTime() - origin;
  }

  /** All that should have happened until now. */
  private void run() {
    if (running) {
      return; // A delivery below brought something; the loop there goes on.
    }
    running = true;
    try {
      long now = now();
      while (serve(now) || deliver(now)) {
        now = now();
      }
    } finally {
      running = false;
    }
    alarm();
  }

  /** Whether a piece has left. */
  private boolean serve(long now) {
    skipEnded();
    if (turns.isEmpty() || leaves() > now) {
      return false;
    }
    long leaves = leaves();
    freeNanos = end();
    ShapedFlow flow = turns.poll();
    line.add(new Travelling(flow, leaves + latencyNanos));
    flow.leave();
    if (flow.first() != null) {
      turns.add(flow);
    }
    return true;
  }

  private void skipEnded() {
    while (!turns.isEmpty() && turns.peek().first() == null) {
      turns.poll();
    }
  }

  /** When the piece that is served has left: none does before it is here. */
  private long leaves() {
    return Math.max(turns.peek().first().sinceNanos(), end());
  }

  /** When the pipe is done with the piece that is served. */
  private long end() {
    ShapedFlow.Piece piece = turns.peek().first();
    long nanos = Math.round(piece.bytes() * nanosPerByte);
    long begin = inwards ? piece.sinceNanos() - nanos - LATE_NANOS : piece.sinceNanos();
    return Math.max(begin, freeNanos) + nanos;
  }

  /** Whether a piece has arrived. */
  private boolean deliver(long now) {
    if (line.isEmpty() || line.peek().dueNanos > now) {
      return false;
    }
    line.poll().flow.arrive();
    return true;
  }

  private void alarm() {
    skipEnded();
    long next = turns.isEmpty() ? NEVER : leaves();
    if (!line.isEmpty()) {
      next = Math.min(next, line.peek().dueNanos);
    }
    if (next < alarmNanos) {
      setAlarm(next);
    }
  }

  private void setAlarm(long nanos) {
    if (alarm != null) {
      alarm.cancel(false);
    }
    alarmNanos = nanos;
    alarm = loop.schedule(this::alarmed, nanos - now(), TimeUnit.NANOSECONDS);
  }

  private void alarmed() {
    alarm = null;
    alarmNanos = NEVER;
    run();
  }
}
