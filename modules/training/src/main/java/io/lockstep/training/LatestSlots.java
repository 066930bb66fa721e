package io.lockstep.training;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What waits for one receiver: of each slot (a bucket, or another thing that has versions) the two
 * newest versions, so that what waits for a slow one never grows. The lowest slot goes first, since
 * the first layers are needed first.
 *
 * <p>The newest alone would not do: a bucket's version v + 1 may be there while step v is still
 * open for others, and a worker that got it without v would compute that step on what it has
 * instead. Once v + 2 is there, step v is done everywhere.
 *
 * <p>Allocates nothing but at construction. Not thread-safe.
 *
 * @param <T> what waits
 */
public final class LatestSlots<T> {

  private final Consumer<? super T> drop;
  private final T[] newest;
  private final T[] older;
  private final long[] versions;
  private final int[] plans;
  private int lowest;

  /**
   * Nothing waits for any of {@code slots} slots.
   *
   * @param drop is given what waits no longer, since it is not wanted any more
   */
  @SuppressWarnings("unchecked") // Nothing but a T is put into them.
  public LatestSlots(int slots, Consumer<? super T> drop) {
    this.drop = drop;
    this.newest = (T[]) new Object[slots];
    this.older = (T[]) new Object[slots];
    this.versions = new long[slots];
    this.plans = new int[slots];
    this.lowest = slots;
  }

  /**
   * Has something wait, behind what waits of an older version, or in place of what waits of the
   * same version, or of newer ones. Only if that of the same version names a later plan, it stays.
   *
   * @param plan that it names; -1 for none
   * @return whether it waits now; else it was not taken, and is not dropped
   */
  public boolean put(int slot, long version, int plan, T value) {
    boolean waits = newest[slot] != null;
    if (waits && versions[slot] == version && plan < plans[slot]) {
      return false;
    }
    if (waits && versions[slot] != version) {
      drop(older, slot);
    }
    if (waits && versions[slot] < version) {
      older[slot] = newest[slot];
    } else {
      drop(newest, slot);
    }
    newest[slot] = value;
    versions[slot] = version;
    plans[slot] = plan;
    lowest = Math.min(lowest, slot);
    return true;
  }

  private void drop(T[] from, int slot) {
    if (from[slot] != null) {
      drop.accept(from[slot]);
      from[slot] = null;
    }
  }

  /** Takes what goes next; null if nothing waits. */
  public T next() {
    for (; lowest < newest.length; lowest++) {
      T[] from = older[lowest] != null ? older : newest;
      T value = from[lowest];
      if (value != null) {
        from[lowest] = null;
        return value;
      }
    }
    return null;
  }

  /** How much waits. */
  public int waiting() {
    return (int)
        Stream.of(newest, older).flatMap(Arrays::stream).filter(value -> value != null).count();
  }
}
