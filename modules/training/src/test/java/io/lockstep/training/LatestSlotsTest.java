package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LatestSlotsTest {

  private static final int NO_PLAN = -1;

  private final List<String> dropped = new ArrayList<>();
  private final LatestSlots<String> slots = new LatestSlots<>(3, dropped::add);

  private boolean put(int slot, long version, int plan) {
    return slots.put(slot, version, plan, "%d of %d, %d".formatted(slot, version, plan));
  }

  private List<String> taken() {
    List<String> taken = new ArrayList<>();
    for (String next = slots.next(); next != null; next = slots.next()) {
      taken.add(next);
    }
    assertThat(slots.waiting()).isZero();
    return taken;
  }

  @Test
  void theLowestSlotGoesFirst() {
    put(2, 1, NO_PLAN);
    put(0, 1, NO_PLAN);
    put(1, 1, NO_PLAN);

    assertThat(taken()).containsExactly("0 of 1, -1", "1 of 1, -1", "2 of 1, -1");
    assertThat(dropped).isEmpty();
  }

  /** Step 3 may still be open when a bucket has version 4: a worker needs both. */
  @Test
  void theTwoNewestVersionsWaitTheOlderFirst() {
    for (int version = 1; version <= 4; version++) {
      put(1, version, NO_PLAN);
    }

    assertThat(slots.waiting()).isEqualTo(2);
    assertThat(dropped).containsExactly("1 of 1, -1", "1 of 2, -1");
    assertThat(taken()).containsExactly("1 of 3, -1", "1 of 4, -1");
  }

  @Test
  void aVersionThatIsFallenBackToTakesThePlaceOfNewerOnes() {
    put(1, 3, NO_PLAN);
    put(1, 4, NO_PLAN);
    put(1, 3, 5);

    assertThat(dropped).containsExactlyInAnyOrder("1 of 3, -1", "1 of 4, -1");
    assertThat(taken()).containsExactly("1 of 3, 5");
  }

  @Test
  void ofTheSameVersionWhatNamesAPlanStays() {
    put(1, 2, NO_PLAN);
    assertThat(put(1, 3, 7)).isTrue();
    assertThat(put(1, 3, NO_PLAN)).isFalse();
    assertThat(dropped).isEmpty(); // What was not taken is still the caller's.
    assertThat(put(1, 3, 7)).isTrue();

    assertThat(dropped).containsExactly("1 of 3, 7");
    assertThat(taken()).containsExactly("1 of 2, -1", "1 of 3, 7");
  }

  @Test
  void aSlotThatWasEmptiedIsLookedAtAgain() {
    put(0, 1, NO_PLAN);
    assertThat(taken()).hasSize(1);
    put(0, 2, NO_PLAN);

    assertThat(taken()).containsExactly("0 of 2, -1");
  }
}
