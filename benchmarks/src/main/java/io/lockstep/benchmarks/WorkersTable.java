package io.lockstep.benchmarks;

import io.lockstep.data.Dataset;
import io.lockstep.kernels.Kernels;
import io.lockstep.training.Replica;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Samples/s of one and of two workers in one JVM with the same rows each, in turn, so that both
 * meet the same noise; prints the median and the spread of their ratio.
 *
 * <p>Arguments: network (W1 to W4), rows per worker, repetitions, seconds of each.
 */
public final class WorkersTable {

  private WorkersTable() {}

  /** Runs it. */
  public static void main(String[] args) throws InterruptedException {
    BenchmarkNetwork net = BenchmarkNetwork.valueOf(args.length > 0 ? args[0] : "W3");
    int rows = args.length > 1 ? Integer.parseInt(args[1]) : net.batch();
    int repetitions = args.length > 2 ? Integer.parseInt(args[2]) : 9;
    double seconds = args.length > 3 ? Double.parseDouble(args[3]) : 2;
    Kernels kernels = Kernels.select(Kernels.Choice.AUTO);
    kernels.warmUp();
    Dataset images = BenchmarkJob.images();
    Crew one = new Crew(BenchmarkJob.replicas(net, images, rows, 1, kernels), rows);
    Crew two = new Crew(BenchmarkJob.replicas(net, images, 2 * rows, 2, kernels), 2 * rows);
    one.samplesPerSecond(2 * seconds);
    two.samplesPerSecond(2 * seconds);
    double[] ratios = new double[repetitions];
    System.out.printf(
        "%s, %d rows per worker%n%14s %14s %8s%n", net, rows, "1 worker", "2 workers", "ratio");
    for (int i = 0; i < repetitions; i++) {
      double alone = one.samplesPerSecond(seconds);
      double together = two.samplesPerSecond(seconds);
      ratios[i] = together / alone;
      System.out.printf(Locale.ROOT, "%14.0f %14.0f %8.3f%n", alone, together, ratios[i]);
    }
    Arrays.sort(ratios);
    System.out.printf(
        Locale.ROOT,
        "median ratio %.3f, from %.3f to %.3f%n",
        ratios[repetitions / 2],
        ratios[0],
        ratios[repetitions - 1]);
  }

  /** Replicas that train on, each on a thread of its own, for a given time. */
  private static final class Crew {
    private final List<Replica> replicas;
    private final int batch;
    private long step;

    Crew(List<Replica> replicas, int batch) {
      this.replicas = replicas;
      this.batch = batch;
    }

    /** All take the same number of steps, found from the time of the first few. */
    double samplesPerSecond(double seconds) throws InterruptedException {
      double perStep = run(3) / 3;
      long steps = Math.max(3, Math.round(seconds / perStep));
      return steps * batch / run(steps);
    }

    private double run(long steps) throws InterruptedException {
      long first = step;
      step += steps;
      List<Thread> threads = new ArrayList<>();
      long start = System.nanoTime();
      for (Replica replica : replicas) {
        threads.add(Thread.ofPlatform().start(() -> run(replica, first, first + steps)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      return (System.nanoTime() - start) * 1e-9;
    }

    private static void run(Replica replica, long from, long to) {
      for (long s = from; s < to; s++) {
        replica.step(s);
      }
    }
  }
}
