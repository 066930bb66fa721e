package io.lockstep.forecast.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RepetitionsTest {

  private final Repetitions repetitions = new Repetitions(2.5, 3, 40);
  private long now;

  /** How often something is done that takes so long. */
  private int rounds(double seconds) {
    List<Integer> numbers = new ArrayList<>();
    repetitions.run(
        number -> {
          numbers.add(number);
          now += (long) (seconds * TimeUnit.SECONDS.toNanos(1));
        },
        () -> now);
    assertThat(numbers).isEqualTo(IntStream.range(0, numbers.size()).boxed().toList());
    return numbers.size();
  }

  @Test
  void goOnForTheirTime() {
    assertThat(rounds(0.5)).isEqualTo(5);
    assertThat(rounds(0.4)).isEqualTo(7);
  }

  @Test
  void areTheLeastAnyway() {
    assertThat(rounds(2)).isEqualTo(3);
    assertThat(rounds(100)).isEqualTo(3);
  }

  @Test
  void areNoMoreThanTheMost() {
    assertThat(rounds(0.01)).isEqualTo(40);
    assertThat(rounds(0)).isEqualTo(40);
  }

  /** A clock may be negative, or begin anew there. */
  @Test
  void goByAnyClock() {
    now = Long.MAX_VALUE - 1000;
    assertThat(rounds(0.5)).isEqualTo(5);
  }
}
