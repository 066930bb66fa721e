package io.lockstep.report.scale;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A scaling experiment as a table with a line for each run. Stateless. */
public final class ScaleCsv {

  private static final List<String> HEAD =
      List.of(
          "workers",
          "servers",
          "batch",
          "round",
          "rows_per_second",
          "step_ms",
          "compute_ms",
          "give_ms",
          "aggregation_ms",
          "exposed_ms",
          "slowest_ms",
          "other_ms",
          "steps",
          "seconds",
          "loss",
          "seconds_to_target",
          "weights_sha256",
          "folder");

  private ScaleCsv() {}

  /** The content of the file; fields of what was not measured are empty. */
  public static String text(ScaleResults results) {
    Stream<String> head = Stream.of(String.join(",", HEAD));
    return Stream.concat(head, results.runs().stream().map(ScaleCsv::line))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static String line(ScaleRun run) {
    ScaleCell cell = run.cell();
    ScaleRun.End end = run.end();
    Stream<Object> before =
        Stream.of(
            cell.workers(),
            cell.servers(),
            cell.batch(),
            run.round(),
            run.rate().rowsPerSecond(),
            run.rate().stepMs());
    Stream<?> parts =
        run.parts() == null
            ? Stream.of("", "", "", "", "", "")
            : Stream.concat(run.parts().values().stream(), Stream.of(run.otherMs()));
    Stream<Object> after =
        Stream.of(
            end.steps(),
            end.seconds(),
            Double.isNaN(end.loss()) ? "" : end.loss(),
            end.secondsToTarget() == null ? "" : end.secondsToTarget(),
            end.weightsSha256(),
            run.folder());
    return Stream.of(before, parts, after)
        .flatMap(fields -> fields)
        .map(Objects::toString)
        .collect(Collectors.joining(","));
  }
}
