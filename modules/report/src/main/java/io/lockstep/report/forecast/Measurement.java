package io.lockstep.report.forecast;

import io.lockstep.report.scale.ScaleResults;
import java.util.ArrayList;
import java.util.List;

/**
 * What a scaling experiment measured of what a forecast predicts.
 *
 * @param compared all that was both predicted and measured
 * @param remarks what else differs, and may be why they do
 */
public record Measurement(List<Comparison> compared, List<String> remarks) {

  /** Nothing was measured. */
  public static final Measurement NONE = new Measurement(List.of(), List.of());

  private static final String PROCESSES = "--processes";

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
    return new Measurement(Comparison.of(forecast, measured), remarks(measured.setup(), cpu));
  }

  private static List<String> remarks(ScaleResults.Setup setup, String cpu) {
    List<String> remarks = new ArrayList<>();
    if (!setup.machine().cpu().equals(cpu)) {
      remarks.add(
          "measured on another processor than the profile: %s, not %s"
              .formatted(setup.machine().cpu(), cpu));
    }
    if (!List.of(setup.command().split(" ")).contains(PROCESSES)) {
      remarks.add(
          "measured in one process (without %s), where nothing travels: a forecast is of several"
              .formatted(PROCESSES));
    }
    return remarks;
  }
}
