package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.nn.Sums;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShardReportsTest {

  private static final TotalsPart PART = new TotalsPart(2, 0, 1, List.of(0.5));
  private static final long URGENT = 5;

  private final RecordedReports course = new RecordedReports();
  private long nanos = 1_000;
  private int woken;
  private ShardReports reports = reports(CourseReports.SERVED, true);

  private ShardReports reports(int standby, boolean keepsSums) {
    var subject = new ShardReports.Subject(3, 1, standby, keepsSums);
    ShardReports made =
        new ShardReports(subject, version -> version == URGENT, () -> woken++, () -> nanos);
    made.start(nanos);
    return made;
  }

  private static Sums loss(double loss) {
    Sums sums = new Sums();
    sums.loss = loss;
    return sums;
  }

  private void stepDone(long step) {
    nanos++;
    reports.stepDone(step, Sums.NONE, loss((double) step));
  }

  private List<String> told() {
    reports.tell(course);
    return course.take();
  }

  @Test
  void tellsPlansBeforeTheirStepsAndThenCopies() {
    stepDone(0);
    reports.snapshotTaken(1);
    reports.begun(1, 7);
    stepDone(1);

    assertThat(told())
        .containsExactly(
            "step 1 begins under plan 7",
            "shard 1 copied at 1",
            "shard 1/0 before 2: [0.0@1, 1.0@2]");
    assertThat(told()).isEmpty();
  }

  @Test
  void tellsEvaluationsBetweenTheStepsAroundThem() {
    stepDone(0);
    reports.evaluated(Evaluation.VALIDATION, 1, loss(9));
    stepDone(1);

    assertThat(told())
        .containsExactly(
            "shard 1/0 before 1: [0.0@1]",
            "shard 1/0 VALIDATION of 1: 9.0@1",
            "shard 1/0 before 2: [1.0@2]");
  }

  @Test
  void tellsOfManyStepsInSeveralMessages() {
    for (int step = 0; step < 1_500; step++) {
      stepDone(step);
    }

    assertThat(told())
        .hasSize(2)
        .satisfiesExactly(
            first -> assertThat(first).startsWith("shard 1/0 before 1000: [0.0@1,"),
            rest -> assertThat(rest).startsWith("shard 1/0 before 1500: [1000.0@1001,"));
  }

  @Test
  void aShardThatKeepsNoSumsTellsHowFarItIs() {
    reports = reports(CourseReports.SERVED, false);
    stepDone(0);
    stepDone(1);

    assertThat(told()).containsExactly("shard 1/0 before 2: []");
    assertThat(told()).isEmpty();
  }

  @Test
  void aStandbyTellsOfItselfByItsNumber() {
    reports = reports(4, true);
    reports.filled(0);
    stepDone(0);
    reports.evaluated(Evaluation.TEST, 1, loss(9));
    reports.primaryLost("reset");
    reports.tellAsStandby(course);

    assertThat(course.take())
        .containsExactly(
            "node 3 filled shard 1/4 at 0",
            "shard 1/4 before 1: [0.0@1]",
            "shard 1/4 TEST of 1: 9.0@1",
            "shard 1/4 lost its primary: reset");
  }

  @Test
  void whatServesAfterItWasAStandbyTellsAsAServer() {
    reports = reports(4, true);
    stepDone(0);

    assertThat(told()).containsExactly("shard 1/0 before 1: [0.0@1]");
  }

  @Test
  void wakesForWhatSomebodyWaitsForAlone() {
    stepDone(URGENT - 2);
    assertThat(woken).isZero();

    stepDone(URGENT - 1);
    assertThat(woken).isEqualTo(1);
    reports.stepDone(URGENT, 2, loss(1));
    reports.disconnected("node-2", "reset");

    assertThat(woken).isEqualTo(3);
    assertThat(told()).endsWith("shard 1 failed in step 5, layer 2", "node-2 disconnected: reset");
  }

  @Test
  void whatWasMeasuredIsToldUntilItsStepIsDone() {
    reports.measured(7, PART);
    assertThat(woken).isEqualTo(1);

    assertThat(told()).containsExactly("shard 1 measured [0.5] in step 7");
    assertThat(told()).isEmpty();
    nanos += RunTimes.MEASURED_AGAIN_EVERY.toNanos();
    assertThat(told()).containsExactly("shard 1 measured [0.5] in step 7");
    nanos += RunTimes.MEASURED_AGAIN_EVERY.toNanos();
    stepDone(7);
    assertThat(told()).hasSize(1).noneMatch(report -> report.contains("measured"));
  }

  @Test
  void keepsWhatItHasTold() {
    for (int step = 0; step < 4; step++) {
      stepDone(step);
    }
    reports.evaluated(Evaluation.VALIDATION, 4, loss(9));
    told();

    ShardReports.Kept kept = reports.kept(2);
    assertThat(kept.first()).isEqualTo(2);
    assertThat(kept.sums()).extracting(StepSums::loss).containsExactly(2.0, 3.0);
    assertThat(kept.evaluations())
        .containsExactly(new ShardReports.Done(Evaluation.VALIDATION, 4, new StepSums(0, 9, 0, 4)));
  }
}
