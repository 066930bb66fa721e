package io.lockstep.wire;

import io.lockstep.training.GradientFormat;
import java.util.Optional;

/**
 * The memory in which a node's gradients stand for one server of its machine: compute threads copy
 * them there themselves, while they are still in their core's cache. Thread-safe.
 */
final class SharedGradients implements AutoCloseable {

  private static final int SERVER = 0;
  private static final long SERVER_BIT = 1L << SERVER;

  private final SharedSlots slots;
  private volatile boolean read;

  private SharedGradients(SharedSlots slots) {
    this.slots = slots;
  }

  /** Empty where there is no shared memory. */
  static Optional<SharedGradients> create(DataFrames data) {
    return SharedSlots.create(data.bucketCount(), data.mostFloats()).map(SharedGradients::new);
  }

  /** Offers it to the server, and uses it when the server says that it reads it. */
  void offer(Sharing sharing) {
    sharing.offer(slots.share(SERVER), this::accepted);
  }

  private void accepted() {
    slots.closeToPeers();
    read = true;
  }

  /**
   * Writes {@code values[at, at + length)}.
   *
   * @return the ticket of its slot; {@link SharedSlots#NONE} if the server does not read, or there
   *     is no room
   */
  long write(float[] values, int at, int length, GradientFormat format) {
    long ticket = read ? slots.claim() : SharedSlots.NONE;
    if (ticket == SharedSlots.NONE) {
      return ticket;
    }
    long readers = 0;
    try {
      slots.write(ticket, values, at, length, format);
      readers = SERVER_BIT;
    } finally {
      readers = slots.publish(ticket, readers);
    }
    return readers == 0 ? SharedSlots.NONE : ticket;
  }

  @Override
  public void close() {
    slots.close();
  }
}
