package io.lockstep.wire;

import io.lockstep.training.GradientFormat;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Optional;

/**
 * The memory in which new versions of a shard stand, once for all workers of the machine.
 * Thread-safe.
 */
final class SharedWeights implements AutoCloseable {

  private final SharedSlots slots;
  private long numbers;

  private SharedWeights(SharedSlots slots) {
    this.slots = slots;
  }

  /** Empty where there is no shared memory. */
  static Optional<SharedWeights> create(DataFrames data) {
    return SharedSlots.create(data.bucketCount(), data.mostFloats()).map(SharedWeights::new);
  }

  /** A worker that may read; guarded by the memory that it reads. */
  static final class Reader {
    private final int number;
    private boolean reads;
    private boolean left;

    private Reader(int number) {
      this.number = number;
    }

    private long bit() {
      return 1L << number;
    }
  }

  /** Lets a worker read as soon as it says that it does; empty if there are too many. */
  synchronized Optional<Reader> join(Sharing sharing) {
    int number = Long.numberOfTrailingZeros(~numbers);
    if (number >= SharedSlots.MOST_READERS) {
      return Optional.empty();
    }
    Reader reader = new Reader(number);
    numbers |= reader.bit();
    sharing.offer(slots.share(number), () -> reads(reader));
    return Optional.of(reader);
  }

  private synchronized void reads(Reader reader) {
    reader.reads = true;
  }

  /** A worker is gone. Its number may be another's at once. */
  synchronized void leave(Reader reader) {
    if (!reader.left) {
      reader.left = true;
      numbers &= ~reader.bit();
      slots.forget(reader.bit());
    }
  }

  /**
   * Writes {@code values[at, at + length)} for those of {@code workers} that read, and are not far
   * behind: one that was stopped must not keep what the others need.
   *
   * @return where it stands, and for whom; nothing if for nobody, or there is no room
   */
  Written write(List<WorkerConnection> workers, float[] values, int at, int length) {
    long wanted = inTime(workers);
    long ticket = wanted == 0 ? SharedSlots.NONE : slots.claim();
    if (ticket == SharedSlots.NONE) {
      return Written.NOTHING;
    }
    long readers = 0;
    try {
      slots.write(ticket, values, at, length, GradientFormat.FLOAT32);
      readers = wanted;
    } finally {
      readers = publish(ticket, workers, readers);
    }
    return new Written(this, ticket, readers);
  }

  private synchronized long inTime(List<WorkerConnection> workers) {
    long readers = readers(workers);
    return readers & ~slots.behind(readers);
  }

  /** One of those that were to read may have left meanwhile. */
  private synchronized long publish(long ticket, List<WorkerConnection> workers, long wanted) {
    return slots.publish(ticket, readers(workers) & wanted);
  }

  private static long readers(List<WorkerConnection> workers) {
    long readers = 0;
    for (WorkerConnection worker : workers) {
      Reader reader = worker.reader();
      readers |= reader != null && reader.reads && !reader.left ? reader.bit() : 0;
    }
    return readers;
  }

  private synchronized void release(long ticket, Reader reader) {
    if (!reader.left) {
      slots.release(ticket, reader.bit());
    }
  }

  @Override
  public void close() {
    slots.close();
  }

  /**
   * What was written.
   *
   * @param readers a bit for each
   */
  record Written(SharedWeights weights, long ticket, long readers) {

    static final Written NOTHING = new Written(null, SharedSlots.NONE, 0);

    boolean isFor(Reader reader) {
      return reader != null && (readers & reader.bit()) != 0;
    }

    /** What is sent to one of them; {@code frame} is taken over. */
    Outgoing notice(Reader reader, ByteBuf frame, int sharedBytes) {
      return new Notice(this, reader, frame, sharedBytes);
    }
  }

  private record Notice(Written written, Reader reader, ByteBuf frame, int sharedBytes)
      implements Outgoing {

    @Override
    public int bytes() {
      return frame.readableBytes();
    }

    @Override
    public ByteBuf encode() {
      return frame;
    }

    @Override
    public void drop() {
      frame.release();
      written.weights.release(written.ticket, reader);
    }
  }
}
