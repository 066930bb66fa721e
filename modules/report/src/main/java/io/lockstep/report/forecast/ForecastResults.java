package io.lockstep.report.forecast;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.lockstep.model.BuildInfo;
import io.lockstep.model.Json;
import io.lockstep.report.scale.Deployment;
import io.lockstep.report.scale.ScaleMode;
import java.util.List;

/**
 * All that was predicted: the content of {@code forecast.json}. The same profile and seed give the
 * same.
 *
 * @param setup what all points have in common
 * @param remarks what a reader must not miss, the first things to be said
 * @param points by nodes, ascending
 * @param answer to the question for the smallest cluster that is fast enough; null if nobody asked
 */
public record ForecastResults(
    Setup setup, List<String> remarks, List<ForecastPoint> points, String answer) {

  /**
   * What all points have in common.
   *
   * @param network name of the configuration
   * @param mode what stays the same when there are more nodes
   * @param assumptions about machines, network and failures, each a sentence
   * @param profiled where the profile was measured, that everything is calculated from
   * @param seed of what is drawn by lot
   * @param build what predicted
   * @param deployment of what is predicted
   */
  public record Setup(
      String network,
      ScaleMode mode,
      List<String> assumptions,
      String profiled,
      long seed,
      BuildInfo build,
      Deployment deployment) {}

  /** Keeps copies. */
  public ForecastResults {
    remarks = List.copyOf(remarks);
    points = List.copyOf(points);
  }

  /** Whether points differ in what draws by lot came to. */
  boolean isSpread() {
    return points.stream().anyMatch(point -> point.rate().most() > point.rate().least());
  }

  /** As indented JSON, with a newline at the end. */
  public String toJson() {
    return Json.indented(this) + "\n";
  }

  /**
   * Reads the content of {@code forecast.json}.
   *
   * @throws JsonProcessingException if it is none
   */
  public static ForecastResults of(String json) throws JsonProcessingException {
    return Json.read(json, ForecastResults.class);
  }
}
