package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RemainingRunsTest {

  @Test
  void theRunsToComeTakeAsLongAsThoseBefore() {
    Iterator<Long> seconds = List.of(100L, 110L, 130L, 150L).iterator();
    RemainingRuns remaining = new RemainingRuns(3, () -> seconds.next() * 1_000_000_000L);
    assertThat(remaining.afterOne()).isEqualTo("  (1 of 3, 0:20 left)");
    assertThat(remaining.afterOne()).isEqualTo("  (2 of 3, 0:15 left)");
    assertThat(remaining.afterOne()).isEmpty();
  }

  @Test
  void runsThatWereThereSayNothingOfThoseToCome() {
    Iterator<Long> seconds = List.of(100L, 100L, 120L, 140L).iterator();
    RemainingRuns remaining = new RemainingRuns(4, () -> seconds.next() * 1_000_000_000L);
    assertThat(remaining.afterOneThatWasThere()).isEqualTo("  (1 of 4, -:-- left)");
    assertThat(remaining.afterOne()).isEqualTo("  (2 of 4, 0:40 left)");
    assertThat(remaining.afterOne()).isEqualTo("  (3 of 4, 0:20 left)");
  }
}
