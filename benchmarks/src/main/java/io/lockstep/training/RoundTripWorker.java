package io.lockstep.training;

import io.lockstep.benchmarks.peers.Serving;
import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Sums;
import io.lockstep.wire.NettyDataPlane;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The worker of round trips: gives a gradient as a replica does, bucket by bucket, without
 * computing it, and waits for all weights of the next version.
 *
 * <p>Requests: bytes of θ, as of {@link RoundTripRun}, and seconds; answers microseconds of a round
 * trip: the median.
 */
public final class RoundTripWorker {

  private static final Node ROOT = new Node(0, 0);
  private static final int MOST_TRIPS = 100_000;

  private final NodeExchange exchange;
  private final Buckets buckets;
  private final PartialPool partials;
  private final Sums sums = new Sums();
  private final long[] nanos = new long[MOST_TRIPS];
  private long step;

  private RoundTripWorker(NettyDataPlane plane, RoundTripRun run, Endpoint server) {
    Job job = run.job();
    this.buckets = RoundTripRun.buckets(job);
    Kernels kernels = Kernels.select(Kernels.Choice.AUTO);
    this.exchange =
        plane.connect(run.identity(), "worker", job, buckets, kernels, 0, 1, List.of(server));
    this.exchange.know(new Plan(1, List.of(new Plan.Share(0, 1))));
    this.partials = new PartialPool(buckets.parameters(), buckets.count());
    this.sums.weight = job.mostRows();
    this.sums.loss = 1;
  }

  /**
   * Serves until its input ends.
   *
   * @param arguments the transport, and the place of the server as it says it
   */
  public static void main(String[] arguments) throws Exception {
    Endpoint server =
        new Endpoint(
            arguments[1],
            Integer.parseInt(arguments[2]),
            arguments[3].replace(";", ""),
            arguments[4]);
    try (NettyDataPlane plane = RoundTripServer.plane(arguments[0])) {
      Map<Integer, RoundTripWorker> workers = new HashMap<>();
      for (RoundTripRun run : RoundTripRun.all()) {
        workers.put(run.bytes(), new RoundTripWorker(plane, run, server));
      }
      Serving.serve(
          "ready",
          words -> workers.get(Integer.parseInt(words[0])).micros(Double.parseDouble(words[1])));
    }
    System.exit(0);
  }

  private double micros(double seconds) {
    long limit = System.nanoTime() + (long) (seconds * 1e9);
    int trips = 0;
    while (trips < MOST_TRIPS && (trips == 0 || System.nanoTime() < limit)) {
      long begin = System.nanoTime();
      trip();
      nanos[trips++] = System.nanoTime() - begin;
    }
    Arrays.sort(nanos, 0, trips);
    return nanos[trips / 2] * 1e-3;
  }

  private void trip() {
    if (exchange.awaitStep(0, step) != step) {
      throw new IllegalStateException("step " + step + " does not begin");
    }
    exchange.sendSums(step, ROOT, 1, 0, sums);
    Partial gradient = partials.take(0);
    for (int bucket = 0; bucket < buckets.count(); bucket++) {
      exchange.sendGradient(step, bucket, ROOT, 1, 0, gradient);
    }
    step++;
    if (!exchange.awaitWeights(0, step, 0, buckets.parameters())) {
      throw new IllegalStateException("version " + step + " does not come");
    }
  }
}
