package io.lockstep.wire;

import io.netty.util.concurrent.EventExecutor;

/**
 * What all connections of a data plane share whose link is shaped: a pipe out and a pipe in, which
 * do not disturb each other. Belongs to the data plane's only event loop.
 */
final class ShapedNic {

  /** A turn of one connection takes so long, as far as the bounds below allow. */
  private static final long TURN_NANOS = 250_000;

  private static final int LEAST_TURN_BYTES = 1_448;
  private static final int MOST_TURN_BYTES = 64 * 1024;

  private final ShapedPipe out;
  private final ShapedPipe in;
  private final int turnBytes;

  ShapedNic(EventExecutor loop, LinkShape shape) {
    this.out = ShapedPipe.out(loop, shape);
    this.in = ShapedPipe.in(loop, shape);
    this.turnBytes =
        Math.clamp((long) (TURN_NANOS / shape.nanosPerByte()), LEAST_TURN_BYTES, MOST_TURN_BYTES);
  }

  ShapedPipe out() {
    return out;
  }

  ShapedPipe in() {
    return in;
  }

  /** The most bytes of a piece. */
  int turnBytes() {
    return turnBytes;
  }
}
