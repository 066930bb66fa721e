package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * The course of a run without actors. In most tests node 1 is a server and nodes 2 and 3 are
 * workers, two shards are on node 1 and 4 or on node 1 alone.
 */
class RunCourseTest {

  private static final long STEPS = 10;
  private static final int SERVER = 1;
  private static final int WORKER = 2;
  private static final int OTHER = 3;
  private static final int NEWCOMER = 9;

  private final RecordedOrders orders = new RecordedOrders();

  private RunCourse course(int workers, int shards, Evaluation... evaluations) {
    return new RunCourse(
        new RunShape(
            workers,
            shards,
            0,
            STEPS,
            List.of(evaluations),
            RunShape.NO_CHECKPOINTS,
            0,
            EarlyStopping.OFF,
            Validations.NONE,
            16,
            0),
        orders);
  }

  /** One server, two workers of one slot each. */
  private RunCourse assembled(Evaluation... evaluations) {
    RunCourse course = course(2, 1, evaluations);
    course.offer(SERVER, "server", 0, 1);
    course.offer(WORKER, "worker", 1, 0);
    course.offer(OTHER, "other", 1, 0);
    return course;
  }

  private static void prepareFounders(RunCourse course) {
    course.prepared(SERVER);
    course.prepared(WORKER);
    course.prepared(OTHER);
  }

  private RunCourse connecting(Evaluation... evaluations) {
    RunCourse course = assembled(evaluations);
    prepareFounders(course);
    course.opened(0);
    return course;
  }

  private RunCourse training(Evaluation... evaluations) {
    RunCourse course = connecting(evaluations);
    course.ready(WORKER);
    course.ready(OTHER);
    orders.take();
    return course;
  }

  private static List<StepSums> sums(int steps) {
    return Collections.nCopies(steps, new StepSums(1, 1, 1, 1));
  }

  private static void left(RunCourse course, int... nodes) {
    for (int node : nodes) {
      course.left(node, List.of(5L), DataPlane.Traffic.NONE);
    }
  }

  private static void join(RunCourse course, int node, String name) {
    course.offer(node, name, 2, 0);
    course.prepared(node);
    course.ready(node);
  }

  private static void known(RunCourse course, int plan, int... nodes) {
    for (int node : nodes) {
      course.planKnown(node, plan);
    }
  }

  @Nested
  class Beginning {

    @Test
    void waitsForEnoughSlotsAndRoomForAllShards() {
      RunCourse course = course(3, 2);
      course.offer(1, "a", 2, 0);
      course.offer(2, "b", 1, 1);
      assertThat(orders.take()).isEmpty();

      course.offer(3, "c", 0, 1);

      assertThat(orders.take())
          .containsExactly("limit reading the data", "prepare 1", "prepare 2", "prepare 3");
    }

    @Test
    void goesThroughItsPhases() {
      RunCourse course = assembled();
      assertThat(orders.take())
          .containsExactly("limit reading the data", "prepare 1", "prepare 2", "prepare 3");
      prepareFounders(course);
      assertThat(orders.take()).containsExactly("limit opening shards", "open 1 shard 0");
      course.opened(0);
      assertThat(orders.take())
          .containsExactly(
              "limit connecting and warming workers",
              "connect 2 plan 1 [2x1, 3x1]",
              "connect 3 plan 1 [2x1, 3x1]");
      course.ready(OTHER);
      assertThat(orders.take()).isEmpty();
      course.ready(WORKER);
      assertThat(orders.take()).containsExactly("unlimited", "started", "activate 1 plan 1 start");
    }

    @Test
    void sharesShardsOutEvenlyOverNodes() {
      RunCourse course = course(1, 5);
      course.offer(1, "a", 1, 1);
      course.offer(2, "b", 0, 3);
      course.offer(3, "c", 0, 9);
      course.prepared(1);
      course.prepared(2);
      course.prepared(3);

      assertThat(orders.take())
          .filteredOn(order -> order.startsWith("open "))
          .containsExactly(
              "open 1 shard 0",
              "open 2 shard 1",
              "open 3 shard 2",
              "open 2 shard 3",
              "open 3 shard 4");
    }

    @Test
    void hasWorkersThatCameTooManyJoinOnceItTrains() {
      RunCourse course = course(1, 1);
      course.offer(WORKER, "worker", 1, 0);
      course.offer(OTHER, "other", 1, 0);
      course.offer(SERVER, "server", 0, 1);
      prepareFounders(course);
      course.opened(0);
      course.ready(WORKER);

      assertThat(orders.take())
          .contains("prepare 3", "connect 2 plan 1 [2x1]", "connect 3 plan 1 [2x1]");
    }

    @Test
    void leavesOutServersThatNoShardNeeds() {
      RunCourse course = course(1, 1);
      course.offer(SERVER, "server", 0, 1);
      course.offer(4, "spare", 0, 1);
      course.offer(WORKER, "worker", 1, 0);

      assertThat(orders.take()).doesNotContain("prepare 4");
    }

    @Test
    void failsIfAFounderDoesNotFit() {
      RunCourse course = assembled();
      orders.take();
      course.refused(OTHER, "another checksum");

      assertThat(orders.take())
          .containsExactly(
              "unlimited",
              "failed: other cannot take part: another checksum",
              "close 1",
              "close 2",
              "close 3");
      assertThat(course.over()).isTrue();
    }

    @Test
    void goesOnWithoutANewcomerThatDoesNotFitWhileShardsOpen() {
      RunCourse course = assembled();
      course.offer(4, "newcomer", 1, 0);
      prepareFounders(course);
      orders.take();
      course.refused(4, "another checksum");

      assertThat(orders.take())
          .containsExactly("newcomer REFUSED at 0: another checksum", "close 4");
    }

    @Test
    void doesNotTakeANewcomersNumberForThatOfAnAwaitedShard() {
      RunCourse course = course(1, 2);
      course.offer(2, "worker", 1, 0);
      course.offer(3, "server", 0, 2);
      course.offer(1, "newcomer", 1, 0);
      course.prepared(2);
      course.prepared(3);
      course.refused(1, "no memory");

      assertThat(course.over()).isFalse();
    }

    @Test
    void failsIfAFounderIsLost() {
      RunCourse course = connecting();
      orders.take();
      course.lost(WORKER, "killed");

      assertThat(orders.take())
          .containsExactly("unlimited", "broken: worker was lost: killed", "close 1", "close 3");
    }

    @Test
    void goesOnWithoutALostNodeThatItHasNotBegunWith() {
      RunCourse course = course(2, 1);
      course.offer(WORKER, "worker", 1, 0);
      course.lost(WORKER, "killed");
      course.offer(SERVER, "server", 0, 1);
      course.offer(OTHER, "other", 1, 0);
      assertThat(orders.take()).isEmpty();

      course.offer(5, "another", 1, 0);
      course.offer(NEWCOMER, "newcomer", 1, 0);
      course.lost(NEWCOMER, "killed");

      assertThat(course.over()).isFalse();
    }

    @Test
    void namesWhatItWaitsForWhenTimeIsUp() {
      RunCourse lacking = course(3, 2);
      lacking.offer(1, "a", 1, 1);
      lacking.timedOut("waiting for nodes", 60);
      RunCourse reading = assembled();
      reading.prepared(SERVER);
      reading.timedOut("reading the data", 60);
      RunCourse opening = assembled();
      prepareFounders(opening);
      opening.timedOut("opening shards", 60);

      assertThat(orders.take())
          .filteredOn(order -> order.startsWith("failed"))
          .containsExactly(
              "failed: not enough nodes within 60 s: expected 3 workers and 2 parameter servers,"
                  + " found 1 and room for 1",
              "failed: reading the data took too long; still awaited: worker, other",
              "failed: opening shards took too long; still awaited: shard 0 of server");
    }

    @Test
    void stopsBeforeItsFirstStepBegins() {
      RunCourse course = connecting();
      course.ready(WORKER);
      course.stop();
      orders.take();
      course.ready(OTHER);

      assertThat(orders.take()).containsExactly("unlimited", "started", "limit halting", "halt 1");
    }
  }

  @Nested
  class Joining {

    @Test
    void aNewcomerJoinsWithTheNextStep() {
      RunCourse course = training();
      course.offer(NEWCOMER, "newcomer", 2, 0);
      assertThat(orders.take()).containsExactly("prepare 9");
      course.prepared(NEWCOMER);
      assertThat(orders.take()).containsExactly("connect 9 plan 1 [2x1, 3x1]");
      course.ready(NEWCOMER);
      assertThat(orders.take())
          .containsExactly(
              "know 2 plan 2 [2x1, 3x1, 9x2]",
              "know 3 plan 2 [2x1, 3x1, 9x2]",
              "know 9 plan 2 [2x1, 3x1, 9x2]");
      known(course, 2, NEWCOMER, WORKER);
      assertThat(orders.take()).isEmpty();
      known(course, 2, OTHER);
      assertThat(orders.take()).containsExactly("activate 1 plan 2", "planned 2");
      course.begun(7, 2);
      assertThat(orders.take()).containsExactly("newcomer JOINED at 7");
    }

    /** Whoever waits for the newcomer's plan would never let the run go on otherwise. */
    @Test
    void aNewcomerIsPlannedWithWhereTheRunStandsStillWithAPlanThatHasNotBegun() {
      RunCourse course = training();
      course.hold(3);
      course.holding(3);
      course.lost(OTHER, "killed");
      known(course, 2, WORKER);
      orders.take(); // Plan 2 is activated.
      course.stepsDone(0, 3, sums(3));
      orders.take();

      join(course, NEWCOMER, "newcomer");
      assertThat(orders.take()).contains("know 9 plan 3 [2x1, 9x2]");
      known(course, 3, WORKER, NEWCOMER);
      assertThat(orders.take()).containsExactly("activate 1 plan 3", "planned 3");

      course.release(Long.MAX_VALUE);
      orders.take();
      course.begun(3, 3);
      assertThat(orders.take()).containsExactly("newcomer JOINED at 3");
    }

    /**
     * No step begins with the plan that was under way: nobody would let the run go on otherwise.
     */
    @Test
    void whoAsksToGoWhileAChangeIsUnderWayIsPlannedWithoutWhereTheRunStandsStill() {
      RunCourse course = training();
      course.hold(3);
      course.holding(3);
      course.stepsDone(0, 3, sums(3));
      join(course, NEWCOMER, "newcomer");
      course.drain(OTHER);
      orders.take();

      known(course, 2, WORKER, OTHER, NEWCOMER);

      assertThat(orders.take())
          .containsExactly(
              "activate 1 plan 2",
              "planned 2",
              "know 2 plan 3 [2x1, 9x2]",
              "know 3 plan 3 [2x1, 9x2]",
              "know 9 plan 3 [2x1, 9x2]");
      known(course, 3, WORKER, OTHER, NEWCOMER);
      assertThat(orders.take()).containsExactly("activate 1 plan 3", "planned 3");
    }

    /** It may be let go on before the plan in place of the other is known. */
    @Test
    void aPlanThatWasToBeReplacedMayBeginAllTheSame() {
      RunCourse course = training();
      course.hold(3);
      course.holding(3);
      course.lost(OTHER, "killed");
      known(course, 2, WORKER);
      course.stepsDone(0, 3, sums(3));
      join(course, NEWCOMER, "newcomer");
      course.release(Long.MAX_VALUE);
      course.begun(3, 2);
      orders.take();
      known(course, 3, WORKER, NEWCOMER);
      assertThat(orders.take()).containsExactly("activate 1 plan 3", "planned 3");
      course.begun(5, 3);

      assertThat(orders.take()).containsExactly("newcomer JOINED at 5");
    }

    @Test
    void whoOwesAnAnswerIsAskedAgainUntilItComes() {
      RunCourse course = training();
      course.offer(NEWCOMER, "newcomer", 2, 0);
      orders.take();
      course.remind();
      assertThat(orders.take()).containsExactly("prepare 9");
      course.prepared(NEWCOMER);
      orders.take();
      course.remind();
      assertThat(orders.take()).containsExactly("connect 9 plan 1 [2x1, 3x1]");
      course.ready(NEWCOMER);
      known(course, 2, WORKER, OTHER);
      orders.take();
      course.remind();
      assertThat(orders.take()).containsExactly("know 9 plan 2 [2x1, 3x1, 9x2]");
      known(course, 2, NEWCOMER);
      orders.take();
      course.remind();
      assertThat(orders.take()).isEmpty();
    }

    @Test
    void whatIsAnsweredTwiceCountsOnce() {
      RunCourse course = training();
      join(course, NEWCOMER, "newcomer");
      known(course, 2, WORKER, OTHER, NEWCOMER);
      orders.take();
      course.prepared(NEWCOMER);
      course.ready(NEWCOMER);
      known(course, 2, NEWCOMER);

      assertThat(orders.take()).isEmpty();
    }

    @Test
    void aNewcomerThatComesEarlyConnectsOnceTheRunTrains() {
      RunCourse course = assembled();
      course.offer(NEWCOMER, "newcomer", 1, 0);
      course.prepared(NEWCOMER);
      prepareFounders(course);
      course.opened(0);
      course.ready(WORKER);
      assertThat(orders.take()).doesNotContain("connect 9 plan 1 [2x1, 3x1]");
      course.ready(OTHER);

      assertThat(orders.take())
          .containsExactly(
              "unlimited", "started", "activate 1 plan 1 start", "connect 9 plan 1 [2x1, 3x1]");
    }

    @Test
    void oneChangeOfPlanFollowsTheOther() {
      RunCourse course = training();
      join(course, NEWCOMER, "newcomer");
      join(course, 10, "late");
      course.drain(OTHER);
      orders.take();
      known(course, 2, WORKER, OTHER, NEWCOMER);
      assertThat(orders.take()).containsExactly("activate 1 plan 2", "planned 2");
      assertThat(orders.planned).containsExactly("worker", "other", "newcomer");
      course.begun(4, 2);

      assertThat(orders.take())
          .containsExactly(
              "newcomer JOINED at 4",
              "know 2 plan 3 [2x1, 9x2, 10x2]",
              "know 3 plan 3 [2x1, 9x2, 10x2]",
              "know 9 plan 3 [2x1, 9x2, 10x2]",
              "know 10 plan 3 [2x1, 9x2, 10x2]");
      known(course, 3, WORKER, OTHER, NEWCOMER, 10);
      course.begun(6, 3);
      assertThat(orders.take())
          .containsExactly("activate 1 plan 3", "planned 3", "late JOINED at 6", "other LEFT at 6");
      assertThat(orders.planned).containsExactly("worker", "newcomer", "late");
      course.stepsDone(0, 6, sums(6));
      assertThat(orders.take()).containsExactly("steps 0 to 5", "leave 3");
    }

    @Test
    void aNewcomerThatIsLostBeforeItsPlanIsActivatedIsPlannedWithout() {
      RunCourse course = training();
      join(course, NEWCOMER, "newcomer");
      known(course, 2, WORKER);
      join(course, 10, "late");
      orders.take();
      course.lost(NEWCOMER, "killed");

      assertThat(orders.take())
          .containsExactly(
              "know 2 plan 3 [2x1, 3x1, 10x2]",
              "know 3 plan 3 [2x1, 3x1, 10x2]",
              "know 10 plan 3 [2x1, 3x1, 10x2]");
      known(course, 2, OTHER);
      assertThat(orders.take()).isEmpty();
      known(course, 3, WORKER, OTHER, 10);
      assertThat(orders.take()).containsExactly("activate 1 plan 3", "planned 3");
    }

    @Test
    void aNewcomerThatCannotTakePartIsRefusedAndTheRunGoesOn() {
      RunCourse course = training();
      course.stepsDone(0, 3, sums(3));
      course.offer(NEWCOMER, "newcomer", 1, 0);
      orders.take();
      course.refused(NEWCOMER, "another layout");

      assertThat(orders.take()).containsExactly("newcomer REFUSED at 3: another layout", "close 9");
    }

    @Test
    void aWorkerOfThePlanThatFailsEndsTheRun() {
      RunCourse course = training();
      course.refused(WORKER, "out of memory");

      assertThat(orders.take()).contains("failed: worker cannot take part: out of memory");
    }

    @Test
    void othersTakeOverFromALostWorkerAndANewPlanIsWithoutIt() {
      RunCourse course = training();
      course.stepsDone(0, 3, sums(3));
      orders.take();
      course.lost(WORKER, "killed");
      assertThat(orders.take())
          .containsExactly("worker LOST at 3: killed", "take over 3 from 2", "know 3 plan 2 [3x1]");

      known(course, 2, OTHER);
      course.begun(5, 2);
      assertThat(orders.take()).containsExactly("activate 1 plan 2", "planned 2");
    }

    @Test
    void theLastWorkerThatIsLostSuspendsTheRun() {
      RunCourse course = training();
      course.lost(WORKER, "killed");
      course.lost(OTHER, "killed");

      assertThat(orders.take())
          .endsWith(
              "other WAITING at 0: killed",
              "unlimited",
              "suspended: the last worker was lost",
              "keep 1");
      assertThat(course.over()).isTrue();
    }

    /** There is nothing left to do for another. */
    @Test
    void theLastWorkerThatIsLostWhenTheRunIsToEndBreaksItOff() {
      RunCourse course = training();
      course.lost(WORKER, "killed");
      course.stop();
      course.lost(OTHER, "killed");

      assertThat(orders.take())
          .contains("broken: other was lost: killed; no worker is left to take over from it");
    }

    @Test
    void aNewcomerCannotTakeOverTheLastStepOfThePlanBefore() {
      RunCourse course = training();
      course.lost(WORKER, "killed");
      known(course, 2, OTHER);
      course.begun(2, 2);
      join(course, NEWCOMER, "newcomer");
      known(course, 3, OTHER, NEWCOMER);
      course.stepsDone(0, 3, sums(3));
      course.begun(4, 3);
      orders.take();
      course.lost(OTHER, "killed");

      assertThat(orders.take()).contains("suspended: the last worker was lost");
    }

    @Test
    void aNewcomerGoesOnAloneWhenTheLastStepOfThePlanBeforeIsDone() {
      RunCourse course = training();
      course.lost(WORKER, "killed");
      known(course, 2, OTHER);
      course.begun(2, 2);
      join(course, NEWCOMER, "newcomer");
      known(course, 3, OTHER, NEWCOMER);
      course.begun(4, 3);
      course.stepsDone(0, 4, sums(4));
      orders.take();
      course.lost(OTHER, "killed");

      assertThat(orders.take())
          .containsExactly("other LOST at 4: killed", "take over 9 from 3", "know 9 plan 4 [9x2]");
    }

    @Test
    void aNewcomerOfAComingPlanCannotTakeOverFromTheLastOneOfThisPlan() {
      RunCourse course = training();
      course.lost(WORKER, "killed");
      known(course, 2, OTHER);
      course.begun(2, 2);
      join(course, NEWCOMER, "newcomer");
      orders.take();
      course.lost(OTHER, "killed");

      assertThat(orders.take()).contains("suspended: the last worker was lost");
    }

    @Test
    void aPlanThatIsActivatedHoldsAlthoughOneOfItsWorkersIsLost() {
      RunCourse course = training();
      join(course, NEWCOMER, "newcomer");
      known(course, 2, WORKER, OTHER, NEWCOMER);
      orders.take();
      course.lost(NEWCOMER, "killed");
      assertThat(orders.take())
          .containsExactly(
              "newcomer LOST at 0: killed", "take over 2 from 9", "take over 3 from 9");

      course.begun(4, 2);
      assertThat(orders.take())
          .containsExactly("know 2 plan 3 [2x1, 3x1]", "know 3 plan 3 [2x1, 3x1]");
    }

    @Test
    void aPlanThatIsNotActivatedIsGivenUpWithOneOfItsWorkers() {
      RunCourse course = training();
      join(course, NEWCOMER, "newcomer");
      known(course, 2, OTHER, NEWCOMER);
      orders.take();
      course.lost(WORKER, "killed");

      assertThat(orders.take())
          .contains("take over 3 from 2", "know 3 plan 3 [3x1, 9x2]", "know 9 plan 3 [3x1, 9x2]");
    }

    @Test
    void aLostNodeNeedNotKnowThePlanThatIsWithoutIt() {
      RunCourse course = training();
      course.drain(OTHER);
      known(course, 2, WORKER);
      orders.take();
      course.lost(OTHER, "killed");

      assertThat(orders.take())
          .containsExactly(
              "other LOST at 0: killed", "take over 2 from 3", "activate 1 plan 2", "planned 2");
    }
  }

  @Nested
  class Draining {

    @Test
    void aComputingNodeIsReleasedByTheNextPlan() {
      RunCourse course = training();
      course.drain(OTHER);
      assertThat(orders.take()).containsExactly("know 2 plan 2 [2x1]", "know 3 plan 2 [2x1]");
      known(course, 2, WORKER, OTHER);
      course.begun(5, 2);
      course.stepsDone(0, 4, sums(4));
      assertThat(orders.take())
          .containsExactly("activate 1 plan 2", "planned 2", "other LEFT at 5", "steps 0 to 3");
      course.stepsDone(0, 5, sums(1)); // What it sent of its last step has arrived.
      assertThat(orders.take()).containsExactly("steps 4 to 4", "leave 3");
      left(course, OTHER);
      assertThat(orders.take()).containsExactly("close 3");
      course.lost(OTHER, "ended");
      assertThat(course.over()).isFalse();
    }

    @Test
    void whatADrainedNodeOwesOfItsLastStepIsTakenOver() {
      RunCourse course = training();
      course.drain(OTHER);
      known(course, 2, WORKER, OTHER);
      course.begun(5, 2);
      course.stepsDone(0, 4, sums(4));
      orders.take();
      course.lost(OTHER, "killed");

      assertThat(orders.take()).containsExactly("other LOST at 4: killed", "take over 2 from 3");
    }

    /** It may have a part of the last evaluation, and nobody would do that in its place. */
    @Test
    void aNewcomerThatHasDoneTheLastStepStays() {
      RunCourse course = training(Evaluation.TEST);
      join(course, NEWCOMER, "newcomer");
      known(course, 2, WORKER, OTHER, NEWCOMER);
      course.begun(4, 2);
      left(course, NEWCOMER);
      orders.take();
      course.drain(NEWCOMER);
      assertThat(orders.take()).doesNotContain("close 9");
      course.stepsDone(0, STEPS, sums((int) STEPS));
      left(course, WORKER, OTHER);

      assertThat(orders.take()).contains("evaluate 9 plan 2 [TEST] of 10");
    }

    @Test
    void aNodeThatIsNotReadyYetIsReleasedAtOnce() {
      RunCourse course = training();
      course.offer(NEWCOMER, "newcomer", 1, 0);
      course.prepared(NEWCOMER);
      orders.take();
      course.drain(NEWCOMER);

      assertThat(orders.take()).containsExactly("close 9");
    }

    @Test
    void anIdleNodeThatNoPlanHasYetIsReleasedAtOnce() {
      RunCourse course = training();
      join(course, NEWCOMER, "newcomer");
      join(course, 10, "late");
      orders.take();
      course.drain(10);
      assertThat(orders.take()).containsExactly("leave 10");
      left(course, 10);

      assertThat(orders.take()).containsExactly("close 10");
    }

    @Test
    void aNodeWithoutAPartIsReleasedAtOnce() {
      RunCourse course = training();
      course.drain(42);

      assertThat(orders.take()).containsExactly("close 42");
    }

    @Test
    void aFounderIsReleasedOnceTheRunHasBegun() {
      RunCourse course = assembled();
      course.drain(OTHER);
      prepareFounders(course);
      course.opened(0);
      course.ready(WORKER);
      course.ready(OTHER);

      assertThat(orders.take())
          .endsWith("activate 1 plan 1 start", "know 2 plan 2 [2x1]", "know 3 plan 2 [2x1]");
    }

    @Test
    void theHolderOfAShardEndsTheRunInOrder() {
      RunCourse course = training();
      course.drain(SERVER);

      assertThat(orders.take()).containsExactly("limit halting", "halt 1");
    }

    @Test
    void theLastWorkerEndsTheRunInOrder() {
      RunCourse course = training();
      course.drain(OTHER);
      course.drain(WORKER);
      known(course, 2, WORKER, OTHER);
      orders.take();
      course.begun(5, 2);

      assertThat(orders.take()).containsExactly("other LEFT at 5", "limit halting", "halt 1");
    }
  }

  @Nested
  class Steps {

    private RunCourse twoShards() {
      RunCourse course = course(1, 2, Evaluation.VALIDATION);
      course.offer(SERVER, "server", 0, 2);
      course.offer(WORKER, "worker", 1, 0);
      course.prepared(SERVER);
      course.prepared(WORKER);
      course.opened(1);
      course.opened(0);
      course.ready(WORKER);
      orders.take();
      return course;
    }

    @Test
    void areToldOnceEveryShardHasThem() {
      RunCourse course = twoShards();
      course.stepsDone(0, 3, sums(3));
      assertThat(orders.take()).isEmpty();
      course.stepsDone(1, 2, List.of());
      assertThat(orders.take()).containsExactly("steps 0 to 1");
      course.stepsDone(1, 3, List.of());
      assertThat(orders.take()).containsExactly("steps 2 to 2");
    }

    @Test
    void areToldBeforeTheirEvaluation() {
      RunCourse course = twoShards();
      course.evaluated(Evaluation.VALIDATION, 2, sums(1).getFirst());
      course.stepsDone(0, 2, sums(2));
      assertThat(orders.take()).isEmpty();
      course.stepsDone(1, 2, List.of());

      assertThat(orders.take()).containsExactly("steps 0 to 1", "evaluated VALIDATION of 2");
    }

    @Test
    void aStepThatIsNotFiniteForOneShardEndsTheRunAtItsVersion() {
      RunCourse course = twoShards();
      course.stepsDone(0, 6, sums(6));
      course.stepsDone(1, 4, List.of());
      orders.take();
      course.stepFailed(1, 5, 2);
      assertThat(orders.take()).containsExactly("limit halting", "halt 1");
      course.halted(0, 6);
      assertThat(orders.take()).isEmpty();
      course.halted(1, 5);
      assertThat(orders.take())
          .containsExactly("steps 4 to 4", "limit leaving the steps", "leave 2");
      left(course, WORKER);
      assertThat(orders.take())
          .containsExactly(
              "limit falling back to the last version", "settle 1 at 5", "settle 2 at 5");
      course.settled(WORKER);
      course.settled(SERVER);
      assertThat(orders.take())
          .containsExactly(
              "limit evaluating", "trained 5, layer 2", "evaluate 2 plan 1 [VALIDATION] of 5");
    }

    @Test
    void theFirstOfSeveralLayersIsNamed() {
      RunCourse course = twoShards();
      course.stepFailed(0, 0, 3);
      course.stepFailed(1, 0, 1);
      course.halted(0, 0);
      course.halted(1, 0);
      left(course, WORKER);
      course.settled(WORKER);
      course.settled(SERVER);

      assertThat(orders.take()).contains("trained 0, layer 1");
    }

    @Test
    void aStopWithShardsOneVersionApartTellsNoStepTooMany() {
      RunCourse course = twoShards();
      course.stop();
      course.stepsDone(0, 4, sums(4));
      course.halted(0, 4);
      course.stepsDone(1, 3, List.of());
      course.halted(1, 3);
      left(course, WORKER);

      assertThat(orders.take())
          .containsExactly(
              "limit halting",
              "halt 1",
              "steps 0 to 2",
              "limit leaving the steps",
              "leave 2",
              "limit falling back to the last version",
              "settle 1 at 3",
              "settle 2 at 3");
    }
  }

  @Nested
  class StandingStill {

    @Test
    void isToldWhenEveryStepBeforeItIs() {
      RunCourse course = training();
      course.hold(3);
      assertThat(orders.take()).containsExactly("hold 1 at 3");
      course.holding(3);
      course.stepsDone(0, 2, sums(2));
      assertThat(orders.take()).containsExactly("steps 0 to 1");
      course.stepsDone(0, 3, sums(1));
      assertThat(orders.take()).containsExactly("steps 2 to 2", "held at 3");
      course.release(Long.MAX_VALUE);
      assertThat(orders.take()).containsExactly("release 1");
    }

    @Test
    void isToldAtTheLaterVersionWhereItIsStillPossible() {
      RunCourse course = training();
      course.stepsDone(0, 5, sums(5));
      course.hold(3);
      orders.take();
      course.stepsDone(0, 6, sums(1));
      course.holding(6);

      assertThat(orders.take()).containsExactly("steps 5 to 5", "held at 6");
    }

    @Test
    void isOrderedBeforeTheFirstStep() {
      RunCourse course = connecting();
      course.hold(4);
      course.ready(WORKER);
      orders.take();
      course.ready(OTHER);

      assertThat(orders.take())
          .containsExactly("unlimited", "started", "hold 1 at 4", "activate 1 plan 1 start");
    }

    @Test
    void endsBeforeItBeganIfReleased() {
      RunCourse course = training();
      course.hold(3);
      course.release(Long.MAX_VALUE);
      course.holding(3);
      orders.take();
      course.stepsDone(0, 3, sums(3));

      assertThat(orders.take()).containsExactly("steps 0 to 2");
    }

    @Test
    void mayBeFollowedByAnother() {
      RunCourse course = training();
      course.hold(2);
      course.holding(2);
      course.stepsDone(0, 2, sums(2));
      course.release(5);
      course.holding(5);
      assertThat(orders.take())
          .containsExactly("hold 1 at 2", "steps 0 to 1", "held at 2", "release 1 to 5");
      course.stepsDone(0, 5, sums(3));

      assertThat(orders.take()).containsExactly("steps 2 to 4", "held at 5");
    }

    @Test
    void aRunThatStandsStillCanBeStopped() {
      RunCourse course = training();
      course.hold(2);
      course.holding(2);
      course.stepsDone(0, 2, sums(2));
      orders.take();
      course.stop();

      assertThat(orders.take()).containsExactly("limit halting", "halt 1");
    }
  }

  @Nested
  class Ending {

    private RunCourse trained(Evaluation... evaluations) {
      RunCourse course = training(evaluations);
      course.stepsDone(0, STEPS, sums((int) STEPS));
      orders.take();
      return course;
    }

    @Test
    void evaluatesAfterTheLastStepWhatTheRunHasNot() {
      RunCourse course = training(Evaluation.VALIDATION, Evaluation.TEST);
      course.stepsDone(0, STEPS, sums((int) STEPS));
      course.evaluated(Evaluation.VALIDATION, STEPS, sums(1).getFirst());
      assertThat(orders.take())
          .containsExactly("steps 0 to 9", "limit leaving the steps", "evaluated VALIDATION of 10");
      left(course, WORKER, OTHER);
      assertThat(orders.take())
          .containsExactly(
              "limit evaluating",
              "trained 10",
              "evaluate 2 plan 1 [TEST] of 10",
              "evaluate 3 plan 1 [TEST] of 10");
    }

    @Test
    void waitsForWeightsAndEvaluationsInAnyOrder() {
      for (boolean weightsFirst : new boolean[] {true, false}) {
        RunCourse course = trained(Evaluation.TEST);
        left(course, WORKER, OTHER);
        orders.take();
        if (weightsFirst) {
          course.weightsKept();
        } else {
          course.evaluated(Evaluation.TEST, STEPS, sums(1).getFirst());
        }
        assertThat(course.over()).isFalse();
        if (weightsFirst) {
          course.evaluated(Evaluation.TEST, STEPS, sums(1).getFirst());
        } else {
          course.weightsKept();
        }
        assertThat(orders.take())
            .containsExactly(
                "evaluated TEST of 10",
                "unlimited",
                "ended at 10, layer -1, [worker[5], other[5]]",
                "close 1",
                "close 2",
                "close 3");
      }
    }

    @Test
    void neitherWaitsForNewcomersNorHasThemFallBack() {
      RunCourse course = training();
      course.offer(NEWCOMER, "newcomer", 1, 0);
      course.prepared(NEWCOMER);
      course.offer(10, "late", 1, 0);
      course.stop();
      course.halted(0, 0);
      orders.take();
      left(course, WORKER, OTHER);

      assertThat(orders.take())
          .containsExactly(
              "limit falling back to the last version",
              "settle 1 at 0",
              "settle 2 at 0",
              "settle 3 at 0");
    }

    /** It would be a plan without those who have done the last step, and none ever begins. */
    @Test
    void makesNoPlanWhenAWorkerHasDoneTheLastStep() {
      RunCourse course = training();
      left(course, WORKER);
      join(course, NEWCOMER, "newcomer");
      assertThat(orders.take()).noneMatch(order -> order.startsWith("know "));
      left(course, OTHER);
      course.lost(NEWCOMER, "killed");

      assertThat(course.over()).isFalse();
    }

    @Test
    void tellsAReadyNewcomerThatNoPlanHasToLeave() {
      RunCourse course = training();
      join(course, NEWCOMER, "newcomer");
      orders.take();
      course.stepsDone(0, STEPS, sums((int) STEPS));

      assertThat(orders.take())
          .containsExactly("steps 0 to 9", "limit leaving the steps", "leave 9");
    }

    @Test
    void doesNotWaitForALostNodeThatNoPlanHas() {
      RunCourse course = training();
      join(course, NEWCOMER, "newcomer");
      course.stepsDone(0, STEPS, sums((int) STEPS));
      left(course, WORKER, OTHER);
      orders.take();
      course.lost(NEWCOMER, "killed");

      assertThat(orders.take()).containsExactly("limit evaluating", "trained 10");
    }

    @Test
    void othersTakeOverTheEvaluationOfALostWorker() {
      RunCourse course = trained(Evaluation.TEST);
      left(course, WORKER, OTHER);
      orders.take();
      course.lost(OTHER, "killed");

      assertThat(orders.take()).containsExactly("other LOST at 10: killed", "take over 2 from 3");
    }

    @Test
    void failsIfAServerIsLostWhileWorkersLeave() {
      RunCourse course = trained();
      course.lost(SERVER, "killed");

      assertThat(orders.take()).contains("broken: server was lost: killed");
    }

    @Test
    void namesWhoHasNotLeftWhenTimeIsUp() {
      RunCourse leaving = trained(Evaluation.TEST);
      left(leaving, WORKER);
      leaving.timedOut("leaving the steps", 60);
      assertThat(orders.take())
          .contains("failed: leaving the steps took too long; still awaited: other");
      RunCourse evaluating = trained(Evaluation.TEST);
      left(evaluating, WORKER, OTHER);
      evaluating.timedOut("evaluating", 60);

      assertThat(orders.take())
          .contains(
              "failed: evaluating took too long; still awaited: evaluation TEST,"
                  + " the weights at whoever asked for the run");
    }
  }

  @Nested
  class LateWorkers {

    /** Of four leaves the last two, which are the other's. */
    private final OpenStep others = new OpenStep(3, 4, List.of(2, 3));

    private RunCourse atStep3() {
      RunCourse course = training();
      course.stepsDone(0, 3, sums(3));
      orders.take();
      return course;
    }

    @Test
    void thoseOnTimeDoThePartOfTheLateAndTheNextPlanIsWithoutThem() {
      RunCourse course = atStep3();

      course.late(others, 1);
      assertThat(orders.take())
          .containsExactly(
              "take over 2 from 3 in step 3",
              "other LATE at 3: the others do its part",
              "know 2 plan 2 [2x1]",
              "know 3 plan 2 [2x1]");

      known(course, 2, WORKER); // The late one need not answer.
      assertThat(orders.take()).containsExactly("activate 1 plan 2", "planned 2");
    }

    @Test
    void aPlanOfTheLateAloneBeginsWhenTheyKnowIt() {
      RunCourse course = atStep3();
      course.late(others, 1);
      known(course, 2, WORKER);
      course.begun(4, 2);
      orders.take();
      course.drain(WORKER);
      assertThat(orders.take()).containsExactly("know 2 plan 3 [3x1]", "know 3 plan 3 [3x1]");
      known(course, 3, WORKER);
      assertThat(orders.take()).isEmpty();
      known(course, 3, OTHER);

      assertThat(orders.take()).containsExactly("activate 1 plan 3", "planned 3");
    }

    @Test
    void aPartIsTakenOverAgainWhereTheStepIsStillOpen() {
      RunCourse course = atStep3();
      course.late(others, 1);
      orders.take();

      course.late(others, 1);

      assertThat(orders.take()).containsExactly("take over 2 from 3 in step 3");
    }

    /**
     * Who goes on may disagree on who does it: each knows of other losses when it shares it out.
     */
    @Test
    void thePartOfALostNodeThatNobodyDoesIsDoneByAll() {
      RunCourse course = atStep3();
      course.lost(OTHER, "killed");
      assertThat(orders.take()).contains("take over 2 from 3");

      course.late(others, 2);
      assertThat(orders.take()).containsExactly("take over 2 from 3 in step 3");

      course.late(others, 3);
      assertThat(orders.take()).containsExactly("take over 2 from 3 in step 3");
    }

    /** Of one leaf, which was the lost one's; the other had nothing to do. */
    @Test
    void thePartOfALostNodeIsAskedOfTheIdle() {
      RunCourse course = atStep3();
      course.lost(WORKER, "killed");
      orders.take();

      course.late(new OpenStep(3, 1, List.of(0)), 2);

      assertThat(orders.take()).containsExactly("take over 3 from 2 in step 3");
    }

    @Test
    void aLateNodeWithAShardLivesAndIsWaitedForBeforeAllFallBack() {
      RunCourse course = course(2, 1);
      course.offer(SERVER, "server", 1, 1);
      course.offer(WORKER, "worker", 1, 0);
      course.prepared(SERVER);
      course.prepared(WORKER);
      course.opened(0);
      course.ready(SERVER);
      course.ready(WORKER);
      course.late(new OpenStep(0, 2, List.of(0)), 1);
      course.stop();
      course.halted(0, 0);
      orders.take();

      left(course, WORKER);
      assertThat(orders.take()).isEmpty();
      left(course, SERVER);
      assertThat(orders.take()).contains("settle 1 at 0");
    }

    @Test
    void theLateHaveNoPartOfTheLastEvaluationBeforeTheyHaveLeft() {
      RunCourse course = training(Evaluation.TEST);
      course.stepsDone(0, 3, sums(3));
      course.late(others, 1);
      course.stop();
      course.halted(0, 3);
      orders.take();
      left(course, WORKER);
      assertThat(orders.take())
          .containsExactly(
              "limit falling back to the last version", "settle 1 at 3", "settle 2 at 3");
      course.settled(SERVER);
      course.settled(WORKER);
      assertThat(orders.take())
          .containsExactly(
              "limit evaluating",
              "trained 3",
              "take over 2 from 3",
              "evaluate 2 plan 1 [TEST] of 3");
      left(course, OTHER);

      assertThat(orders.take()).containsExactly("settle 3 at 3", "evaluate 3 plan 1 [TEST] of 3");
    }

    @Test
    void whereAllAreLateTheEndWaitsForThem() {
      RunCourse course = atStep3();
      course.late(others, 1);
      course.late(new OpenStep(3, 4, List.of(0, 1)), 1);
      course.stop();
      course.halted(0, 3);
      orders.take();
      left(course, WORKER);
      assertThat(orders.take()).isEmpty();
      left(course, OTHER);

      assertThat(orders.take()).contains("settle 2 at 3", "settle 3 at 3");
    }

    @Test
    void unitsOfTheLastEvaluationAreTakenOverLikeLeaves() {
      RunCourse course = training(Evaluation.TEST);
      course.stepsDone(0, STEPS, sums((int) STEPS));
      left(course, WORKER, OTHER);
      orders.take();
      course.late(new OpenStep(STEPS, 4, List.of(3)), 1);

      assertThat(orders.take())
          .containsExactly(
              "take over 2 from 3 in step 10", "other LATE at 10: the others do its part");
    }

    @Test
    void theValidationOfTheLastVersionIsTakenOverAndTheLateNotWaitedFor() {
      RunCourse course = training(Evaluation.VALIDATION);
      course.stepsDone(0, STEPS, sums((int) STEPS));
      orders.take();
      course.late(new OpenStep(STEPS, 4, List.of(3)), 1);
      course.evaluated(Evaluation.VALIDATION, STEPS, sums(1).getFirst());
      orders.take();
      left(course, WORKER);

      assertThat(orders.take()).containsExactly("limit evaluating", "trained 10");
    }

    /** A plan holds as soon as the first bucket has its version; other buckets may have not. */
    @Test
    void thoseOfThePlanBeforeAreLateInTheLastStepOfThat() {
      RunCourse course = atStep3();
      course.drain(OTHER);
      known(course, 2, WORKER, OTHER);
      course.begun(4, 2);
      orders.take();
      course.late(others, 1);

      assertThat(orders.take())
          .containsExactly(
              "take over 2 from 3 in step 3", "other LATE at 3: the others do its part");
    }

    /**
     * Until it has, nothing that is waited for begins: what a plan may have begun is known then.
     */
    @Test
    void whileAPlanMayHaveBegunAStepIsLateWhenItIsToldAgain() {
      RunCourse course = atStep3();
      join(course, NEWCOMER, "newcomer");
      known(course, 2, WORKER, OTHER, NEWCOMER);
      orders.take();
      course.late(others, 1);
      assertThat(orders.take()).isEmpty();
      course.late(others, 2);

      assertThat(orders.take())
          .containsExactly(
              "take over 2 from 3 in step 3", "other LATE at 3: the others do its part");
    }

    @Test
    void aNewcomerIsGivenMoreTimeForItsFirstStep() {
      RunCourse course = atStep3();
      join(course, NEWCOMER, "newcomer");
      known(course, 2, WORKER, OTHER, NEWCOMER);
      course.begun(4, 2);
      orders.take();
      OpenStep newcomers = new OpenStep(4, 4, List.of(2, 3));
      course.late(newcomers, 1);
      course.late(newcomers, 2);
      assertThat(orders.take()).isEmpty();
      course.late(newcomers, 3);

      assertThat(orders.take()).contains("newcomer LATE at 4: the others do its part");
    }

    @Test
    void aNewcomerIsLateInALaterStepLikeAll() {
      RunCourse course = atStep3();
      join(course, NEWCOMER, "newcomer");
      known(course, 2, WORKER, OTHER, NEWCOMER);
      course.begun(4, 2);
      orders.take();
      course.late(new OpenStep(5, 4, List.of(2, 3)), 1);

      assertThat(orders.take()).contains("newcomer LATE at 5: the others do its part");
    }

    @Test
    void nobodyIsLateWhereAllWait() {
      RunCourse course = atStep3();

      course.late(new OpenStep(3, 4, List.of(1, 2)), 1);

      assertThat(orders.take()).isEmpty();
    }

    @Test
    void whoHasNothingToDoIsNoProofThatOthersAreLate() {
      RunCourse course = atStep3();

      course.late(new OpenStep(3, 1, List.of(0)), 1);

      assertThat(orders.take()).isEmpty();
    }

    @Test
    void anAnswerToWhatItWasToldBeforeDoesNotBringItBack() {
      RunCourse course = atStep3();
      course.late(others, 1);
      known(course, 2, WORKER);
      course.begun(4, 2);
      orders.take();

      known(course, 2, OTHER);

      assertThat(orders.take()).isEmpty();
    }

    @Test
    void isAskedAfterMoreAndMoreStepsWhetherItIsBack() {
      RunCourse course =
          new RunCourse(
              new RunShape(
                  2,
                  1,
                  0,
                  1_000,
                  List.of(),
                  RunShape.NO_CHECKPOINTS,
                  0,
                  EarlyStopping.OFF,
                  Validations.NONE,
                  16,
                  0),
              orders);
      course.offer(SERVER, "server", 0, 1);
      course.offer(WORKER, "worker", 1, 0);
      course.offer(OTHER, "other", 1, 0);
      prepareFounders(course);
      course.opened(0);
      course.ready(WORKER);
      course.ready(OTHER);
      course.late(new OpenStep(0, 4, List.of(3)), 1);
      known(course, 2, WORKER);
      course.begun(1, 2);
      course.stepsDone(0, 19, sums(19));
      orders.take();

      course.stepsDone(0, 20, sums(1));
      assertThat(orders.take()).contains("know 3 plan 2 [2x1]");
      known(course, 2, OTHER);
      assertThat(orders.take())
          .containsExactly("know 2 plan 3 [2x1, 3x1]", "know 3 plan 3 [2x1, 3x1]");
      known(course, 3, WORKER, OTHER);
      course.begun(21, 3);
      orders.take();

      course.late(new OpenStep(21, 4, List.of(3)), 1);
      known(course, 4, WORKER);
      course.begun(22, 4);
      orders.take();
      course.stepsDone(0, 59, sums(39));
      assertThat(orders.take()).doesNotContain("know 3 plan 4 [2x1]");
      course.stepsDone(0, 60, sums(1));
      assertThat(orders.take()).contains("know 3 plan 4 [2x1]");
    }

    @Test
    void theEndDoesNotWaitForTheLate() {
      RunCourse course = atStep3();
      course.late(others, 1);
      known(course, 2, WORKER);
      course.begun(4, 2);
      course.stepsDone(0, STEPS, sums((int) STEPS - 3));
      orders.take();

      left(course, WORKER);

      assertThat(orders.take()).contains("trained " + STEPS);
    }
  }
}
