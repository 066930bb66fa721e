package io.lockstep.cli;

import io.lockstep.forecast.Bottleneck;
import io.lockstep.forecast.ClusterSpec;
import io.lockstep.forecast.Forecaster;
import io.lockstep.forecast.Prediction;
import io.lockstep.forecast.Resource;
import io.lockstep.forecast.SmallestCluster;
import io.lockstep.report.forecast.ForecastPoint;
import io.lockstep.report.forecast.ForecastPoint.Limit;
import io.lockstep.report.forecast.ForecastPoint.Machines;
import io.lockstep.report.forecast.ForecastPoint.Rate;
import io.lockstep.report.forecast.ForecastPoint.Training;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Predictions as reports have them.
 *
 * @param forecaster who predicts
 * @param options the user's
 */
record ForecastPoints(Forecaster forecaster, ForecastOptions options) {

  private static final double MILLI = 1e6;
  private static final double SECOND = 1e9;

  /** What a cluster would do, with enough servers if they are to be found. */
  ForecastPoint of(ClusterSpec cluster) {
    return of(
        forecaster.predict(
            options.autoServers() ? forecaster.withEnoughServers(cluster) : cluster));
  }

  /**
   * What clusters would do, in their order: found together, the largest first, since they take
   * longest.
   */
  List<ForecastPoint> of(List<ClusterSpec> clusters) {
    return forecaster.together(clusters.reversed(), this::of).reversed();
  }

  /** The smallest cluster that is fast enough. */
  SmallestCluster smallest(ClusterSpec like) {
    return forecaster.within(like, options.autoServers(), options.withinNanos());
  }

  /** What was predicted. */
  ForecastPoint of(Prediction prediction) {
    ClusterSpec cluster = prediction.cluster();
    int workers = cluster.workers();
    return new ForecastPoint(
        new Machines(cluster.nodes(), workers, prediction.busyWorkers(), cluster.servers()),
        prediction.size().rows(),
        prediction.size().microBatches(),
        new Rate(
            prediction.leastRowsPerSecond(),
            prediction.rowsPerSecond(),
            prediction.mostRowsPerSecond()),
        prediction.efficiency(),
        prediction.step().stepNanos() / MILLI,
        prediction.step().parts().over(MILLI),
        limit(prediction),
        training(prediction.training()));
  }

  private static Training training(Prediction.Training training) {
    return new Training(
        training.steps(),
        training.stepsNanos() / SECOND,
        training.evaluationsNanos() / SECOND,
        training.lostNanos() / SECOND);
  }

  private Limit limit(Prediction prediction) {
    Bottleneck bottleneck = prediction.bottleneck();
    return new Limit(
        name(bottleneck.resources()),
        bottleneck.gain(),
        removedBy(prediction.cluster(), bottleneck),
        named(bottleneck.gains()),
        named(prediction.step().utilization()));
  }

  /** The servers with which they are no bottleneck; null where they are none, or always one. */
  private Integer removedBy(ClusterSpec cluster, Bottleneck bottleneck) {
    if (!bottleneck.is(Resource.SERVER_LINK) && !bottleneck.is(Resource.AGGREGATION)) {
      return null;
    }
    ClusterSpec enough = forecaster.withEnoughServers(cluster);
    return forecaster.isEnough(enough) ? enough.servers() : null;
  }

  private static Map<String, Double> named(Map<Resource, Double> figures) {
    Map<String, Double> named = new TreeMap<>();
    figures.forEach((resource, figure) -> named.put(name(resource), figure));
    return named;
  }

  /** Of one thing, of both links, or of all that being several costs. */
  private static String name(List<Resource> resources) {
    if (resources.equals(List.of(Resource.WORKER_LINK, Resource.SERVER_LINK))) {
      return "both links";
    }
    return resources.size() == 1 ? name(resources.getFirst()) : "several";
  }

  /** Such as {@code server link}. */
  private static String name(Resource resource) {
    return resource.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
