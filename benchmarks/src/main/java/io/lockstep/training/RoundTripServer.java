package io.lockstep.training;

import io.lockstep.benchmarks.peers.Serving;
import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Sums;
import io.lockstep.wire.NettyDataPlane;
import io.lockstep.wire.SharedKey;
import io.lockstep.wire.WireSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The parameter server of round trips: a shard of each {@link RoundTripRun} behind the data plane
 * that processes have, without actors. Says where it is reached; the request {@code start}, when
 * the worker is connected, begins the first step of each run.
 */
public final class RoundTripServer {

  /** Bytes of θ of the runs that it serves. */
  public static final List<Integer> BYTES = RoundTripRun.BYTES;

  private RoundTripServer() {}

  /**
   * Serves until its input ends.
   *
   * @param arguments the transport
   */
  public static void main(String[] arguments) throws Exception {
    Kernels kernels = Kernels.select(Kernels.Choice.AUTO);
    kernels.warmUp();
    try (NettyDataPlane plane = plane(arguments[0])) {
      List<ShardHost> shards = new ArrayList<>();
      for (RoundTripRun run : RoundTripRun.all()) {
        shards.add(serve(plane, run, kernels));
      }
      Endpoint at = plane.endpoint();
      String place =
          String.join(" ", at.host(), "" + at.port(), at.socketPath() + ";", at.machine());
      Serving.serve(place, words -> start(shards));
    }
    System.exit(0);
  }

  /** A data plane by that transport. */
  static NettyDataPlane plane(String transport) {
    WireSettings.Transport by = WireSettings.Transport.valueOf(transport.toUpperCase(Locale.ROOT));
    return NettyDataPlane.start(WireSettings.loopback(SharedKey.NONE).by(by));
  }

  private static ShardHost serve(NettyDataPlane plane, RoundTripRun run, Kernels kernels) {
    Job job = run.job();
    Buckets buckets = RoundTripRun.buckets(job);
    ShardHost shard =
        new ShardHost(job, buckets, kernels, 0, plane.theta(buckets, 0), new Silent());
    plane.serve(run.identity(), shard);
    return shard;
  }

  private static int start(List<ShardHost> shards) {
    for (ShardHost shard : shards) {
      shard.activate(1);
      shard.start();
    }
    return shards.size();
  }

  /** A run that nobody watches. */
  private static final class Silent implements ShardListener {
    @Override
    public void stepDone(long step, int layer, Sums sums) {}

    @Override
    public void evaluated(Evaluation evaluation, long version, Sums sums) {}

    @Override
    public void begun(long version, int plan) {}
  }
}
