package io.lockstep.forecast.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimThreadTest {

  private static final double MS = 1_000_000;

  private final EventQueue queue = new EventQueue();
  private final List<String> seen = new ArrayList<>();

  private Runnable note(String what) {
    return () -> seen.add(what + "@" + queue.nanos());
  }

  private void runAll() {
    while (queue.runNext()) {}
  }

  @Test
  void doesItsTasksOneAfterTheOther() {
    SimThread thread = new SimThread(queue, Cores.independent(queue, 1));
    thread.compute(100, note("a"));
    thread.submit(
        () -> {
          note("b").run();
          thread.charge(30);
        });
    thread.compute(5, note("c"));

    runAll();

    assertThat(seen).containsExactly("a@100", "b@100", "c@135");
    assertThat(thread.busyNanos()).isEqualTo(135);
    assertThat(thread.isBusy()).isFalse();
  }

  @Test
  void wakesBeforeItBeginsWhereItHadNothingToDo() {
    SimThread thread = new SimThread(queue, Cores.independent(queue, 1), 50);
    thread.compute(100, note("a"));
    thread.compute(10, note("b"));
    queue.at(1_000, () -> thread.compute(5, note("c")));

    runAll();

    assertThat(seen).containsExactly("a@150", "b@160", "c@1055");
    assertThat(thread.busyNanos()).isEqualTo(115);
  }

  @Test
  void computesForLongerAfterAPauseThanRightBehindAnotherTask() {
    SimThread thread = new SimThread(queue, Cores.independent(queue, 1), 50);
    thread.compute(10, 40, note("a"));
    thread.compute(10, 40, note("b"));
    queue.at(95, () -> thread.compute(10, 40, note("c")));
    queue.at(1_000, () -> thread.compute(10, 40, note("d")));

    runAll();

    assertThat(seen).containsExactly("a@90", "b@100", "c@110", "d@1090");
    assertThat(thread.busyNanos()).isEqualTo(100);
  }

  @Test
  void isAwakeAsSoonAsSomethingIsGivenToItForLater() {
    SimThread thread = new SimThread(queue, Cores.independent(queue, 1));
    thread.computeFrom(100, 10, 40, note("a"));
    thread.computeFrom(110, 10, 40, note("b"));
    assertThat(thread.isAwake()).isTrue();
    assertThat(thread.isBusy()).isFalse();

    runAll();

    assertThat(seen).containsExactly("a@140", "b@150");
    assertThat(thread.isAwake()).isFalse();
  }

  @Test
  void whatCodeSendsLeavesWhenWhatItHasCostSoFarIsOver() {
    SimThread thread = new SimThread(queue, Cores.independent(queue, 1));
    thread.submit(
        () -> {
          thread.charge(10);
          thread.send(note("first"));
          thread.charge(20);
          thread.send(note("second"));
          assertThat(thread.nanos()).isEqualTo(30);
        });
    thread.submit(note("next"));

    runAll();

    assertThat(seen).containsExactly("first@10", "second@30", "next@30");
  }

  /** What calls may be in the midst of something that must not be entered twice. */
  @Test
  void neverRunsATaskWithinWhatSubmitsIt() {
    SimThread one = new SimThread(queue, Cores.independent(queue, 2));
    SimThread other = new SimThread(queue, Cores.independent(queue, 2));
    one.submit(
        () -> {
          other.submit(note("other"));
          one.submit(note("own"));
          note("before").run();
        });

    runAll();

    assertThat(seen.getFirst()).isEqualTo("before@0");
    assertThat(seen).containsExactlyInAnyOrder("before@0", "other@0", "own@0");
  }

  @Test
  void isChargedOnlyWithinATask() {
    SimThread thread = new SimThread(queue, Cores.independent(queue, 1));

    assertThatThrownBy(() -> thread.charge(1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("thread: expected to be charged within a task");
  }

  @Test
  void sharesCoresEvenlyWithOtherThreads() {
    Cores cores = Cores.independent(queue, 2);
    for (int i = 0; i < 5; i++) {
      new SimThread(queue, cores).compute(MS, note("done"));
    }

    runAll();

    assertThat(seen).hasSize(5).containsOnly("done@2500000");
  }

  @Test
  void isAsFastAsOneOfAsManyThreads() {
    Cores cores = new Cores(queue, 2, 1, 0.8);
    new SimThread(queue, cores).compute(800, note("alone"));
    runAll();
    new SimThread(queue, cores).compute(800, note("one"));
    new SimThread(queue, cores).compute(800, note("other"));
    runAll();

    assertThat(seen).containsExactly("alone@800", "one@1800", "other@1800");
  }

  /** Three threads on two cores until the short one is done, then two: 1.125 ms exactly. */
  @Test
  void noticesAtOnceThatCoresAreFreeAgain() {
    Cores cores = Cores.independent(queue, 2);
    new SimThread(queue, cores).compute(MS, note("long"));
    new SimThread(queue, cores).compute(MS, note("long"));
    new SimThread(queue, cores).compute(MS / 4, note("short"));

    runAll();

    assertThat(seen.getFirst()).isEqualTo("short@375000");
    assertThat(queue.nanos()).isEqualTo(1_125_000);
  }

  /** Short work beside long work takes its share of a core only while it lasts. */
  @Test
  void isHeldUpByOthersOnlyForAsLongAsTheyCompute() {
    Cores cores = Cores.independent(queue, 1);
    SimThread other = new SimThread(queue, cores);
    new SimThread(queue, cores).compute(MS, note("long"));
    other.submit(note("free"));
    other.compute(1_000, note("short"));

    runAll();

    assertThat(seen).containsExactly("free@0", "short@2000", "long@1001000");
    assertThat(other.busyNanos()).isEqualTo(2_000);
  }

  @Test
  void refusesCoresWithoutASpeed() {
    assertThatThrownBy(() -> new Cores(queue, 2, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cores: expected at least one, and speeds above 0, found 2 and [1.0, 0.0]");
  }
}
