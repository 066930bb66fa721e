package io.lockstep.report.scale;

import io.lockstep.model.Metrics;
import io.lockstep.report.LinesPanel.Spot;
import java.util.ArrayList;
import java.util.List;

/**
 * How the loss of a run went on.
 *
 * @param cell what the run is of
 * @param points in the order of the steps
 */
public record ScaleCurve(ScaleCell cell, List<Point> points) {

  /**
   * A report.
   *
   * @param seconds since the first step began
   * @param rows trained on so far
   * @param loss mean of the rows since the report before
   */
  public record Point(double seconds, double rows, double loss) {

    Spot bySeconds() {
      return Spot.of(seconds, loss);
    }

    Spot byRows() {
      return Spot.of(rows, loss);
    }
  }

  /** From the lines of {@code metrics.jsonl}. */
  public static ScaleCurve of(ScaleCell cell, List<Metrics> metrics) {
    List<Point> points = new ArrayList<>();
    double rows = 0;
    double seconds = 0;
    for (Metrics line : metrics) {
      if (line instanceof Metrics.Step step) {
        rows += step.samplesPerSecond() * (step.seconds() - seconds);
        seconds = step.seconds();
        points.add(new Point(seconds, rows, step.loss()));
      }
    }
    return new ScaleCurve(cell, List.copyOf(points));
  }
}
