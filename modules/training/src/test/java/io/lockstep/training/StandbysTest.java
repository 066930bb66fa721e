package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which nodes have copies of shards, and how they take over; nodes 1 and 2 have the shards. */
class StandbysTest {

  private static final long STEPS = 1_000;
  private static final int LEAD = 1;
  private static final int SECOND = 2;
  private static final int WORKER = 3;
  private static final int OTHER = 4;
  private static final int NEWCOMER = 5;

  private final RecordedOrders orders = new RecordedOrders();

  private RunCourse training(int shards) {
    RunCourse course =
        new RunCourse(
            new RunShape(
                2, shards, 0, STEPS, List.of(), 0, 0, EarlyStopping.OFF, Validations.NONE, 16, 1),
            orders);
    course.offer(LEAD, "lead", 0, 1);
    if (shards > 1) {
      course.offer(SECOND, "second", 0, 1);
    }
    course.offer(WORKER, "worker", 1, 0);
    course.offer(OTHER, "other", 1, 0);
    for (int node = LEAD; node <= OTHER; node++) {
      course.prepared(node);
    }
    for (int shard = 0; shard < shards; shard++) {
      course.opened(shard);
    }
    course.ready(WORKER);
    course.ready(OTHER);
    return course;
  }

  private RunCourse mirrored(int shards) {
    RunCourse course = training(shards);
    course.filled(shards > 1 ? SECOND : WORKER, 0, 0);
    if (shards > 1) {
      course.filled(LEAD, 1, 0);
    }
    orders.take();
    return course;
  }

  private static List<StepSums> sums(int steps) {
    return Collections.nCopies(steps, new StepSums(1, 1, 1, 1));
  }

  @Test
  void shardsMirrorEachOther() {
    training(2);

    assertThat(orders.take()).contains("mirror 2 shard 0", "mirror 1 shard 1");
  }

  @Test
  void theOnlyServersStandbyIsWithAWorker() {
    RunCourse course = training(1);
    assertThat(orders.take()).contains("mirror 3 shard 0");

    course.filled(WORKER, 0, 4);

    assertThat(orders.take()).containsExactly("worker MIRRORED at 0: shard 0");
  }

  @Test
  void aServerThatIsLostIsReplacedWhenAllHaveLetGoOfIt() {
    RunCourse course = mirrored(1);
    course.stepsDone(0, 7, sums(7));
    orders.take();

    course.lost(LEAD, "killed");
    assertThat(orders.take())
        .containsExactly("lead LOST at 7: killed", "forsake 3 shard 0", "forsake 4 shard 0");

    course.forsaken(OTHER, 0, 8, 1, 8);
    assertThat(orders.take()).isEmpty();

    course.forsaken(WORKER, 0, 7, 1, 7);
    assertThat(orders.take()).containsExactly("promote 3 shard 0 after step 8 plan 1, then 1");

    course.opened(0);
    assertThat(orders.take())
        .containsExactly(
            "reconnect 3 shard 0",
            "reconnect 4 shard 0",
            "worker TOOK_OVER at 7: shard 0 from lead",
            "mirror 4 shard 0");
  }

  /** Else nobody would tell of these steps where the run stands still after them. */
  @Test
  void whatAStandbyWasFilledWithIsReachedThoughItsServerHadNotTold() {
    RunCourse course = training(2);
    course.filled(SECOND, 0, 0);
    course.stepsDone(0, 4, sums(4));
    course.filled(LEAD, 1, 4);
    course.lost(SECOND, "killed");
    course.forsaken(WORKER, 1, 4, 1, 4);
    course.forsaken(OTHER, 1, 4, 1, 4);
    orders.take();

    course.opened(1);

    assertThat(orders.take()).contains("steps 0 to 3");
  }

  /** What it was filled with is no step that nobody has the sums of. */
  @Test
  void theLeadingShardsStandbyTellsNoStepTwice() {
    RunCourse course = training(2);
    course.stepsDone(0, 4, sums(4));
    course.stepsDone(1, 2, List.of());
    course.filled(SECOND, 0, 4);
    assertThat(orders.take()).contains("steps 0 to 1");
    course.lost(LEAD, "killed");
    course.forsaken(WORKER, 0, 4, 1, 4);
    course.forsaken(OTHER, 0, 4, 1, 4);
    course.opened(0);
    orders.take();

    course.stepsDone(1, 6, List.of());

    assertThat(orders.take()).contains("steps 2 to 3").doesNotContain("steps 4 to 5");
  }

  /** The one before had more, but it is gone. */
  @Test
  void onlyTheStandbyThatWasFilledLastCounts() {
    RunCourse course = training(2);
    course.filled(SECOND, 0, 0);
    course.stepsDone(0, 6, sums(6));
    course.filled(LEAD, 1, 5);
    course.standbyFailed(LEAD, 1, "no memory");
    assertThat(orders.take()).contains("mirror 3 shard 1");
    course.filled(WORKER, 1, 3);
    course.lost(SECOND, "killed");
    course.forsaken(WORKER, 1, 3, 1, 3);
    course.forsaken(OTHER, 1, 3, 1, 3);
    orders.take();

    course.opened(1);

    assertThat(orders.take()).contains("steps 0 to 2");
  }

  @Test
  void thePlanThatWasToBeginNextStillDoes() {
    RunCourse course = mirrored(1);
    course.offer(NEWCOMER, "newcomer", 1, 0);
    course.prepared(NEWCOMER);
    course.ready(NEWCOMER);
    for (int node : List.of(WORKER, OTHER, NEWCOMER)) {
      course.planKnown(node, 2);
    }
    assertThat(orders.take()).contains("activate 1 plan 2");

    course.lost(LEAD, "killed");
    for (int node : List.of(WORKER, OTHER, NEWCOMER)) {
      course.forsaken(node, 0, 3, 1, 3);
    }

    assertThat(orders.take()).contains("promote 3 shard 0 after step 3 plan 1, then 2");
  }

  @Test
  void aPlanThatHasBegunIsKnownFromWhoeverSawIt() {
    RunCourse course = mirrored(1);
    course.offer(NEWCOMER, "newcomer", 1, 0);
    course.prepared(NEWCOMER);
    course.ready(NEWCOMER);
    for (int node : List.of(WORKER, OTHER, NEWCOMER)) {
      course.planKnown(node, 2);
    }
    course.lost(LEAD, "killed");
    orders.take();

    course.forsaken(OTHER, 0, 6, 2, 6);
    course.forsaken(WORKER, 0, 5, 1, 5);
    course.forsaken(NEWCOMER, 0, -1, ShardHost.NO_PLAN, -1);

    assertThat(orders.take())
        .contains("newcomer JOINED at 6", "promote 3 shard 0 after step 6 plan 2, then 2");
  }

  @Test
  void withoutAFilledStandbyTheRunBreaksOff() {
    RunCourse course = training(1);
    orders.take();

    course.lost(LEAD, "killed");

    assertThat(orders.take()).contains("broken: lead was lost: killed");
  }

  /** Else steps would be missing in what is told. */
  @Test
  void aStandbyCountsOnceTheStepsBeforeItsOwnReportsWereTold() {
    RunCourse course = training(1);
    course.filled(WORKER, 0, 5);
    course.stepsDone(0, 4, sums(4));
    orders.take();

    course.lost(LEAD, "killed");

    assertThat(orders.take()).contains("broken: lead was lost: killed");
  }

  @Test
  void whatTheServerCouldNotTellItsStandbyHasTold() {
    RunCourse course = mirrored(1);

    course.stepsDone(0, 3, sums(3));
    course.stepsMirrored(0, 2, sums(2));
    course.stepsMirrored(0, 5, sums(3));
    assertThat(orders.take()).containsExactly("steps 0 to 2");

    course.lost(LEAD, "killed");
    course.forsaken(WORKER, 0, 5, 1, 5);
    course.forsaken(OTHER, 0, 5, 1, 5);
    course.opened(0);

    assertThat(orders.take()).contains("steps 3 to 4");
  }

  @Test
  void bothOfAShardAreTooMuch() {
    RunCourse course = mirrored(2);

    course.lost(LEAD, "killed");
    orders.take();
    course.lost(SECOND, "killed");

    assertThat(orders.take()).contains("broken: second was lost: killed");
  }

  @Test
  void aLostStandbyIsDoneWithoutAndReplaced() {
    RunCourse course = mirrored(1);

    course.lost(WORKER, "killed");

    assertThat(orders.take())
        .contains("go on 1 without standby of shard 0", "mirror 4 shard 0")
        .doesNotContain("drop standby 3 of shard 0");
  }

  @Test
  void aStandbyThatHoldsUpTheStepsIsDroppedAndAnotherOpened() {
    RunCourse course = mirrored(1);

    course.standbyLate(0);

    assertThat(orders.take())
        .containsExactly(
            "worker UNMIRRORED at 0: shard 0, it holds up the steps",
            "drop standby 3 of shard 0",
            "go on 1 without standby of shard 0",
            "mirror 4 shard 0");
  }

  @Test
  void whoCouldNotStandByIsAskedAgainAfterAWhile() {
    RunCourse course = training(1);
    course.lost(OTHER, "killed");
    orders.take();

    course.standbyFailed(WORKER, 0, "no memory");
    assertThat(orders.take()).doesNotContain("mirror 3 shard 0");

    course.stepsDone(0, 99, sums(99));
    assertThat(orders.take()).doesNotContain("mirror 3 shard 0");
    course.stepsDone(0, 100, sums(1));
    assertThat(orders.take()).contains("mirror 3 shard 0");
  }

  @Test
  void aServerThatWantsToGoHandsItsShardOver() {
    RunCourse course = mirrored(1);

    course.drain(LEAD);

    assertThat(orders.take())
        .containsExactly("close 1", "lead LEFT at 0", "forsake 3 shard 0", "forsake 4 shard 0");
  }

  @Test
  void aServerThatWantsToGoWaitsForItsStandby() {
    RunCourse course = training(1);
    orders.take();

    course.drain(LEAD);
    assertThat(orders.take()).isEmpty();

    course.filled(WORKER, 0, 0);
    assertThat(orders.take()).contains("close 1", "forsake 3 shard 0");
  }

  @Test
  void nobodyWaitsForTheAnswerOfALostNode() {
    RunCourse course = mirrored(1);
    course.lost(LEAD, "killed");
    course.forsaken(WORKER, 0, 2, 1, 2);
    orders.take();

    course.lost(OTHER, "killed");

    assertThat(orders.take()).contains("promote 3 shard 0 after step 2 plan 1, then 1");
  }

  @Test
  void aNewcomerThatKnewTheOldServerTurnsToTheNewOne() {
    RunCourse course = mirrored(1);
    course.offer(NEWCOMER, "newcomer", 1, 0);
    course.prepared(NEWCOMER);
    course.lost(LEAD, "killed");
    course.forsaken(WORKER, 0, 2, 1, 2);
    course.forsaken(OTHER, 0, 2, 1, 2);
    course.opened(0);
    orders.take();

    course.ready(NEWCOMER);

    assertThat(orders.take()).contains("reconnect 5 shard 0");
  }

  @Test
  void aNewcomerThatCouldNotReachTheOldServerTriesAgain() {
    RunCourse course = mirrored(1);
    course.offer(NEWCOMER, "newcomer", 1, 0);
    course.prepared(NEWCOMER);
    course.lost(LEAD, "killed");
    orders.take();

    course.refused(NEWCOMER, "connection refused");

    assertThat(orders.take()).containsExactly("close 5", "prepare 5");
  }

  @Test
  void aServerThatComesLaterStandsBy() {
    RunCourse course = training(1);
    course.lost(WORKER, "killed");
    course.standbyFailed(OTHER, 0, "no memory");
    orders.take();

    course.offer(NEWCOMER, "spare", 0, 1);
    course.prepared(NEWCOMER);

    assertThat(orders.take()).containsExactly("prepare 5", "mirror 5 shard 0");
  }
}
