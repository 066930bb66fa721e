package io.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.training.CourseReports;
import io.lockstep.training.Evaluation;
import io.lockstep.training.StepSums;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportMessagesTest {

  private static final List<StepSums> SUMS = List.of(new StepSums(1, 2, 3, 4));

  private final List<Coordinator.Command> told = new ArrayList<>();
  private final ReportMessages messages = new ReportMessages(told::add);

  @Test
  void tellsOfAServerAndOfAStandbyByDifferentMessages() {
    messages.stepsDone(1, CourseReports.SERVED, 9, SUMS);
    messages.stepsDone(1, 4, 9, SUMS);
    messages.evaluated(1, CourseReports.SERVED, Evaluation.TEST, 9, SUMS.getFirst());
    messages.evaluated(1, 4, Evaluation.TEST, 9, SUMS.getFirst());

    assertThat(told)
        .containsExactly(
            new Coordinator.StepsDone(1, 9, SUMS),
            new Coordinator.StepsMirrored(1, 4, 9, SUMS),
            new Coordinator.Evaluated(Evaluation.TEST, 9, SUMS.getFirst()),
            new Coordinator.EvaluationMirrored(1, 4, Evaluation.TEST, 9, SUMS.getFirst()));
  }
}
