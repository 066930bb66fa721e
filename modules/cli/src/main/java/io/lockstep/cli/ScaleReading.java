package io.lockstep.cli;

import io.lockstep.model.Metrics;
import io.lockstep.model.RunFolder;
import io.lockstep.model.RunSummary;
import io.lockstep.report.scale.ScaleCurve;
import io.lockstep.report.scale.ScaleRun;
import io.lockstep.report.scale.SteadyParts;
import io.lockstep.report.scale.SteadyRate;
import io.lockstep.training.RunEvent;
import io.lockstep.training.RunEvent.What;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads what a run that is finished came to.
 *
 * @param job the run
 * @param round from 1
 * @param summary of the run
 * @param metrics that it told
 */
record ScaleReading(ScaleJob job, int round, RunSummary summary, List<Metrics> metrics) {

  /** After these a run is not, or was not all along, one of all its workers and servers. */
  private static final Set<What> DISTURBING =
      EnumSet.of(
          What.LEFT,
          What.LOST,
          What.LATE,
          What.TOOK_OVER,
          What.WENT_ON,
          What.WAITING,
          What.RESUMED);

  /** Reads its folder. */
  static ScaleReading of(ScaleJob job, int round) {
    RunSummary summary = RunFolder.open(job.folder()).readSummary();
    return new ScaleReading(job, round, summary, ScaleRuns.metrics(job));
  }

  /** How its loss went on. */
  ScaleCurve curve() {
    return ScaleCurve.of(job.cell(), metrics);
  }

  /**
   * Its figures.
   *
   * @param runs those that it is one of
   * @throws ScaleException if it is too short, or has not reached its target
   */
  ScaleRun figures(ScaleRuns runs, ScaleLength length) {
    ScaleRun.End end =
        new ScaleRun.End(
            summary.steps(),
            summary.seconds(),
            summary.train() == null ? Double.NaN : summary.train().loss(),
            summary.weightsSha256(),
            length instanceof ScaleLength.Until(ScaleTarget target) ? secondsTo(target) : null);
    return new ScaleRun(
        job.cell(),
        runs.grid().cut(job.cell()).microBatches(),
        round,
        runs.folder().relativize(job.folder()).toString(),
        rate(length),
        SteadyParts.of(metrics),
        end);
  }

  private SteadyRate rate(ScaleLength length) {
    try {
      return SteadyRate.of(metrics);
    } catch (IllegalArgumentException tooShort) {
      boolean until = length instanceof ScaleLength.Until;
      throw new ScaleException(
          "%s: expected at least two reports of steps; %s"
              .formatted(
                  job.folder(),
                  until
                      ? "name a smaller --batch, or another --until"
                      : "have it run longer, by --steps or --seconds"));
    }
  }

  private double secondsTo(ScaleTarget target) {
    return target
        .search()
        .in(metrics)
        .map(Metrics.Evaluation::seconds)
        .orElseThrow(
            () ->
                new ScaleException(
                    "%s: expected %s, which the run before all others reached, but found %s at best"
                        .formatted(job.folder(), target, target.bestIn(metrics))));
  }

  /** What keeps its speed from being that of its cell, for people; empty if nothing does. */
  Optional<String> remark() {
    List<RunEvent> events =
        summary.events().stream()
            .filter(event -> DISTURBING.stream().anyMatch(w -> w.word().equals(event.what())))
            .map(e -> new RunEvent(What.of(e.what()), e.step(), e.node(), e.detail()))
            .toList();
    if (events.isEmpty()) {
      return Optional.empty();
    }
    String more = events.size() == 1 ? "" : " (and %d more)".formatted(events.size() - 1);
    return Optional.of(
        "%s, round %d: %s%s: its speed is not that of an undisturbed run; delete %s to have it made anew by the same command"
            .formatted(
                job.cell().name(),
                round,
                ProgressText.event(events.getFirst()),
                more,
                job.folder()));
  }
}
