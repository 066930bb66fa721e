package io.lockstep.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HeapRoomTest {

  private static final long MEGABYTE = 1 << 20;
  private static final long ALL = 100 * MEGABYTE;
  private static final long SMALL = 40 * MEGABYTE;
  private static final long LARGE = 1_000 * ALL;

  private final HeapRoom room = new HeapRoom(ALL);

  /** Each is done only when another is at its side. */
  private Integer bothTogether(CyclicBarrier both) {
    return room.with(
        SMALL,
        () -> {
          try {
            return both.await();
          } catch (Exception broken) {
            throw new IllegalStateException(broken);
          }
        });
  }

  /** A search that may come to a cluster of any size leaves small ones all cores. */
  @Test
  void smallOnesGoOnSideBySideBeforeAndAfterALargeOne() {
    CyclicBarrier both = new CyclicBarrier(2);
    Memo<Integer, Integer> pair = new Memo<>(_ -> bothTogether(both), SpareCores.of(1));

    assertThat(pair.getAll(List.of(1, 2))).containsExactlyInAnyOrder(0, 1);
    assertThat(room.with(LARGE, () -> 7)).isEqualTo(7);
    assertThat(pair.getAll(List.of(3, 4))).containsExactlyInAnyOrder(0, 1);
  }

  /** Of those of 40 in 100 no three go on at once, and beside one that needs all there is none. */
  @Test
  void noMoreGoOnThanThereIsRoomFor() {
    AtomicInteger taken = new AtomicInteger();
    List<Integer> sizes = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      sizes.add(i % 10 == 0 ? 1_000 : 40);
    }
    Memo<Integer, Boolean> all =
        new Memo<>(
            number ->
                room.with(
                    sizes.get(number) * MEGABYTE,
                    () -> {
                      int own = Math.min(100, sizes.get(number));
                      boolean fits = taken.addAndGet(own) <= 100;
                      LockSupport.parkNanos(10_000); // So that others come by meanwhile.
                      taken.addAndGet(-own);
                      return fits;
                    }),
            SpareCores.of(7));
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < sizes.size(); i++) {
      numbers.add(i);
    }

    assertThat(all.getAll(numbers)).hasSize(300).doesNotContain(false);
  }

  @Test
  void whoFailsGivesBackWhatItTook() {
    for (int times = 0; times < 3; times++) {
      assertThatThrownBy(
              () ->
                  room.with(
                      LARGE,
                      () -> {
                        throw new IllegalStateException("on purpose");
                      }))
          .hasMessage("on purpose");
    }

    assertThat(room.with(SMALL, () -> 1)).isEqualTo(1);
  }

  /** The smallest heap has room for one simulation. */
  @Test
  void oneCanAlwaysGoOn() {
    HeapRoom tiny = new HeapRoom(10);

    assertThat(tiny.with(LARGE, () -> 1)).isEqualTo(1);
    assertThat(tiny.with(0, () -> 2)).isEqualTo(2);
  }
}
