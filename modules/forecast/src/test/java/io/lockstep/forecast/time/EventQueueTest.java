package io.lockstep.forecast.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventQueueTest {

  private final EventQueue queue = new EventQueue();
  private final List<String> seen = new ArrayList<>();

  private Runnable note(String what) {
    return () -> seen.add(what + "@" + queue.nanos());
  }

  private void runAll() {
    while (queue.runNext()) {}
  }

  @Test
  void letsEventsHappenInTheOrderOfTheirTimesAndThenOfAsking() {
    queue.at(20, note("c"));
    queue.at(10, note("a"));
    queue.at(20, note("d"));
    queue.at(10, note("b"));

    runAll();

    assertThat(seen).containsExactly("a@10", "b@10", "c@20", "d@20");
    assertThat(queue.happened()).isEqualTo(4);
  }

  @Test
  void anEventForNowComesAfterAllThatIsToHappenNow() {
    queue.at(
        5,
        () -> {
          note("first").run();
          queue.after(0, note("third"));
        });
    queue.at(5, note("second"));

    runAll();

    assertThat(seen).containsExactly("first@5", "second@5", "third@5");
  }

  @Test
  void runsUpToATimeThatIsThenTheTime() {
    queue.at(10, note("a"));
    queue.at(11, note("b"));

    queue.runUntil(10);

    assertThat(seen).containsExactly("a@10");
    queue.runUntil(50);
    assertThat(seen).containsExactly("a@10", "b@11");
    assertThat(queue.nanos()).isEqualTo(50);
  }

  @Test
  void refusesAnEventOfThePast() {
    queue.runUntil(10);

    assertThatThrownBy(() -> queue.at(9, note("late")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("event: expected a time from 10 ns on, found 9 ns");
  }

  @Test
  void anAlarmRingsOnceAtTheLastTimeThatItWasSetTo() {
    Alarm alarm = new Alarm(queue, note("ring"));
    alarm.set(10);
    alarm.set(30); // Put off.
    alarm.set(20); // Brought forward.
    queue.at(15, () -> alarm.set(18));
    queue.at(16, () -> alarm.set(40));

    runAll();

    assertThat(seen).containsExactly("ring@40");
  }

  @Test
  void anAlarmThatWasCalledOffRingsNotUntilItIsSetAgain() {
    Alarm alarm = new Alarm(queue, note("ring"));
    alarm.set(10);
    alarm.cancel();
    queue.runUntil(10);
    assertThat(seen).isEmpty();

    alarm.set(12);
    runAll();

    assertThat(seen).containsExactly("ring@12");
  }

  @Test
  void anAlarmMaySetItself() {
    Alarm[] alarm = new Alarm[1];
    alarm[0] =
        new Alarm(
            queue,
            () -> {
              note("ring").run();
              if (queue.nanos() < 30) {
                alarm[0].set(queue.nanos() + 10);
              }
            });
    alarm[0].set(10);

    runAll();

    assertThat(seen).containsExactly("ring@10", "ring@20", "ring@30");
  }
}
