package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What validations decide, and what the course of a run makes of it. */
class EarlyStoppingTest {

  private static Validations after(EarlyStopping rule, double... losses) {
    Validations validations = Validations.NONE;
    for (int epoch = 1; epoch <= losses.length; epoch++) {
      validations = rule.after(validations, 10L * epoch, losses[epoch - 1]);
    }
    return validations;
  }

  @Test
  void countsEpochsSinceTheLastImprovement() {
    EarlyStopping rule = new EarlyStopping(2, 0, false);

    assertThat(rule.isOver(after(rule, 0.5, 0.4, 0.4))).isFalse();
    assertThat(rule.isOver(after(rule, 0.5, 0.4, 0.4, 0.3))).isFalse();
    assertThat(rule.isOver(after(rule, 0.5, 0.4, 0.4, 0.45))).isTrue();
    assertThat(after(rule, 0.5, 0.4, 0.4, 0.45)).isEqualTo(new Validations(40, 20, 0.4, 0.4, 2));
  }

  @Test
  void smallImprovementsCountTogetherAndTheLeastLossIsTheBest() {
    EarlyStopping rule = new EarlyStopping(3, 0.1, true);

    assertThat(after(rule, 0.5, 0.45, 0.41)).isEqualTo(new Validations(30, 30, 0.41, 0.5, 2));
    assertThat(after(rule, 0.5, 0.45, 0.39)).isEqualTo(new Validations(30, 30, 0.39, 0.39, 0));
  }

  @Test
  void aLossThatIsNoNumberIsNoImprovement() {
    EarlyStopping rule = new EarlyStopping(2, 0, true);

    Validations none = after(rule, Double.NaN, Double.NaN);

    assertThat(none.bestVersion()).isZero();
    assertThat(rule.isOver(none)).isTrue();
  }

  @Test
  void aVersionThatIsKnownChangesNothing() {
    EarlyStopping rule = new EarlyStopping(2, 0, false);
    Validations known = after(rule, 0.5, 0.6);

    assertThat(rule.after(known, 20, 0.6)).isEqualTo(known);
  }

  @Test
  void withoutPatienceNothingIsOver() {
    assertThat(EarlyStopping.OFF.isOver(after(EarlyStopping.OFF, 1, 2, 3, 4))).isFalse();
    assertThat(EarlyStopping.OFF.decides()).isFalse();
  }

  /** Nodes 1 and 2 have a shard each, node 3 computes; an epoch has ten steps. */
  @Nested
  class Course {

    private static final long STEPS = 30;
    private static final int WORKER = 3;

    private final RecordedOrders orders = new RecordedOrders();

    private RunCourse training(int patience, boolean restoreBest, long every, long epoch) {
      return training(patience, restoreBest, every, epoch, 0);
    }

    private RunCourse training(
        int patience, boolean restoreBest, long every, long epoch, int standbys) {
      EarlyStopping rule = new EarlyStopping(patience, 0, restoreBest);
      RunCourse course =
          new RunCourse(
              new RunShape(
                  1,
                  2,
                  0,
                  STEPS,
                  List.of(Evaluation.VALIDATION),
                  every,
                  epoch,
                  rule,
                  Validations.NONE,
                  16,
                  standbys),
              orders);
      course.offer(1, "a", 0, 1);
      course.offer(2, "b", 0, 1);
      course.offer(WORKER, "worker", 1, 0);
      course.prepared(1);
      course.prepared(2);
      course.prepared(WORKER);
      course.opened(0);
      course.opened(1);
      course.ready(WORKER);
      orders.take();
      return course;
    }

    private void reach(RunCourse course, long from, long version) {
      course.stepsDone(1, version, List.of());
      course.stepsDone(
          0, version, Collections.nCopies((int) (version - from), new StepSums(1, 1, 1, 1)));
    }

    private void validated(RunCourse course, long version, double loss) {
      course.evaluated(Evaluation.VALIDATION, version, new StepSums(2, 2 * loss, 1, 1));
    }

    private void taken(RunCourse course, long version) {
      course.snapshotTaken(0, version);
      course.snapshotTaken(1, version);
    }

    @Test
    void workersGoOnUntilPatienceIsOver() {
      RunCourse course = training(1, false, RunShape.NO_CHECKPOINTS, 0);
      reach(course, 0, 10);
      validated(course, 10, 0.5);
      assertThat(orders.take())
          .containsExactly("steps 0 to 9", "evaluated VALIDATION of 10", "go on 1 from 10");
      reach(course, 10, 20);
      validated(course, 20, 0.5);
      assertThat(orders.take())
          .containsExactly(
              "steps 10 to 19", "evaluated VALIDATION of 20", "limit halting", "halt 1", "halt 2");

      course.halted(0, 20);
      course.halted(1, 20);

      assertThat(orders.take())
          .containsExactly(
              " STOPPED at 20: the loss on the validation rows has not improved for 1 epoch;"
                  + " the least was 0.5000, after step 10",
              "limit leaving the steps",
              "leave 3");
    }

    @Test
    void theLastVersionDecidesNothing() {
      RunCourse course = training(1, true, RunShape.NO_CHECKPOINTS, 0);
      reach(course, 0, STEPS);
      orders.take();

      validated(course, STEPS, 0.5);

      assertThat(orders.take()).containsExactly("evaluated VALIDATION of 30");
    }

    @Test
    void theBestIsCopiedBeforeWorkersGoOnAlsoInARunThatNobodyKeeps() {
      RunCourse course = training(0, true, RunShape.NO_CHECKPOINTS, 0);
      reach(course, 0, 10);
      validated(course, 10, 0.5);
      assertThat(orders.take())
          .containsExactly(
              "steps 0 to 9", "evaluated VALIDATION of 10", "snapshot 1 at 10", "snapshot 2 at 10");

      taken(course, 10);
      assertThat(orders.take()).containsExactly("checkpoint 10", "go on 1 from 10");

      course.checkpointKept(10);
      reach(course, 10, 20);
      validated(course, 20, 0.6);
      assertThat(orders.take())
          .containsExactly("steps 10 to 19", "evaluated VALIDATION of 20", "go on 1 from 20");
    }

    @Test
    void theBestWaitsForACheckpointThatIsBeingKept() {
      RunCourse course = training(0, true, 8, 0);
      taken(course, 8);
      reach(course, 0, 10);
      validated(course, 10, 0.5);
      assertThat(orders.take())
          .containsExactly(
              "steps 0 to 7", "checkpoint 8", "steps 8 to 9", "evaluated VALIDATION of 10");

      course.checkpointKept(8);
      assertThat(orders.take()).containsExactly("snapshot 1 at 10", "snapshot 2 at 10");
      taken(course, 10);

      assertThat(orders.take()).containsExactly("checkpoint 10", "go on 1 from 10");
      course.checkpointKept(10);
      assertThat(orders.take()).containsExactly("snapshot 1 at 16", "snapshot 2 at 16");
    }

    @Test
    void theBestThatIsNamedAlreadyIsNotCopiedTwice() {
      RunCourse course = training(0, true, 0, 10);
      taken(course, 10);
      reach(course, 0, 10);

      validated(course, 10, 0.5);

      assertThat(orders.take())
          .containsExactly(
              "steps 0 to 9", "checkpoint 10", "evaluated VALIDATION of 10", "go on 1 from 10");
    }

    @Test
    void theBestIsNotGivenUpWhenItsStepsAreToldBeforeItIsCopied() {
      RunCourse course = training(0, true, 0, 0);
      course.stepsDone(0, 10, Collections.nCopies(10, new StepSums(1, 1, 1, 1)));
      validated(course, 10, 0.5);
      course.snapshotTaken(0, 10);
      course.stepsDone(1, 10, List.of());
      assertThat(orders.take())
          .containsExactly(
              "snapshot 1 at 10", "snapshot 2 at 10", "steps 0 to 9", "evaluated VALIDATION of 10");

      course.snapshotTaken(1, 10);

      assertThat(orders.take()).containsExactly("checkpoint 10", "go on 1 from 10");
    }

    @Test
    void aRunThatNobodyKeepsWaitsForItsBestWeights() {
      RunCourse course = training(1, true, RunShape.NO_CHECKPOINTS, 0);
      reach(course, 0, 10);
      validated(course, 10, 0.5);
      taken(course, 10);
      reach(course, 10, 20);
      validated(course, 20, 0.6);
      course.halted(0, 20);
      course.halted(1, 20);
      course.left(WORKER, List.of(5L), DataPlane.Traffic.NONE);
      course.settled(1);
      course.settled(2);
      course.settled(WORKER);
      course.weightsKept();
      assertThat(course.over()).isFalse();

      course.checkpointKept(10);

      assertThat(course.over()).isTrue();
    }

    /** The best weights are those of version 10; the workers go on, and nobody has them yet. */
    private RunCourse bestIsCopied() {
      RunCourse course = training(0, true, RunShape.NO_CHECKPOINTS, 0, 1);
      course.filled(2, 0, 0);
      course.filled(1, 1, 0);
      reach(course, 0, 10);
      validated(course, 10, 0.5);
      taken(course, 10);
      orders.take();
      return course;
    }

    @Test
    void theBestThatIsLostWithItsServerHasTheRunStartAgain() {
      RunCourse course = bestIsCopied();
      course.lost(2, "killed");
      course.forsaken(WORKER, 1, 10, 1, 0);
      course.opened(1); // Its new server has no copy of version 10 any more.
      orders.take();
      assertThat(course.over()).isFalse(); // The driver may have fetched it before.

      course.checkpointLost(10);

      assertThat(course.over()).isTrue();
      assertThat(orders.take())
          .contains(
              "broken: the weights after step 10, the best so far, were lost with a parameter server");
    }

    @Test
    void theBestThatWasFetchedInTimeIsNotLostWithItsServer() {
      RunCourse course = bestIsCopied();
      course.lost(2, "killed");
      course.forsaken(WORKER, 1, 10, 1, 0);
      course.checkpointKept(10);

      course.opened(1);

      assertThat(course.over()).isFalse();
      assertThat(orders.take()).contains("reconnect 3 shard 1");
    }

    @Test
    void aServerThatIsLostBeforeTheBestIsCopiedHasItCopiedAgain() {
      RunCourse course = training(0, true, RunShape.NO_CHECKPOINTS, 0, 1);
      course.filled(2, 0, 0);
      course.filled(1, 1, 0);
      reach(course, 0, 10);
      validated(course, 10, 0.5);
      course.snapshotTaken(0, 10);
      course.lost(2, "killed");
      course.forsaken(WORKER, 1, 10, 1, 0);
      orders.take();

      course.opened(1);

      assertThat(orders.take()).contains("snapshot 1 at 10");
    }

    @Test
    void aNewerBestTakesThePlaceOfOneThatIsLost() {
      RunCourse course = bestIsCopied();
      reach(course, 10, 20);
      validated(course, 20, 0.4);
      orders.take();

      course.checkpointLost(10);

      assertThat(course.over()).isFalse();
      assertThat(orders.take()).contains("snapshot 1 at 20", "snapshot 2 at 20");
    }
  }
}
