package io.lockstep.wire;

import io.lockstep.training.RunIdentity;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A connection with one server, to be ended by whoever asked for it, also before it is there.
 * Thread-safe.
 */
final class DialledLink {

  private final Frames frames;
  private final RunIdentity run;
  private Link link;
  private boolean over;

  DialledLink(Frames frames, RunIdentity run) {
    this.frames = frames;
    this.run = run;
  }

  /** There is a connection; it is ended if it is not wanted any more. */
  synchronized void set(Link made) {
    link = made;
    if (over) {
      made.execute(() -> made.fail(new IOException("it is not wanted any more")));
    }
  }

  /** As of {@link Link#forsake}; done at once if there is no connection. */
  CompletableFuture<Void> forsake() {
    return end()
        .map(ended -> ended.forsake(frames.goodbye(run)))
        .orElseGet(() -> CompletableFuture.completedFuture(null));
  }

  /** As of {@link Link#leave}. */
  Optional<ChannelFuture> leave() {
    return end().map(ended -> ended.leave(frames.goodbye(run)));
  }

  private synchronized Optional<Link> end() {
    over = true;
    return Optional.ofNullable(link);
  }

  /** Whether the connection is no more, although nobody here wanted that. */
  synchronized boolean broke() {
    return !over && link != null && link.ended();
  }
}
