package io.lockstep.wire;

import io.lockstep.training.GradientFormat;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Places for buckets in shared memory: one process writes them, others read.
 *
 * <pre>
 *   0         8              64                    64 + 8·slots, rounded up to 4096
 *   | token   | 0            | state of each slot  | slots, each of slotBytes
 * </pre>
 *
 * A slot's state is, from the lowest bit, one bit for each of 31 readers that has still to read it;
 * a bit that is never set; 31 bits of how often it was claimed, and one that says that it is being
 * written. A slot with neither readers nor that one is free. A reader clears its bit when it has
 * copied. All changes are atomic and order the floats before them.
 *
 * <p>What is written is known by a <em>ticket</em>, the number of the slot in the lower half and
 * how often it was claimed in the upper. So a reader that the writer takes for gone, and that still
 * copies, finds at the end that the slot is another's now, and believes nothing of it; and what it
 * gives back late is nobody else's.
 *
 * <p>The token tells that the memory is the one that was meant: the name of a process may mean
 * another one elsewhere.
 *
 * <p>Thread-safe, except that nobody may be reading a peer's when it is closed. Who writes while it
 * is closed ends first.
 */
final class SharedSlots implements AutoCloseable {

  /** The most readers. */
  static final int MOST_READERS = 31;

  /** In place of a ticket: there is no slot. */
  static final long NONE = -1;

  private static final long WRITING = Long.MIN_VALUE;
  private static final long READERS = (1L << MOST_READERS) - 1;
  private static final int STATES_AT = 64;
  private static final int PAGE_BYTES = 4096;
  private static final int LINE_BYTES = 64;

  /** A usual peer has read a version of each bucket before the next is written. */
  private static final int VERSIONS = 4;

  /** What waits to be read in one memory; what does not fit travels in its frame. */
  private static final long MOST_BYTES = 64L * 1024 * 1024;

  private static final VarHandle STATE = ValueLayout.JAVA_LONG.varHandle();

  private final SharedMemory memory;
  private final int count;
  private final int slotBytes;
  private final long slotsAt;

  /** Slots that each reader has still to read. */
  private final int[] unread = new int[MOST_READERS];

  private int writing;
  private boolean closed;

  private SharedSlots(SharedMemory memory, int count, int slotBytes) {
    this.memory = memory;
    this.count = count;
    this.slotBytes = slotBytes;
    this.slotsAt = slotsAt(count);
  }

  /**
   * Makes slots for four versions of each bucket, or as many as memory is set aside for. Those that
   * are never written take no memory.
   *
   * @param buckets their number
   * @param floats of the largest
   * @return empty where there is no shared memory
   */
  static Optional<SharedSlots> create(int buckets, int floats) {
    long bytes = roundUp((long) floats * Float.BYTES, LINE_BYTES);
    if (buckets == 0 || bytes > Integer.MAX_VALUE) {
      return Optional.empty();
    }
    int slotBytes = (int) bytes;
    int count = (int) Math.clamp(MOST_BYTES / slotBytes, 2, (long) VERSIONS * buckets);
    return SharedMemory.create(size(count, slotBytes))
        .map(memory -> new SharedSlots(memory, count, slotBytes).draw());
  }

  /** Opens those of a peer. */
  static SharedSlots open(Messages.Share share) throws IOException {
    if (share.slots() < 1 || share.slotBytes() < 1) {
      throw new IOException("expected shared slots, found " + share);
    }
    SharedMemory memory = SharedMemory.open(share.name(), size(share.slots(), share.slotBytes()));
    SharedSlots slots = new SharedSlots(memory, share.slots(), share.slotBytes());
    if (slots.token() != share.token()) {
      memory.close();
      throw new IOException("expected the peer's memory, found another at " + share.name());
    }
    return slots;
  }

  private SharedSlots draw() {
    memory.bytes().set(ValueLayout.JAVA_LONG, 0, ThreadLocalRandom.current().nextLong());
    return this;
  }

  private long token() {
    return memory.bytes().get(ValueLayout.JAVA_LONG, 0);
  }

  private static long slotsAt(int count) {
    return roundUp(STATES_AT + (long) count * Long.BYTES, PAGE_BYTES);
  }

  private static long size(int count, int slotBytes) {
    return slotsAt(count) + (long) count * slotBytes;
  }

  private static long roundUp(long bytes, int unit) {
    return (bytes + unit - 1) / unit * unit;
  }

  /** What tells a peer how to open it as {@code reader}. */
  Messages.Share share(int reader) {
    return new Messages.Share(memory.name(), token(), count, slotBytes, reader);
  }

  /** Lets no further peer open it. */
  void closeToPeers() {
    memory.closeToPeers();
  }

  // What the writer calls.

  /**
   * Claims the first free slot: the fewer are in use, the more of them are still in a cache.
   *
   * @return its ticket; {@link #NONE} if there is none, or it is closed
   */
  synchronized long claim() {
    if (closed) {
      return NONE;
    }
    for (int slot = 0; slot < count; slot++) {
      long state = state(slot);
      long claims = (state & ~WRITING) >>> Integer.SIZE;
      long claimed = claims + 1 & Integer.MAX_VALUE;
      if ((state & (READERS | WRITING)) == 0
          && STATE.compareAndSet(
              memory.bytes(), stateAt(slot), state, WRITING | claimed << Integer.SIZE)) {
        writing++;
        return claimed << Integer.SIZE | slot;
      }
    }
    return NONE;
  }

  /** Writes {@code values[from, from + length)} to a claimed slot. */
  void write(long ticket, float[] values, int from, int length, GradientFormat format) {
    FloatBlock.copy(values, from, length, format, memory.bytes(), at(slot(ticket)));
  }

  /**
   * Gives a claimed slot to its readers; without any it is free again.
   *
   * @return the readers; none if it was closed meanwhile
   */
  synchronized long publish(long ticket, long readers) {
    STATE.setVolatile(memory.bytes(), stateAt(slot(ticket)), claims(ticket) | readers);
    writing--;
    unmapIfOver();
    return closed ? 0 : readers;
  }

  /**
   * Those of {@code readers} that have more than a quarter of the slots still to read: where there
   * are four for each bucket, more than a version of each. One alone keeps them from nobody.
   */
  synchronized long behind(long readers) {
    if (isUnmapped() || Long.bitCount(readers) < 2) {
      return 0;
    }
    Arrays.fill(unread, 0);
    for (int slot = 0; slot < count; slot++) {
      for (long rest = state(slot) & readers; rest != 0; rest &= rest - 1) {
        unread[Long.numberOfTrailingZeros(rest)]++;
      }
    }
    long behind = 0;
    for (int reader = 0; reader < MOST_READERS; reader++) {
      behind |= unread[reader] > Math.max(1, count / VERSIONS) ? 1L << reader : 0;
    }
    return behind;
  }

  /** Waits for {@code readers} no longer, in any slot. */
  synchronized void forget(long readers) {
    for (int slot = 0; slot < count && !isUnmapped(); slot++) {
      long _ = (long) STATE.getAndBitwiseAnd(memory.bytes(), stateAt(slot), ~readers);
    }
  }

  // What readers call.

  /** Whether {@code block} can be read by {@code reader}. */
  boolean holds(long ticket, long reader, FloatBlock block) {
    int slot = slot(ticket);
    return slot >= 0
        && slot < count
        && (long) block.length * block.floatBytes() <= slotBytes
        && isFor(state(slot), ticket, reader);
  }

  private static boolean isFor(long state, long ticket, long reader) {
    return (state & ~READERS) == claims(ticket) && (state & reader) != 0;
  }

  /** Copies a slot to where {@code block} says. */
  void read(long ticket, FloatBlock block) {
    block.copyFrom(memory.bytes(), at(slot(ticket)), 0, block.length);
  }

  /**
   * The reader will not read the slot any more.
   *
   * @return whether it was the reader's until now: what it copied is what was written for it
   */
  synchronized boolean release(long ticket, long reader) {
    if (isUnmapped()) {
      return false;
    }
    int slot = slot(ticket);
    long state = state(slot);
    while (isFor(state, ticket, reader)) {
      if (STATE.compareAndSet(memory.bytes(), stateAt(slot), state, state & ~reader)) {
        return true;
      }
      state = state(slot);
    }
    return false;
  }

  private long state(int slot) {
    return (long) STATE.getVolatile(memory.bytes(), stateAt(slot));
  }

  private static int slot(long ticket) {
    return (int) ticket;
  }

  private static long claims(long ticket) {
    return ticket >>> Integer.SIZE << Integer.SIZE;
  }

  private static long stateAt(int slot) {
    return STATES_AT + (long) slot * Long.BYTES;
  }

  private long at(int slot) {
    return slotsAt + (long) slot * slotBytes;
  }

  private boolean isUnmapped() {
    return closed && writing == 0;
  }

  private void unmapIfOver() {
    if (isUnmapped()) {
      memory.close();
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      unmapIfOver();
    }
  }
}
