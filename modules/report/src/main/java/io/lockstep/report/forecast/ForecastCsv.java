package io.lockstep.report.forecast;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A forecast as a table with a line for each cluster. Stateless. */
public final class ForecastCsv {

  private static final List<String> HEAD =
      List.of(
          "nodes",
          "workers",
          "busy_workers",
          "servers",
          "batch",
          "micro_batches",
          "rows_per_second",
          "rows_per_second_least",
          "rows_per_second_most",
          "efficiency",
          "step_ms",
          "compute_ms",
          "give_ms",
          "aggregation_ms",
          "exposed_ms",
          "slowest_ms",
          "bottleneck",
          "bottleneck_share",
          "servers_to_remove_it",
          "steps",
          "steps_seconds",
          "evaluations_seconds",
          "lost_seconds");

  private ForecastCsv() {}

  /** The content of the file; fields of what there is not are empty. */
  public static String text(ForecastResults results) {
    Stream<String> head = Stream.of(String.join(",", HEAD));
    return Stream.concat(head, results.points().stream().map(ForecastCsv::line))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static String line(ForecastPoint point) {
    Stream<Object> before =
        Stream.of(
            point.machines().nodes(),
            point.machines().workers(),
            point.machines().busyWorkers(),
            point.machines().servers(),
            point.batch(),
            point.microBatches(),
            point.rate().median(),
            point.rate().least(),
            point.rate().most(),
            point.efficiency(),
            point.stepMs());
    Stream<Object> after =
        Stream.of(
            point.limit().name(),
            point.limit().gain(),
            point.limit().servers() == null ? "" : point.limit().servers(),
            point.training().steps(),
            point.training().stepsSeconds(),
            point.training().evaluationsSeconds(),
            point.training().lostSeconds());
    return Stream.of(before, point.parts().values().stream(), after)
        .flatMap(fields -> fields)
        .map(Objects::toString)
        .collect(Collectors.joining(","));
  }
}
