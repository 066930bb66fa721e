package io.lockstep.forecast.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.kernels.CounterRandom;
import io.lockstep.kernels.CounterRandom.Purpose;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;

class KeyHeapTest {

  private record Entry(long key, int number) {}

  /** Beside the JDK's queue, over entries of few keys, added and taken in random order. */
  @Test
  void givesEntriesByKeyAndThenAsTheyWereAdded() {
    KeyHeap<Entry> heap = new KeyHeap<>();
    PriorityQueue<Entry> reference =
        new PriorityQueue<>(Comparator.comparing(Entry::key).thenComparing(Entry::number));
    for (int i = 0; i < 20_000; i++) {
      long bits = CounterRandom.bits(7, Purpose.STRAGGLERS, 0, i);
      boolean adds = (bits & 7) < (i < 12_000 ? 5 : 3); // Grows, then shrinks.
      if (adds) {
        Entry entry = new Entry(bits >>> 56, i);
        heap.add(entry.key(), entry);
        reference.add(entry);
      } else if (!reference.isEmpty()) {
        assertThat(heap.firstKey()).isEqualTo(reference.peek().key());
        assertThat(heap.removeFirst()).isEqualTo(reference.poll());
      }
      assertThat(heap.size()).isEqualTo(reference.size());
    }
    assertThat(reference.size()).isPositive();
    while (!reference.isEmpty()) {
      assertThat(heap.removeFirst()).isEqualTo(reference.poll());
    }
    assertThat(heap.isEmpty()).isTrue();
  }

  @Test
  void saysThatItIsEmpty() {
    KeyHeap<String> heap = new KeyHeap<>();
    heap.add(1, "one");
    heap.removeFirst();

    assertThatThrownBy(heap::removeFirst).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(heap::firstKey).hasMessage("heap: expected an entry, found none");
  }
}
