package io.lockstep.wire;

import java.util.ArrayDeque;

/**
 * What one connection sends, or receives, through a {@link ShapedPipe}: pieces that wait for it,
 * then those that are on their way. All are delivered in their order.
 *
 * <p>Belongs to the event loop.
 */
final class ShapedFlow {

  /**
   * A part of it.
   *
   * @param sinceNanos when it came to the pipe
   * @param delivery sends it on, or has it received
   */
  record Piece(int bytes, long sinceNanos, Runnable delivery) {}

  private final ArrayDeque<Piece> waiting = new ArrayDeque<>();
  private final ArrayDeque<Piece> travelling = new ArrayDeque<>();
  private final Runnable left;
  private long waitingBytes;

  /**
   * @param left told after less waits than before
   */
  ShapedFlow(Runnable left) {
    this.left = left;
  }

  /** Bytes that have not left the pipe. */
  long waitingBytes() {
    return waitingBytes;
  }

  /** Returns whether nothing waited before. */
  boolean add(Piece piece) {
    waitingBytes += piece.bytes;
    waiting.add(piece);
    return waiting.size() == 1;
  }

  /** The piece that is served next; null if there is none. */
  Piece first() {
    return waiting.peek();
  }

  /** The first piece has left the pipe. */
  void leave() {
    Piece piece = waiting.poll();
    waitingBytes -= piece.bytes;
    travelling.add(piece);
    left.run();
  }

  /** Another piece has arrived: the oldest one, if not all were delivered before their time. */
  void arrive() {
    Piece piece = travelling.poll();
    if (piece != null) {
      piece.delivery.run();
    }
  }

  /** The connection ends: nothing can be late any more. */
  void deliverAll() {
    while (!travelling.isEmpty()) {
      travelling.poll().delivery.run();
    }
    while (!waiting.isEmpty()) {
      waiting.poll().delivery.run();
    }
    waitingBytes = 0;
  }
}
