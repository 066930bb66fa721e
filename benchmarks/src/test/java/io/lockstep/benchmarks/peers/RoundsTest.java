package io.lockstep.benchmarks.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.benchmarks.Spread;
import io.lockstep.benchmarks.peers.Quiet.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RoundsTest {

  private static Rounds.Round round(double ours, double theirs, Verdict verdict) {
    return new Rounds.Round(Map.of("ours", ours, "theirs", theirs), verdict);
  }

  @Test
  void countsQuietRoundsOnly() {
    Rounds rounds =
        new Rounds(
            List.of(
                round(2, 1, Verdict.QUIET),
                round(900, 1, Verdict.OTHERS),
                round(4, 1, Verdict.QUIET),
                round(900, 1, Verdict.SLOW_CORE)));
    assertEquals(new Spread(2.5, 3, 3.5, 2), rounds.of("ours"));
    assertEquals("2 of 4 (slow core 1, others 1)", rounds.quiet());
  }

  @Test
  void countsAllRoundsIfNoneWasQuiet() {
    Rounds rounds = new Rounds(List.of(round(2, 1, Verdict.OTHERS), round(4, 1, Verdict.OTHERS)));
    assertEquals(3, rounds.of("ours").median());
    assertEquals("0 of 2 (others 2)", rounds.quiet());
  }

  /** The median of 2, 3 and 10, and not 30 to 10. */
  @Test
  void takesRatiosWithinRounds() {
    Rounds rounds =
        new Rounds(
            List.of(
                round(20, 10, Verdict.QUIET),
                round(30, 3, Verdict.QUIET),
                round(60, 20, Verdict.QUIET)));
    assertEquals(3, rounds.ratio("ours", "theirs").median());
  }
}
