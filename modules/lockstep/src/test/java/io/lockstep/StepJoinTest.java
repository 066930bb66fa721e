package io.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.StepJoin.Joined;
import io.lockstep.model.StepParts;
import io.lockstep.training.StepTimes.Sample;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StepJoinTest {

  private static final long MS = 1_000_000;
  private static final double EXACT = 1e-9;

  /** Steps of a report. */
  private static final int REPORT = 10;

  private final StepJoin join = new StepJoin(REPORT);

  /** How many workers take part in a step. */
  private int of = 1;

  /** Of one worker of {@link #of}; times in ms. */
  private Sample worker(long step, long compute, long give, long wait, long add) {
    return new Sample(step, 1, of, compute * MS, give * MS, wait * MS, wait * MS, add * MS, 0);
  }

  private static Sample server(long step, long serve) {
    return new Sample(step, 0, 0, 0, 0, 0, 0, 0, serve * MS);
  }

  private Joined all() {
    return join.rest(REPORT).getFirst();
  }

  @Test
  void partsAddUpToTheTimeOfAStep() {
    of = 2;
    join.add(0, List.of(worker(5, 10, 2, 8, 1)));
    join.add(1, List.of(worker(5, 14, 2, 4, 1)));
    join.add(2, List.of(server(5, 3)));

    Joined joined = all();
    assertThat(joined).isEqualTo(new Joined(10, 1, new StepParts(12, 1, 1 + 3, 4 - 3, 2)));
    assertThat(joined.parts().total()).isCloseTo(20, within(EXACT));
  }

  /** Three wait for the fourth, which waits for nobody. */
  @Test
  void aSlowWorkerShowsInTheWaitingOfOthers() {
    of = 4;
    for (int node = 0; node < 3; node++) {
      join.add(node, List.of(worker(1, 10, 0, 30, 0)));
    }
    join.add(3, List.of(worker(1, 40, 0, 0, 0)));

    assertThat(all()).isEqualTo(new Joined(10, 1, new StepParts(17.5, 0, 0, 0, 22.5)));
  }

  /** Nobody knows when the server added: for all of the waiting, or while workers computed. */
  @Test
  void addingIsAwaitedAtMostAsLongAsTheWorkerThatWaitsLeast() {
    join.add(0, List.of(worker(1, 10, 0, 2, 0), server(1, 50)));

    assertThat(all()).isEqualTo(new Joined(10, 1, new StepParts(10, 0, 2, 0, 0)));
  }

  /** Others add at the same time. */
  @Test
  void theNodeThatAddsLongestCounts() {
    join.add(0, List.of(worker(1, 10, 0, 9, 0)));
    join.add(1, List.of(server(1, 3)));
    join.add(2, List.of(server(1, 5)));

    assertThat(all().parts().aggregation()).isEqualTo(5);
  }

  /** Whether it tells of both shards at once or not. */
  @Test
  void shardsOfOneNodeAddOneAfterTheOther() {
    join.add(0, List.of(worker(1, 10, 0, 9, 0), worker(2, 10, 0, 9, 0)));
    join.add(1, List.of(server(1, 3), server(1, 4), server(2, 3)));
    join.add(1, List.of(server(2, 4)));
    join.add(2, List.of(server(1, 5), server(2, 5)));

    assertThat(all()).isEqualTo(new Joined(10, 2, new StepParts(10, 0, 7, 2, 0)));
  }

  @Test
  void stepsOfWhichNotAllHaveToldAreLeftOut() {
    of = 2;
    join.add(0, List.of(worker(1, 10, 0, 0, 0), worker(2, 20, 0, 0, 0)));
    join.add(1, List.of(worker(2, 40, 0, 0, 0)));

    assertThat(all()).isEqualTo(new Joined(10, 1, new StepParts(30, 0, 0, 0, 0)));
  }

  /** One of two nodes is silent: nobody knows who waited for whom. */
  @Test
  void aStepIsNotToldByAPartOfItsWorkers() {
    of = 2;
    join.add(0, List.of(worker(1, 10, 0, 0, 0)));

    assertThat(join.rest(REPORT)).isEmpty();
  }

  @Test
  void aReportIsCompleteWithTheThirdMessageAfterItsLastStepAndThenOver() {
    of = 2;
    assertThat(join.add(0, List.of(worker(8, 10, 0, 0, 0), worker(9, 10, 0, 0, 0)))).isEmpty();
    assertThat(join.add(1, List.of(worker(8, 20, 0, 0, 0)))).isEmpty();
    assertThat(join.add(0, List.of(worker(10, 30, 0, 0, 0)))).isEmpty();
    assertThat(join.add(0, List.of(worker(11, 30, 0, 0, 0))))
        .containsExactly(new Joined(10, 1, new StepParts(15, 0, 0, 0, 0)));
    join.add(1, List.of(worker(9, 20, 0, 0, 0))); // Too late.
    join.add(1, List.of(worker(10, 50, 0, 0, 0)));

    assertThat(join.rest(12)).containsExactly(new Joined(12, 1, new StepParts(40, 0, 0, 0, 0)));
    assertThat(join.rest(12)).isEmpty();
  }

  /** So that parts and speed are of the same steps: of those of no other report. */
  @Test
  void stepsOfSeveralReportsAreToldOneByOne() {
    join.add(0, List.of(worker(9, 90, 0, 0, 0), worker(10, 4, 0, 0, 0), worker(19, 6, 0, 0, 0)));
    join.add(0, List.of(worker(20, 7, 0, 0, 0)));

    assertThat(join.add(0, List.of(worker(21, 9, 0, 0, 0))))
        .containsExactly(
            new Joined(10, 1, new StepParts(90, 0, 0, 0, 0)),
            new Joined(20, 2, new StepParts(5, 0, 0, 0, 0)));
    assertThat(join.rest(22)).containsExactly(new Joined(22, 2, new StepParts(8, 0, 0, 0, 0)));
  }

  @Test
  void serversAloneSayNothingOfAStep() {
    join.add(0, List.of(server(1, 5)));

    assertThat(join.rest(REPORT)).isEmpty();
  }
}
