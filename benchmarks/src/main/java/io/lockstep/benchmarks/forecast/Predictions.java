package io.lockstep.benchmarks.forecast;

import io.lockstep.Profiling;
import io.lockstep.config.Configuration;
import io.lockstep.forecast.ClusterSpec;
import io.lockstep.forecast.Hardware;
import io.lockstep.forecast.Link;
import io.lockstep.forecast.Profile;
import io.lockstep.forecast.Simulator;
import io.lockstep.forecast.Stragglers;
import io.lockstep.forecast.run.ClusterSimulator;
import io.lockstep.kernels.Kernels;
import io.lockstep.training.Job;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What the forecast says of cells. It knows what a network costs in one process on this machine, by
 * a profile: of the network itself for processes of this machine, of the one that waits for
 * emulated nodes.
 */
final class Predictions {

  /** A thread that computes, and one for the network. */
  private static final int CORES_OF_NODE = 2;

  /** A profile does not depend on how long is trained. */
  private static final int ENDLESS_SECONDS = 1_000;

  private final ForecastResults results;
  private final Kernels kernels;
  private final Map<ForecastNetwork, Simulator> emulated = new EnumMap<>(ForecastNetwork.class);
  private final Map<ForecastNetwork, Simulator> here = new EnumMap<>(ForecastNetwork.class);

  /**
   * @param results know for how long layers wait
   */
  Predictions(ForecastResults results, Kernels kernels) {
    this.results = results;
    this.kernels = kernels;
  }

  /** Milliseconds of a step. */
  double stepMs(Cell cell) {
    ForecastNetwork network = cell.network();
    Simulator simulator =
        cell.isEmulated()
            ? emulated.computeIfAbsent(network, this::emulated)
            : here.computeIfAbsent(network, Predictions::here);
    var size =
        new Simulator.Size(
            cell.nodes() * network.rows(), network.microBatches(cell.nodes()).count());
    return 1e-6 * simulator.run(machines(cell), size, Set.of()).stepNanos();
  }

  private static ClusterSpec machines(Cell cell) {
    Link link =
        cell.isEmulated()
            ? new Link(cell.mbit() * 1e6, TimeUnit.MILLISECONDS.toNanos(cell.latencyMs()))
            : Link.FREE;
    int cores = cell.isEmulated() ? CORES_OF_NODE : Runtime.getRuntime().availableProcessors();
    Hardware hardware = new Hardware(cores, !cell.isEmulated(), link, new Stragglers.None());
    return new ClusterSpec(cell.nodes(), 1, cell.servers(), false, hardware);
  }

  private Simulator emulated(ForecastNetwork network) {
    LayerTimes times = results.replayed(network, kernels);
    return simulator(
        network.configuration(times, 1, ENDLESS_SECONDS), network.job(network.replayed(times), 1));
  }

  private static Simulator here(ForecastNetwork network) {
    return simulator(network.configuration(1, ENDLESS_SECONDS), network.job(network.real(), 1));
  }

  /**
   * By a profile that is measured now.
   *
   * @param configuration of {@code job}
   */
  private static Simulator simulator(String configuration, Job job) {
    Configuration parsed = Configuration.parse(configuration, job.network().toString());
    Profile profile = Profiling.create(parsed, job.data()).run((what, done) -> {});
    return new ClusterSimulator(
        job, ForecastNetwork.BUCKET_BYTES, profile, job.seed(), ClusterSimulator.Window.USUAL);
  }
}
