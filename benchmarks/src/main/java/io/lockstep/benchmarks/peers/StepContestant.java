package io.lockstep.benchmarks.peers;

import io.lockstep.benchmarks.BenchmarkJob;
import io.lockstep.benchmarks.BenchmarkNetwork;
import io.lockstep.benchmarks.Crew;
import io.lockstep.kernels.Kernels;
import java.lang.management.ManagementFactory;

/**
 * Workers in one JVM that train one of the networks, with the network's rows for each of them.
 *
 * <p>Requests: {@code train SECONDS}, in samples/s of all of them; {@code heap}, in MB that are in
 * use after a garbage collection.
 */
public final class StepContestant {

  private StepContestant() {}

  /**
   * Serves until its input ends.
   *
   * @param arguments network and number of workers
   */
  public static void main(String[] arguments) throws Exception {
    BenchmarkNetwork net = BenchmarkNetwork.valueOf(arguments[0]);
    int workers = Integer.parseInt(arguments[1]);
    int batch = workers * net.batch();
    Kernels kernels = Kernels.select(Kernels.Choice.AUTO);
    kernels.warmUp();
    Crew crew =
        new Crew(BenchmarkJob.replicas(net, BenchmarkJob.images(), batch, workers, kernels), batch);
    Serving.serve(
        "ready",
        words ->
            words[0].equals("heap")
                ? heapMegabytes()
                : crew.samplesPerSecond(Double.parseDouble(words[1])));
  }

  private static double heapMegabytes() {
    System.gc();
    return 1e-6 * ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
