package io.lockstep.report.forecast;

import io.lockstep.report.Distribution;
import io.lockstep.report.scale.ScaleCell;
import io.lockstep.report.scale.ScaleResults;
import java.util.List;

/**
 * What was predicted beside what was measured: of the same workers, servers and batch.
 *
 * @param predicted of a cluster
 * @param rate measured rows a second
 * @param stepMs measured milliseconds of a step
 */
public record Comparison(ForecastPoint predicted, Distribution rate, Distribution stepMs) {

  /** Of all points that were measured, too. */
  public static List<Comparison> of(ForecastResults forecast, ScaleResults measured) {
    return forecast.points().stream()
        .filter(point -> measured.cells().contains(cell(point)))
        .map(
            point ->
                new Comparison(point, measured.rate(cell(point)), measured.stepMs(cell(point))))
        .toList();
  }

  static ScaleCell cell(ForecastPoint point) {
    return new ScaleCell(point.machines().workers(), point.machines().servers(), point.batch());
  }

  /** By how much the predicted time of a step is off, by the median measured; 0 is right. */
  public double error() {
    return predicted.stepMs() / stepMs.median() - 1;
  }
}
