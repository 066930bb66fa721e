package io.lockstep.forecast.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LatestOutboxTest {

  private static final int NO_PLAN = -1;

  private final LatestOutbox outbox = new LatestOutbox(3);
  private final List<String> sent = new ArrayList<>();

  private void offer(int slot, long version, int plan) {
    String what = "%d of %d under %d".formatted(slot, version, plan);
    outbox.offer(slot, version, plan, new Frame(1, () -> sent.add(what)));
  }

  private List<String> drain() {
    sent.clear();
    for (Frame frame = outbox.next(); frame != null; frame = outbox.next()) {
      frame.arrived().run();
    }
    return sent;
  }

  @Test
  void givesTheLowestSlotFirst() {
    offer(2, 1, NO_PLAN);
    offer(0, 1, NO_PLAN);
    offer(1, 1, NO_PLAN);

    assertThat(drain()).containsExactly("0 of 1 under -1", "1 of 1 under -1", "2 of 1 under -1");
    assertThat(drain()).isEmpty();
  }

  @Test
  void keepsTheTwoNewestVersions() {
    for (int version = 1; version <= 4; version++) {
      offer(1, version, NO_PLAN);
    }

    assertThat(drain()).containsExactly("1 of 3 under -1", "1 of 4 under -1");
  }

  @Test
  void aVersionThatFallsBackTakesThePlaceOfNewerOnes() {
    offer(1, 3, NO_PLAN);
    offer(1, 4, NO_PLAN);
    offer(1, 3, NO_PLAN);

    assertThat(drain()).containsExactly("1 of 3 under -1");
  }

  @Test
  void whatNamesAPlanStaysBesideWhatNamesNone() {
    offer(1, 3, 7);
    offer(1, 3, NO_PLAN);
    offer(0, 3, NO_PLAN);
    offer(0, 3, 7);

    assertThat(drain()).containsExactly("0 of 3 under 7", "1 of 3 under 7");
  }

  @Test
  void aSlotThatWasEmptiedIsLookedAtAgain() {
    offer(0, 1, NO_PLAN);
    drain();
    offer(0, 2, NO_PLAN);

    assertThat(drain()).containsExactly("0 of 2 under -1");
  }
}
