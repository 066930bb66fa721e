package io.lockstep.benchmarks.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.benchmarks.peers.Quiet.Mark;
import io.lockstep.benchmarks.peers.Quiet.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

final class QuietTest {

  private static final long SECOND = 1_000_000_000;

  private static Mark mark(double gigaflops, long busyTicks, long ownTicks, long nanos) {
    return new Mark(gigaflops, new CpuTimes(busyTicks, ownTicks, nanos));
  }

  private static Verdict verdict(Mark after) {
    return Quiet.verdict(mark(100, 0, 0, 0), after, 100);
  }

  @Test
  void isQuietIfOnlyWeWork() {
    assertEquals(Verdict.QUIET, verdict(mark(96, 1_000, 1_000, 10 * SECOND)));
  }

  @Test
  void noticesASlowCore() {
    assertEquals(Verdict.SLOW_CORE, verdict(mark(94, 1_000, 1_000, 10 * SECOND)));
  }

  /** In 10 s others may have 5 % of a core, 0.5 s, and what the counting is uncertain by. */
  @Test
  void noticesOthers() {
    assertEquals(Verdict.QUIET, verdict(mark(100, 1_000, 946, 10 * SECOND)));
    assertEquals(Verdict.OTHERS, verdict(mark(100, 1_000, 944, 10 * SECOND)));
  }

  @Test
  void countsTheTicksOfTheCoresInUse() {
    List<String> stat =
        List.of(
            "cpu  9 9 9 9 9 9 9 9 0 0",
            "cpu0 500 0 0 1 1 0 0 0 0 0",
            "cpu1 10 20 30 4000 5000 600 700 80 0 0",
            "intr 7");
    assertEquals(140, CpuTimes.busy(stat, Cores.parse("1")));
    assertEquals(640, CpuTimes.busy(stat, Cores.parse("0-1")));
  }

  @Test
  void readsAProcessWhoseNameIsAwkward() {
    String stat = "12 (a) b (c) S 1 2 3 4 5 6 7 8 9 10 100 20 3 4 20 0 1 0 5";
    assertEquals(127, CpuTimes.ticks(stat));
  }

  @Test
  void readsListsOfCores() {
    assertEquals(List.of(0, 1, 2, 5), Cores.parse("0-2,5").numbers());
    assertEquals(List.of(2, 5), Cores.parse("0-2,5").last(2).numbers());
    assertEquals(List.of("taskset", "-c", "2,5"), Cores.parse("2,5").pin());
  }
}
