package io.lockstep.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class MemoTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4})
  void worksEachAnswerOutOnce(int others) {
    var asked = new ConcurrentHashMap<Integer, AtomicInteger>();
    Memo<Integer, Integer> squares =
        new Memo<>(
            n -> {
              asked.computeIfAbsent(n, _ -> new AtomicInteger()).incrementAndGet();
              return n * n;
            },
            SpareCores.of(others));
    List<Integer> numbers = IntStream.range(0, 1_000).map(n -> n % 100).boxed().toList();

    List<Integer> answers = squares.getAll(numbers);

    assertThat(answers).isEqualTo(numbers.stream().map(n -> n * n).toList());
    assertThat(squares.get(7)).isEqualTo(49);
    assertThat(asked).hasSize(100);
    assertThat(asked.values()).allMatch(times -> times.get() == 1);
  }

  /** Each waits for the other one to be worked at. */
  @Test
  void othersHelp() {
    CyclicBarrier both = new CyclicBarrier(2);
    Memo<Integer, Integer> together =
        new Memo<>(
            n -> {
              await(both);
              return n;
            },
            SpareCores.of(1));

    assertThat(together.getAll(List.of(1, 2))).containsExactly(1, 2);
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception broken) {
      throw new IllegalStateException(broken);
    }
  }

  /** Answers that are made of answers, with fewer threads than wait. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4})
  void answersMayBeMadeOfOthers(int others) {
    var spare = SpareCores.of(others);
    Memo<Integer, Integer> parts = new Memo<>(n -> n, spare);
    Memo<Integer, Integer> sums =
        new Memo<>(
            n ->
                parts.getAll(IntStream.rangeClosed(1, n).boxed().toList()).stream()
                    .mapToInt(Integer::intValue)
                    .sum(),
            spare);

    assertThat(sums.getAll(List.of(50, 40, 30, 20, 10))).containsExactly(1275, 820, 465, 210, 55);
  }

  /** The one after it would take for ever, and those who help have not come to anything yet. */
  @Test
  void nobodyBeginsWithWhatComesAfterAFailure() {
    List<Runnable> helps = new ArrayList<>();
    List<Integer> begun = new ArrayList<>();
    Memo<Integer, Integer> failing =
        new Memo<>(
            n -> {
              begun.add(n);
              throw new IllegalArgumentException("number " + n);
            },
            helps::add);

    assertThatThrownBy(() -> failing.getAll(List.of(8, 4, 2, 1))).hasMessage("number 8");
    helps.forEach(Runnable::run);

    assertThat(helps).hasSize(3);
    assertThat(begun).containsExactly(8);
  }

  /** Who asks is at the first question until who helps has failed at the second. */
  @Test
  void whoHelpsAndFailsStopsWhoAsks() {
    CountDownLatch failed = new CountDownLatch(1);
    List<Integer> begun = new CopyOnWriteArrayList<>();
    Memo<Integer, Integer> failing =
        new Memo<>(
            n -> {
              begun.add(n);
              if (n == 4) {
                throw new IllegalArgumentException("number 4");
              }
              await(failed);
              return n;
            },
            help ->
                new Thread(
                        () -> {
                          help.run();
                          failed.countDown();
                        })
                    .start());

    assertThatThrownBy(() -> failing.getAll(List.of(8, 4))).hasMessage("number 4");
    assertThatThrownBy(() -> failing.getAll(List.of(8, 4, 2, 1))).hasMessage("number 4");
    assertThat(begun).containsExactlyInAnyOrder(8, 4);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException stopped) {
      throw new IllegalStateException(stopped);
    }
  }

  /** Which question is told of does not depend on who is faster. */
  @Test
  void theFirstFailureIsToldOf() {
    CyclicBarrier both = new CyclicBarrier(2);
    Memo<Integer, Integer> failing =
        new Memo<>(
            n -> {
              await(both);
              throw new IllegalArgumentException("number " + n);
            },
            SpareCores.of(1));

    assertThatThrownBy(() -> failing.getAll(List.of(2, 1))).hasMessage("number 2");
  }

  @Test
  void whatFailsFailsForEachWhoAsks() {
    Memo<Integer, Integer> failing =
        new Memo<>(
            n -> {
              throw new IllegalArgumentException("number " + n);
            },
            SpareCores.of(1));

    for (int times = 0; times < 2; times++) {
      assertThatThrownBy(() -> failing.getAll(List.of(3, 4)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("number 3");
    }
  }
}
