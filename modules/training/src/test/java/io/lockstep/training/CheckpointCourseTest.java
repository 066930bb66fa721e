package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * When the course of a run names versions to be checkpointed, and what it makes of the answers.
 * Nodes 1 and 2 have a shard each, node 3 computes.
 */
class CheckpointCourseTest {

  private static final long STEPS = 30;
  private static final int WORKER = 3;

  private final RecordedOrders orders = new RecordedOrders();

  private RunCourse course(long first, long every, long epoch) {
    RunCourse course =
        new RunCourse(
            new RunShape(
                1,
                2,
                first,
                STEPS,
                List.of(),
                every,
                epoch,
                EarlyStopping.OFF,
                Validations.NONE,
                16,
                0),
            orders);
    course.offer(1, "a", 0, 1);
    course.offer(2, "b", 0, 1);
    course.offer(WORKER, "worker", 1, 0);
    course.prepared(1);
    course.prepared(2);
    course.prepared(WORKER);
    course.opened(0);
    course.opened(1);
    return course;
  }

  private RunCourse training(long every, long epoch) {
    RunCourse course = course(0, every, epoch);
    course.ready(WORKER);
    return course;
  }

  /** Both shards have done steps up to {@code version}. */
  private static void reach(RunCourse course, long from, long version) {
    int steps = (int) (version - from);
    course.stepsDone(1, version, List.of());
    course.stepsDone(0, version, Collections.nCopies(steps, new StepSums(1, 1, 1, 1)));
  }

  private static void taken(RunCourse course, long version) {
    course.snapshotTaken(0, version);
    course.snapshotTaken(1, version);
  }

  @Test
  void namesAVersionBeforeTheFirstStepAndTheNextWhenThatIsKept() {
    RunCourse course = training(10, 0);
    assertThat(orders.take())
        .containsSubsequence("snapshot 1 at 10", "snapshot 2 at 10", "activate 1 plan 1 start");
    taken(course, 10);
    reach(course, 0, 12);
    assertThat(orders.take()).containsExactly("steps 0 to 9", "checkpoint 10", "steps 10 to 11");

    course.checkpointKept(10);

    assertThat(orders.take()).containsExactly("snapshot 1 at 20", "snapshot 2 at 20");
  }

  @Test
  void namesTheEndsOfEpochsToo() {
    RunCourse course = training(10, 8);
    assertThat(orders.take()).contains("snapshot 1 at 8");
    taken(course, 8);
    reach(course, 0, 8);
    orders.take();

    course.checkpointKept(8);

    assertThat(orders.take()).containsExactly("snapshot 1 at 10", "snapshot 2 at 10");
  }

  @Test
  void leavesOutVersionsThatComeWhileOneIsKept() {
    RunCourse course = training(5, 0);
    taken(course, 5);
    reach(course, 0, 17);
    orders.take();

    course.checkpointKept(5);

    assertThat(orders.take()).containsExactly("snapshot 1 at 20", "snapshot 2 at 20");
  }

  @Test
  void namesAnotherFurtherAheadWhereAShardHasGoneOn() {
    RunCourse course = training(0, 0);
    reach(course, 0, 3);
    orders.take();

    course.checkpoint();
    assertThat(orders.take()).containsExactly("snapshot 1 at 4", "snapshot 2 at 4");
    course.snapshotTaken(0, 4);
    course.snapshotMissed(4);
    assertThat(orders.take()).containsExactly("snapshot 1 at 5", "snapshot 2 at 5");
    reach(course, 3, 6);
    assertThat(orders.take())
        .containsExactly("steps 3 to 4", "snapshot 1 at 9", "snapshot 2 at 9", "steps 5 to 5");
    course.snapshotMissed(5); // The answer to what is not asked any more.
    taken(course, 9);
    reach(course, 6, 9);
    assertThat(orders.take()).containsExactly("steps 6 to 8", "checkpoint 9");
    course.checkpointKept(9);
    assertThat(orders.take()).isEmpty();
  }

  @Test
  void theLastVersionIsCheckpointedBeforeTheRunEnds() {
    RunCourse course = training(20, 0);
    reach(course, 0, STEPS);
    orders.take();
    course.left(WORKER, List.of(5L), DataPlane.Traffic.NONE);
    assertThat(orders.take())
        .containsExactly("limit evaluating", "snapshot 1 at 30", "snapshot 2 at 30", "trained 30");
    course.weightsKept();
    assertThat(orders.take()).isEmpty();
    taken(course, 30);
    assertThat(orders.take()).containsExactly("checkpoint 30");

    course.checkpointKept(30);

    assertThat(orders.take()).contains("ended at 30, layer -1, [worker[5]]");
    assertThat(course.over()).isTrue();
  }

  @Test
  void theLastWaitsForTheOneThatIsBeingKept() {
    RunCourse course = training(20, 0);
    taken(course, 20);
    reach(course, 0, STEPS);
    course.left(WORKER, List.of(5L), DataPlane.Traffic.NONE);
    course.weightsKept();
    assertThat(orders.take()).contains("checkpoint 20").doesNotContain("snapshot 1 at 30");

    course.checkpointKept(20);

    assertThat(orders.take()).containsExactly("snapshot 1 at 30", "snapshot 2 at 30");
    course.snapshotMissed(30); // Its state is lost: the run ends all the same.
    assertThat(course.over()).isTrue();
  }

  @Test
  void aStopStandsStillFirstAndKeepsWhereItStands() {
    RunCourse course = training(0, 0);
    reach(course, 0, 4);
    orders.take();

    course.stop();
    assertThat(orders.take()).containsExactly("limit standing still", "hold 1 at 0");
    course.holding(6);
    course.release(9); // Comes too late.
    assertThat(orders.take()).isEmpty();
    reach(course, 4, 6);
    assertThat(orders.take()).containsExactly("steps 4 to 5", "limit halting", "halt 1", "halt 2");
    course.halted(0, 6);
    course.halted(1, 6);
    course.left(WORKER, List.of(5L), DataPlane.Traffic.NONE);
    course.settled(1);
    course.settled(2);
    course.settled(WORKER);
    assertThat(orders.take()).contains("snapshot 1 at 6", "snapshot 2 at 6", "trained 6");
  }

  @Test
  void aStopThatNeverStandsStillDoesWithout() {
    RunCourse course = training(0, 0);
    course.stop();
    orders.take();

    course.timedOut("standing still", 60);

    assertThat(orders.take()).containsExactly("limit halting", "halt 1", "halt 2");
  }

  @Test
  void aRunThatGoesOnRestoresItsShardsBeforeWorkersConnect() {
    RunCourse course = course(7, 10, 0);
    assertThat(orders.take())
        .endsWith("limit restoring the checkpoint", "restore")
        .doesNotContain("connect 3 plan 1 [3x1]");

    course.restored();
    course.ready(WORKER);

    assertThat(orders.take()).contains("connect 3 plan 1 [3x1]", "snapshot 1 at 10");
    taken(course, 10);
    reach(course, 7, 10);
    assertThat(orders.take()).containsExactly("steps 7 to 9", "checkpoint 10");
  }

  @Test
  void aRunThatLacksNoStepIsOnlyEvaluated() {
    RunCourse course = course(STEPS, 10, 0);
    course.restored();
    course.ready(WORKER);

    assertThat(orders.take()).endsWith("unlimited", "started", "limit halting", "halt 1", "halt 2");
    course.halted(0, STEPS);
    course.halted(1, STEPS);
    course.left(WORKER, List.of(0L), DataPlane.Traffic.NONE);
    course.settled(1);
    course.settled(2);
    course.settled(WORKER);
    course.weightsKept();

    assertThat(course.over()).isTrue();
  }
}
