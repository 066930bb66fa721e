package io.lockstep.benchmarks;

import io.lockstep.data.Dataset;
import io.lockstep.data.Partitions;
import io.lockstep.data.Sampler;
import io.lockstep.data.Scaling;
import io.lockstep.data.Split;
import io.lockstep.forecast.AggregationCosts;
import io.lockstep.forecast.ClusterSpec;
import io.lockstep.forecast.Hardware;
import io.lockstep.forecast.Link;
import io.lockstep.forecast.PassCosts;
import io.lockstep.forecast.PassScript;
import io.lockstep.forecast.Profile;
import io.lockstep.forecast.Simulated;
import io.lockstep.forecast.Simulator;
import io.lockstep.forecast.Stragglers;
import io.lockstep.forecast.WireCosts;
import io.lockstep.forecast.run.ClusterSimulator;
import io.lockstep.optim.LearningRateSchedule;
import io.lockstep.optim.Momentum;
import io.lockstep.training.Buckets;
import io.lockstep.training.EarlyStopping;
import io.lockstep.training.Epochs;
import io.lockstep.training.GradientFormat;
import io.lockstep.training.Job;
import io.lockstep.training.MicroBatches;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How long it takes to simulate a cluster: steps of the network W1 on many nodes, 32 rows each,
 * with four parameter servers, links of 10 Gbit/s and 50 µs. What computing costs is made up, since
 * it does not matter to who simulates.
 */
public final class SimulationTable {

  private static final int SERVERS = 4;
  private static final int ROWS = 32;
  private static final long BUCKET_BYTES = 100_000;

  private SimulationTable() {}

  /** Arguments: steps, then numbers of nodes. */
  public static void main(String[] arguments) {
    int steps = Integer.parseInt(arguments[0]);
    System.out.println("| nodes | simulated | seconds | events | events/s | MB |");
    System.out.println("| ---: | ---: | ---: | ---: | ---: | ---: |");
    for (int i = 1; i < arguments.length; i++) {
      row(Integer.parseInt(arguments[i]), steps);
    }
  }

  private static void row(int nodes, int steps) {
    Job job = job();
    ClusterSimulator.Window window = new ClusterSimulator.Window(1, steps - 1);
    Simulator simulator = new ClusterSimulator(job, BUCKET_BYTES, profile(job), 1, window);
    ClusterSpec spec =
        new ClusterSpec(
            nodes,
            1,
            SERVERS,
            false,
            new Hardware(4, false, new Link(1e10, 50_000), new Stragglers.None()));
    long since = System.nanoTime();
    Simulated simulated = simulator.run(spec, new Simulator.Size(nodes * ROWS, nodes), Set.of());
    double seconds = (System.nanoTime() - since) / 1e9;
    Runtime memory = Runtime.getRuntime();
    System.out.printf(
        "| %,d | %,d steps of %.2f ms | %.1f | %,d | %,.0f | %,d |%n",
        nodes,
        steps,
        simulated.stepNanos() / 1e6,
        seconds,
        simulated.events(),
        simulated.events() / seconds,
        (memory.totalMemory() - memory.freeMemory()) >> 20);
  }

  private static Job job() {
    int width = BenchmarkNetwork.INPUTS;
    Dataset row = Dataset.ofBytes("row", 1, width, new byte[width], new int[1], 10);
    return new Job(
        BenchmarkNetwork.W1.network(),
        Partitions.of(row, row, Split.NONE, Scaling.Kind.UNIT),
        new MicroBatches(1, 1),
        new Epochs(new Sampler(1, 1, 1), 1, 0),
        new Momentum(0.9, false, 0),
        new LearningRateSchedule.Constant(0.001),
        GradientFormat.FLOAT32,
        EarlyStopping.OFF,
        1);
  }

  private static Profile profile(Job job) {
    int parameters = job.network().parameters().packedLength();
    Buckets buckets = new Buckets(parameters, BUCKET_BYTES, 1);
    List<PassScript.Part> parts = new ArrayList<>();
    for (int bucket = 0; bucket < buckets.count(); bucket++) {
      parts.add(new PassScript.Await(buckets.from(bucket), buckets.to(bucket)));
      parts.add(new PassScript.Compute(20_000));
    }
    parts.add(new PassScript.SumsReady());
    for (int bucket = buckets.count() - 1; bucket >= 0; bucket--) {
      parts.add(new PassScript.Compute(40_000));
      parts.add(new PassScript.Ready(buckets.from(bucket), buckets.to(bucket)));
    }
    WireCosts.Path wire =
        WireCosts.Path.of(new WireCosts.Frames(1_000, 0.1, 4_000, 0.2, 4_000, 0.2), 20_000, 20_000);
    return new Profile(
        new Profile.Machine("made up", 4, "25", "", 0),
        new PassCosts(List.of(new PassScript(1, parts)), 0, List.of(1.0)),
        new AggregationCosts(0.1, 0.2, 0.3),
        new WireCosts(wire, wire, 20_000));
  }
}
