package io.lockstep.report.forecast;

import io.lockstep.report.forecast.ForecastPoint.Limit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A forecast as a table with a line for each cluster. Of each resource that any of them has there
 * is a column with what would be saved without it, and one with how much it is used.
 */
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

  private final List<ForecastPoint> points;
  private final SortedSet<String> saving;
  private final SortedSet<String> used;

  private ForecastCsv(ForecastResults results) {
    this.points = results.points();
    this.saving = names(Limit::gains);
    this.used = names(Limit::utilization);
  }

  /** The content of the file; fields of what there is not are empty. */
  public static String text(ForecastResults results) {
    ForecastCsv csv = new ForecastCsv(results);
    return Stream.concat(Stream.of(csv.head()), csv.points.stream().map(csv::line))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private SortedSet<String> names(Function<Limit, Map<String, Double>> figures) {
    return points.stream()
        .flatMap(point -> figures.apply(point.limit()).keySet().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private String head() {
    Stream<String> figures =
        Stream.concat(
            saving.stream().map(name -> "saved_without_" + name),
            used.stream().map(name -> "utilization_of_" + name));
    return Stream.concat(HEAD.stream(), figures.map(name -> name.replace(' ', '_')))
        .collect(Collectors.joining(","));
  }

  private static Stream<Object> figures(SortedSet<String> names, Map<String, Double> figures) {
    return names.stream().map(name -> figures.containsKey(name) ? figures.get(name) : "");
  }

  private String line(ForecastPoint point) {
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
    return Stream.of(
            before,
            point.parts().values().stream(),
            after,
            figures(saving, point.limit().gains()),
            figures(used, point.limit().utilization()))
        .flatMap(fields -> fields)
        .map(Objects::toString)
        .collect(Collectors.joining(","));
  }
}
