package io.lockstep.wire;

import io.netty.channel.Channel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Failures that are made on purpose on the connections of a data plane. Where nothing is asked for,
 * connections are as they would be without: it only knows which ones there are.
 *
 * <p>Thread-safe by its own lock.
 */
public final class ConnectionFaults {

  /** Longer than any run. */
  private static final Duration FOREVER = Duration.ofDays(36_500);

  private final Set<Link> links = new LinkedHashSet<>();

  /** What new connections meet, too; null for nothing. */
  private Supplier<DisturbedChannel> disturbance;

  private long untilNanos;
  private boolean silent;

  private synchronized boolean isSilent() {
    return silent;
  }

  private synchronized void setSilent(boolean now) {
    silent = now;
  }

  /** A connection has begun; on its event loop. */
  void opened(Channel channel, Link link) {
    synchronized (this) {
      if (disturbance != null && untilNanos - System.nanoTime() > 0) {
        disturbance.get().join(channel.pipeline(), untilNanos);
      }
      links.add(link);
    }
    channel.closeFuture().addListener(closed -> closed(link));
  }

  private synchronized void closed(Link link) {
    links.remove(link);
  }

  private synchronized List<Link> links() {
    return new ArrayList<>(links);
  }

  /** Breaks the oldest connection, if there is one. */
  public void drop() {
    links().stream().limit(1).forEach(ConnectionFaults::drop);
  }

  /** Breaks all connections. */
  public void dropAll() {
    links().forEach(ConnectionFaults::drop);
  }

  private static void drop(Link link) {
    link.execute(() -> link.fail(new IOException("broken on purpose")));
  }

  /**
   * What is sent and received from now on arrives later, in order, until {@code time} is over; not
   * while nothing is: what was lost would be missed by then.
   */
  public void delay(Duration by, Duration time) {
    if (isSilent()) {
      return;
    }
    disturb(() -> new DelayedChannel(by), time);
  }

  /** Nothing is sent or received from now on, until {@link #reconnect}. */
  public void silence() {
    setSilent(true);
    disturb(SilentChannel::new, FOREVER);
  }

  /**
   * New connections are as they should be; those that there are break, since what was sent is lost.
   */
  public void reconnect() {
    synchronized (this) {
      silent = false;
      disturbance = null;
    }
    dropAll();
  }

  /** From now on each connection meets this, and nothing that was asked for before. */
  private void disturb(Supplier<DisturbedChannel> wanted, Duration time) {
    long until = System.nanoTime() + time.toNanos();
    Consumer<Link> join = link -> link.execute(() -> link.disturb(wanted.get(), until));
    synchronized (this) {
      disturbance = wanted;
      untilNanos = until;
      links.forEach(join);
    }
  }
}
