package io.lockstep.forecast;

import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * The memory that simulations have in common. Each takes what it may need before it begins, and
 * waits until there is as much, in the order in which they came: so a large one is not passed by
 * small ones for ever, and small ones go on side by side whatever else may be begun. One that may
 * need more than there is takes all, and goes on alone. Who has taken its part waits for nobody
 * that has not, so nobody waits in a circle. Thread-safe.
 */
public final class HeapRoom {

  /** The part of the heap, as 1 / share: the collector needs room, and data are there, too. */
  private static final int SHARE = 2;

  /** What is taken is a multiple of this. */
  private static final long UNIT_BYTES = 1 << 20;

  private final int units;
  private final Semaphore free;

  /**
   * @param bytes of all simulations together
   */
  public HeapRoom(long bytes) {
    this.units = units(bytes);
    this.free = new Semaphore(units, true);
  }

  /** Half of this JVM's largest heap. */
  public static HeapRoom ofProcess() {
    return new HeapRoom(Runtime.getRuntime().maxMemory() / SHARE);
  }

  private static int units(long bytes) {
    return Math.clamp(bytes / UNIT_BYTES, 1, Integer.MAX_VALUE);
  }

  /**
   * Works while so much is taken, once it is there.
   *
   * @param work takes no part of its own
   */
  public <T> T with(long bytes, Supplier<T> work) {
    int taken = Math.min(units(bytes), units);
    free.acquireUninterruptibly(taken);
    try {
      return work.get();
    } finally {
      free.release(taken);
    }
  }
}
