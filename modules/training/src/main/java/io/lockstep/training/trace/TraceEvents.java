package io.lockstep.training.trace;

import java.util.AbstractList;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * Events as they are noted: four longs each, in pieces. An element is made when it is asked for, so
 * that millions of them take no more memory than their longs.
 */
final class TraceEvents extends AbstractList<TraceEvent> implements RandomAccess {

  /** Numbers of an event. */
  static final int LONGS = 4;

  /** Events of a piece: 256 KiB, so that a thread is not held up for long as it takes one. */
  static final int OF_PIECE = 1 << 13;

  private final long[][] pieces;
  private final int size;

  TraceEvents(long[][] pieces, int size) {
    this.pieces = pieces;
    this.size = size;
  }

  static long[] piece() {
    return new long[OF_PIECE * LONGS];
  }

  @Override
  public TraceEvent get(int index) {
    Objects.checkIndex(index, size);
    long[] piece = pieces[index / OF_PIECE];
    int at = index % OF_PIECE * LONGS;
    return TraceEvent.of(piece[at], piece[at + 1], piece[at + 2], piece[at + 3]);
  }

  @Override
  public int size() {
    return size;
  }
}
