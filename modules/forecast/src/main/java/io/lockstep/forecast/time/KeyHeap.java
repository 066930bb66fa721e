package io.lockstep.forecast.time;

import java.util.Arrays;

/**
 * Entries by rising key, and of equal keys in the order in which they were added. A heap whose
 * nodes have four children, in arrays: half as deep as a binary one, and nothing is allocated for
 * an entry (Johnson 1975, "Priority queues with update and finding minimum spanning trees").
 */
public final class KeyHeap<T> {

  private static final int CHILDREN = 4;
  private static final int FIRST_CAPACITY = 64;

  private long[] keys = new long[FIRST_CAPACITY];
  private long[] numbers = new long[FIRST_CAPACITY];
  private Object[] entries = new Object[FIRST_CAPACITY];
  private int size;
  private long added;

  /** Number of entries. */
  public int size() {
    return size;
  }

  /** Whether there is no entry. */
  public boolean isEmpty() {
    return size == 0;
  }

  /** Adds an entry, behind those of the same key. */
  public void add(long key, T entry) {
    if (size == keys.length) {
      grow();
    }
    long number = added++;
    int at = size++;
    while (at > 0 && comesBefore(key, number, parent(at))) {
      move(parent(at), at);
      at = parent(at);
    }
    put(at, key, number, entry);
  }

  private void grow() {
    keys = Arrays.copyOf(keys, 2 * size);
    numbers = Arrays.copyOf(numbers, 2 * size);
    entries = Arrays.copyOf(entries, 2 * size);
  }

  /**
   * The least key.
   *
   * @throws IllegalStateException if there is no entry
   */
  public long firstKey() {
    requireEntry();
    return keys[0];
  }

  /**
   * Takes the entry of the least key.
   *
   * @throws IllegalStateException if there is none
   */
  @SuppressWarnings("unchecked") // Only a T is ever added.
  public T removeFirst() {
    requireEntry();
    T first = (T) entries[0];
    size--;
    Object last = entries[size];
    entries[size] = null;
    if (size > 0) {
      sink(keys[size], numbers[size], last);
    }
    return first;
  }

  private void requireEntry() {
    if (size == 0) {
      throw new IllegalStateException("heap: expected an entry, found none");
    }
  }

  /** Puts an entry in the place of the first, below all that come before it. */
  private void sink(long key, long number, Object entry) {
    int at = 0;
    int child = firstChild(at);
    while (child < size && !comesBefore(key, number, child)) {
      move(child, at);
      at = child;
      child = firstChild(at);
    }
    put(at, key, number, entry);
  }

  /** The child that comes before the others; {@link #size} or more if there is none. */
  private int firstChild(int at) {
    int first = CHILDREN * at + 1;
    int end = Math.min(first + CHILDREN, size);
    for (int child = first + 1; child < end; child++) {
      if (comesBefore(keys[child], numbers[child], first)) {
        first = child;
      }
    }
    return first;
  }

  private static int parent(int at) {
    return (at - 1) / CHILDREN;
  }

  private boolean comesBefore(long key, long number, int other) {
    return key < keys[other] || key == keys[other] && number < numbers[other];
  }

  private void move(int from, int to) {
    put(to, keys[from], numbers[from], entries[from]);
  }

  private void put(int at, long key, long number, Object entry) {
    keys[at] = key;
    numbers[at] = number;
    entries[at] = entry;
  }
}
