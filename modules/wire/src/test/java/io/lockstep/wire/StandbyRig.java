package io.lockstep.wire;

import io.lockstep.nn.Sums;
import io.lockstep.training.Endpoint;
import io.lockstep.training.Evaluation;
import io.lockstep.training.NodeExchange;
import io.lockstep.training.Promotion;
import io.lockstep.training.ShardHost;
import io.lockstep.training.ShardListener;
import io.lockstep.training.TotalsPart;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** A standby of a shard of a run, and what its listener was told. */
final class StandbyRig implements ShardListener {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  final ShardHost host;
  final CompletableFuture<Long> filled = new CompletableFuture<>();
  final CompletableFuture<String> primaryLost = new CompletableFuture<>();
  private final NettyDataPlane plane;
  private final PlanesRun run;

  /**
   * @param number larger for each standby of the shard
   * @param plane of the process that it lives in
   * @param server where the server of its shard is reached
   */
  StandbyRig(PlanesRun run, int shard, int number, NettyDataPlane plane, Endpoint server) {
    this.run = run;
    this.plane = plane;
    this.host =
        ShardHost.standby(
            run.job, run.buckets, run.kernels, shard, plane.theta(run.buckets, shard), this);
    plane.mirror(PlanesRun.RUN, "standby-" + shard, host, number, server);
  }

  /** Waits until it has all of its shard. */
  StandbyRig awaitFilled() {
    await(filled);
    return this;
  }

  /** Makes it the server, as the coordinator would have it done. */
  void takeOver(List<NettyDataPlane> workers) {
    forsake(workers);
    NodeExchange.Begun newest =
        run.exchanges.stream()
            .map(NodeExchange::newestBegun)
            .max(Comparator.comparingLong(NodeExchange.Begun::step))
            .orElseThrow();
    await(plane.unmirror(PlanesRun.RUN, host.number()));
    run.serves(host);
    host.promote(new Promotion(newest.step(), newest.plan(), PlanesRun.PLAN, Long.MAX_VALUE));
    plane.serve(PlanesRun.RUN, host);
    workers.forEach(w -> w.reconnect(PlanesRun.RUN, host.number(), plane.endpoint()));
  }

  private void forsake(List<NettyDataPlane> workers) {
    workers.forEach(worker -> await(worker.forsake(PlanesRun.RUN, host.number())));
  }

  static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
  }

  /** Weights and optimizer state of a shard that stands at {@code version}. */
  static float[][] state(ShardHost shard, long version) {
    if (!shard.keeping().snapshotAt(version)) {
      throw new AssertionError("not at version " + version);
    }
    return IntStream.range(0, shard.keeping().stateArrays())
        .mapToObj(array -> shard.keeping().snapshot(version, array).clone())
        .toArray(float[][]::new);
  }

  @Override
  public void stepDone(long step, int layer, Sums sums) {}

  @Override
  public void measured(long step, TotalsPart part) {
    run.measured(host.number(), step, part);
  }

  @Override
  public void evaluated(Evaluation evaluation, long version, Sums sums) {}

  @Override
  public void begun(long version, int plan) {}

  @Override
  public void filled(long version) {
    filled.complete(version);
  }

  @Override
  public void primaryLost(String why) {
    primaryLost.complete(why);
  }
}
