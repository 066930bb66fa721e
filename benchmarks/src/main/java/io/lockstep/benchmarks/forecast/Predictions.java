package io.lockstep.benchmarks.forecast;

import io.lockstep.forecast.ClusterSpec;
import io.lockstep.forecast.Link;
import io.lockstep.forecast.Simulator;
import io.lockstep.forecast.Stragglers;
import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Network;
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
            ? emulated.computeIfAbsent(
                network, n -> simulator(n, n.replayed(results.replayed(n, kernels))))
            : here.computeIfAbsent(network, n -> simulator(n, n.real()));
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
    return new ClusterSpec(
        cell.nodes(),
        1,
        cores,
        cell.servers(),
        false,
        !cell.isEmulated(),
        link,
        new Stragglers.None());
  }

  private Simulator simulator(ForecastNetwork network, Network trained) {
    Job job = network.job(trained, 1);
    return connect(job, kernels);
  }

  /** To be connected: the profile of {@code job} here, and the simulator that goes by it. */
  private static Simulator connect(Job job, Kernels kernels) {
    throw new UnsupportedOperationException(
        "predict: expected a profile and a simulator of "
            + job.network()
            + ", but neither is connected yet; `forecast measure` does without");
  }
}
