package io.lockstep.cli;

import io.lockstep.EpochReport;
import io.lockstep.RunInfo;
import io.lockstep.StepReport;
import io.lockstep.model.RunSummary;
import io.lockstep.model.RunSummary.Score;
import io.lockstep.model.RunSummary.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Events of a run, for tests. */
final class Samples {

  private Samples() {}

  static RunInfo info(int workers, List<Integer> idle) {
    return new RunInfo(
        "digits",
        "784-128-10 relu, categorical",
        101_770,
        22_500,
        2_500,
        5_000,
        8,
        1_408L,
        128,
        4,
        workers,
        idle,
        1,
        "vector512",
        Optional.of(Path.of("runs", "a")));
  }

  static StepReport step(double loss, double accuracy, double secondsLeft) {
    return new StepReport(
        704, 1_408, 4, 8, loss, accuracy, 0.001, 41_234.5, 2.25, secondsLeft, true);
  }

  static EpochReport epoch(Score validation) {
    return new EpochReport(
        4, 8, 704, new Score(0.0443, 0.9918), validation, 0.001, 5.61, 15_947, true);
  }

  static RunSummary summary(Status status, String message, Score validation) {
    return new RunSummary(
        status,
        message,
        "ab12",
        null,
        1_408,
        8,
        2,
        1,
        4,
        List.of(2_816L, 2_816L),
        List.of(),
        List.of(),
        1,
        101_770,
        8.31,
        21_760,
        new Score(0.0186, 0.9982),
        validation,
        new Score(0.0599, 0.983),
        "digits",
        "cd34",
        List.of(),
        "2026-01-01T12:00:00Z",
        "25",
        "a CPU",
        2,
        "vector512",
        "0.1.0",
        "e5f6");
  }
}
