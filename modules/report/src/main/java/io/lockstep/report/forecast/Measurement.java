package io.lockstep.report.forecast;

import io.lockstep.report.scale.ScaleResults;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a scaling experiment measured of what a forecast predicts.
 *
 * @param compared all that was both predicted and measured
 * @param remarks what else differs, and may be why they do
 */
public record Measurement(List<Comparison> compared, List<String> remarks) {

  /** Nothing was measured. */
  public static final Measurement NONE = new Measurement(List.of(), List.of());

  /** Keeps copies. */
  public Measurement {
    compared = List.copyOf(compared);
    remarks = List.copyOf(remarks);
  }

  /**
   * Of the same workers, servers and batch.
   *
   * @param cpu the processor that the profile is of
   */
  public static Measurement of(ForecastResults forecast, ScaleResults measured, String cpu) {
    List<Comparison> compared = Comparison.of(forecast, measured);
    Differences differences = new Differences(forecast.setup(), measured.setup());
    List<String> remarks =
        Stream.of(
                differences.processor(cpu),
                differences.places(),
                differences.workersPerNode(),
                differences.standbys(),
                differences.gradients(),
                microBatches(compared, measured))
            .flatMap(Optional::stream)
            .toList();
    return new Measurement(compared, remarks);
  }

  /** Of the first cluster that has others: passes over more at once are faster. */
  private static Optional<String> microBatches(List<Comparison> compared, ScaleResults measured) {
    for (Comparison one : compared) {
      int predicted = one.predicted().microBatches();
      for (int found : measured.microBatches(Comparison.cell(one.predicted()))) {
        if (found != 0 && found != predicted) { // 0: not known.
          return Optional.of(
              "micro-batches of a step: measured with %d, predicted with %d, for %s"
                  .formatted(found, predicted, one.predicted().name()));
        }
      }
    }
    return Optional.empty();
  }
}
