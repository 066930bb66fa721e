package io.lockstep.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lockstep.kernels.Activation;
import io.lockstep.nn.Categorical;
import io.lockstep.nn.Network;
import io.lockstep.training.Job;
import io.lockstep.training.NodeExchange;
import io.lockstep.training.ShardHost;
import io.lockstep.training.SmallJob;
import io.lockstep.wire.WireSettings.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Standbys over real sockets: the same bits as their shards, also in place of them. */
@Timeout(120)
class StandbyTest {

  private static final SharedKey KEY = SharedKey.random();
  private static final Job JOB = SmallJob.of(6, 7);
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final long EARLY = 2;
  private static final long LATE = 9;

  private final List<AutoCloseable> open = new ArrayList<>();
  private final NettyDataPlane server = plane(Transport.TCP);
  private final NettyDataPlane other = plane(Transport.TCP);
  private final List<NettyDataPlane> workers = List.of(plane(Transport.TCP), plane(Transport.TCP));

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable opened : open) {
      opened.close();
    }
    assertThat(LeakReports.afterCollection()).isEmpty();
  }

  private NettyDataPlane plane(Transport transport) {
    NettyDataPlane plane = NettyDataPlane.start(WireSettings.loopback(KEY).by(transport));
    open.add(plane);
    return plane;
  }

  private Tunnel tunnel(NettyDataPlane to) throws IOException {
    Tunnel tunnel = new Tunnel(to.endpoint());
    open.add(tunnel);
    return tunnel;
  }

  private static float[] undisturbed() {
    return PlanesRun.inProcess(JOB, 1).train();
  }

  /** On a thread of its own: one that hangs is not to keep another from beginning. */
  private static CompletableFuture<float[]> train(PlanesRun run) {
    return CompletableFuture.supplyAsync(
        run::train, task -> Thread.ofPlatform().daemon().start(task));
  }

  private static void awaitVersion(PlanesRun run, long version) {
    await().atMost(LIMIT).until(() -> run.losses.size() == version);
  }

  private static void assertSameState(ShardHost expected, ShardHost found, long version) {
    assertThat(StandbyRig.state(found, version)).isDeepEqualTo(StandbyRig.state(expected, version));
  }

  @ParameterizedTest
  @EnumSource(
      value = Transport.class,
      names = {"TCP", "UNIX"})
  void standbyHasTheBitsOfItsShard(Transport transport) {
    NettyDataPlane served = plane(transport);
    NettyDataPlane follows = plane(transport);
    PlanesRun run = new PlanesRun(JOB, 1, List.of(served), workers(transport), s -> {});
    ShardHost primary = run.shards.getFirst();
    primary.holdAt(EARLY);
    CompletableFuture<float[]> weights = train(run);
    awaitVersion(run, EARLY);

    StandbyRig standby = new StandbyRig(run, 0, 1, follows, served.endpoint()).awaitFilled();
    assertThat(standby.filled).isCompletedWithValue(EARLY);
    assertSameState(primary, standby.host, EARLY);
    primary.release(LATE);
    awaitVersion(run, LATE);
    assertSameState(primary, standby.host, LATE);
    primary.release(Long.MAX_VALUE);

    assertThat(StandbyRig.await(weights)).isEqualTo(undisturbed());
    assertThat(standby.host.step()).isEqualTo(JOB.epochs().steps());
    assertThat(run.disconnected).isEmpty();
  }

  private List<NettyDataPlane> workers(Transport transport) {
    return List.of(plane(transport), plane(transport));
  }

  /** The totals come before the roots, also in the step in which it is filled. */
  @ParameterizedTest
  @MethodSource("jobsWithTotals")
  void standbyHasTheTotalsOfItsShard(Job job) {
    PlanesRun run = new PlanesRun(job, 1, List.of(server, other), workers, s -> {});
    ShardHost primary = run.shards.getFirst();
    primary.holdAt(LATE);
    CompletableFuture<float[]> weights = train(run);
    StandbyRig standby = new StandbyRig(run, 0, 1, other, server.endpoint()).awaitFilled();
    awaitVersion(run, LATE);
    await().atMost(LIMIT).until(() -> standby.host.step() == LATE);
    assertSameState(primary, standby.host, LATE);
    primary.release(Long.MAX_VALUE);

    assertThat(StandbyRig.await(weights)).isEqualTo(PlanesRun.inProcess(job, 1).train());
    assertThat(standby.host.step()).isEqualTo(job.epochs().steps());
  }

  @Test
  void standbyIsFilledWhileTheRunGoesOn() {
    CompletableFuture<Void> hasBegun = new CompletableFuture<>();
    PlanesRun run =
        new PlanesRun(
            JOB,
            1,
            List.of(server),
            workers,
            step -> {
              if (step == EARLY) {
                hasBegun.complete(null);
              }
            });
    ShardHost primary = run.shards.getFirst();
    primary.holdAt(LATE);
    CompletableFuture<float[]> weights = train(run);
    StandbyRig.await(hasBegun);
    StandbyRig standby = new StandbyRig(run, 0, 1, other, server.endpoint()).awaitFilled();
    awaitVersion(run, LATE);
    await().atMost(LIMIT).until(() -> standby.host.step() == LATE);
    assertSameState(primary, standby.host, LATE);
    primary.release(Long.MAX_VALUE);

    assertThat(StandbyRig.await(weights)).isEqualTo(undisturbed());
  }

  @Test
  void oneProcessMayServeSeveralShardsOfARun() {
    PlanesRun run = new PlanesRun(JOB, 1, List.of(server, server, server), workers, s -> {});
    assertThatThrownBy(() -> server.serve(PlanesRun.RUN, run.shards.get(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("shard 1")
        .hasMessageContaining("is served by this process already");

    assertThat(run.train()).isEqualTo(undisturbed());
    server.leave(PlanesRun.RUN);
    for (int shard = 0; shard < run.shards.size(); shard++) {
      assertThat(server.served(PlanesRun.RUN, shard)).isEmpty();
    }
  }

  /**
   * Two processes, each with a shard and the standby of the other's: one breaks off within a frame,
   * and the other goes on with both shards.
   */
  @ParameterizedTest
  @ValueSource(longs = {10_000, 50_001, 400_002, 800_003})
  void standbyGoesOnWhereItsShardBreaksOff(long bytes) throws IOException {
    goesOnWhereItsShardBreaksOff(JOB, bytes);
  }

  /**
   * Each step waits for a total over both shards: what breaks off may have been told it, or not.
   */
  @ParameterizedTest
  @ValueSource(longs = {10_000, 50_001, 120_002, 400_003})
  void standbyGoesOnWhereStepsNeedTotals(long bytes) throws IOException {
    goesOnWhereItsShardBreaksOff(SmallJob.clipped(6, 7), bytes);
  }

  /** The state is larger, and each step changes what its totals are measured on. */
  @ParameterizedTest
  @ValueSource(longs = {70_000, 300_001, 1_000_003})
  void standbyGoesOnWhereTotalsAreOfTheState(long bytes) throws IOException {
    goesOnWhereItsShardBreaksOff(SmallJob.quasiNewton(6, 7), bytes);
  }

  /** Of the gradient alone, and of all that the optimizer keeps. */
  private static List<Job> jobsWithTotals() {
    return List.of(SmallJob.clipped(6, 7), SmallJob.quasiNewton(6, 7));
  }

  private void goesOnWhereItsShardBreaksOff(Job job, long bytes) throws IOException {
    Tunnel toServer = tunnel(server);
    Tunnel fromServer = tunnel(other);
    PlanesRun run =
        new PlanesRun(
            job,
            1,
            List.of(server, other),
            List.of(toServer.endpoint(), other.endpoint()),
            workers,
            s -> {});
    run.shards.getFirst().holdAt(EARLY);
    CompletableFuture<float[]> weights = train(run);
    awaitVersion(run, EARLY);
    StandbyRig standby = new StandbyRig(run, 0, 1, other, toServer.endpoint()).awaitFilled();
    StandbyRig ofOther = new StandbyRig(run, 1, 1, server, fromServer.endpoint()).awaitFilled();

    toServer.passOnly(bytes);
    run.shards.getFirst().release(Long.MAX_VALUE);
    StandbyRig.await(toServer.stopped);
    toServer.cut();
    fromServer.cut();

    assertThat(StandbyRig.await(standby.primaryLost)).contains("broke");
    assertThat(StandbyRig.await(ofOther.primaryLost)).contains("broke");
    standby.takeOver(workers);
    run.shards.get(1).mirroring().end(1);
    assertThat(StandbyRig.await(weights)).isEqualTo(PlanesRun.inProcess(job, 1).train());
    assertThat(run.exchanges).allSatisfy(exchange -> assertThat(exchange.lost()).isNull());
  }

  /** Whoever is newer takes the place of the one before, be it lost, given up or there. */
  @Test
  void aStandbyIsReplaced() throws IOException {
    Tunnel way = tunnel(server);
    PlanesRun run = new PlanesRun(JOB, 1, List.of(server), workers, s -> {});
    ShardHost primary = run.shards.getFirst();
    primary.holdAt(EARLY);
    CompletableFuture<float[]> weights = train(run);
    awaitVersion(run, EARLY);
    StandbyRig first = new StandbyRig(run, 0, 1, other, way.endpoint()).awaitFilled();
    NettyDataPlane third = plane(Transport.TCP);
    assertThatThrownBy(() -> new StandbyRig(run, 0, 1, third, server.endpoint()))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("standby of shard 0: expected one that is still wanted")
        .hasMessageContaining("newer than number 1, found number 1");

    way.cut();
    await().atMost(LIMIT).until(() -> run.disconnected.contains("standby-0"));
    StandbyRig.await(first.primaryLost);
    primary.release(LATE); // Its first bucket waits for a standby that is gone.
    await().atMost(LIMIT).until(primary.mirroring()::isPending);
    primary.mirroring().end(1);
    awaitVersion(run, LATE);
    StandbyRig second = new StandbyRig(run, 0, 2, third, server.endpoint()).awaitFilled();
    assertSameState(primary, second.host, LATE);
    StandbyRig.await(other.unmirror(PlanesRun.RUN, 0));
    StandbyRig last = new StandbyRig(run, 0, 3, other, server.endpoint()).awaitFilled();
    primary.release(Long.MAX_VALUE);

    assertThat(StandbyRig.await(weights)).isEqualTo(undisturbed());
    assertThat(last.host.step()).isEqualTo(JOB.epochs().steps());
    assertThat(second.host.step()).isEqualTo(LATE);
    assertThat(second.primaryLost).isNotDone();
  }

  /** It leaves with a word: nobody takes it for a loss. */
  @Test
  void aStandbyMayBeGivenUp() {
    PlanesRun run = new PlanesRun(JOB, 1, List.of(server), workers, s -> {});
    ShardHost primary = run.shards.getFirst();
    primary.holdAt(EARLY);
    CompletableFuture<float[]> weights = train(run);
    awaitVersion(run, EARLY);
    StandbyRig standby = new StandbyRig(run, 0, 1, other, server.endpoint()).awaitFilled();
    StandbyRig.await(other.unmirror(PlanesRun.RUN, 0));
    StandbyRig.await(other.unmirror(PlanesRun.RUN, 0)); // None is there any more.
    primary.mirroring().end(1);
    primary.release(Long.MAX_VALUE);

    assertThat(StandbyRig.await(weights)).isEqualTo(undisturbed());
    assertThat(standby.host.step()).isEqualTo(EARLY);
    assertThat(standby.primaryLost).isNotDone();
    assertThat(run.disconnected).isEmpty();
  }

  /** A bucket that is on its way when the server is let go of is not written to its end. */
  @Test
  void nothingOfAForsakenServerHasAnEffect() throws IOException {
    Tunnel way = tunnel(server);
    NettyDataPlane worker = workers.getFirst();
    PlanesRun run =
        new PlanesRun(JOB, 1, List.of(server), List.of(way.endpoint()), List.of(worker), s -> {});
    run.shards.getFirst().holdAt(EARLY);
    CompletableFuture<float[]> weights = train(run);
    awaitVersion(run, EARLY);
    NodeExchange exchange = run.exchanges.getFirst();
    await().atMost(LIMIT).until(() -> exchange.newestBegun().step() == EARLY - 1);
    way.passOnly(FrameHeader.BYTES + 1_001); // Within the floats of the first bucket.
    run.shards.getFirst().release(Long.MAX_VALUE);
    StandbyRig.await(way.stopped);
    StandbyRig.await(worker.forsake(PlanesRun.RUN, 0));
    float[] before = exchange.weights(EARLY).clone();
    way.go();
    await().atMost(LIMIT).until(() -> server.served(PlanesRun.RUN, 0).orElseThrow().workers() == 0);

    assertThat(exchange.weights(EARLY)).isEqualTo(before);
    assertThat(exchange.wants(0, EARLY)).isTrue();
    assertThat(exchange.newestBegun().step()).isEqualTo(EARLY - 1);
    assertThat(exchange.lost()).isNull();
    assertThat(run.disconnected).isEmpty();
    exchange.stop();
    assertThatThrownBy(() -> StandbyRig.await(weights)).hasMessageContaining("stopped before");
  }

  /** At most the state of a bucket, a root of each, and sums. */
  @Test
  void whatWaitsForAStandbyThatDoesNotReadIsBounded() throws IOException {
    Job job = wide();
    PlanesRun run = new PlanesRun(job, 1 << 18, List.of(server), workers, s -> {});
    ShardHost primary = run.shards.getFirst();
    primary.holdAt(EARLY);
    CompletableFuture<float[]> weights = train(run);
    awaitVersion(run, EARLY);
    try (RawClient _ =
        new RawClient(server.endpoint()).enter(KEY, PlanesRun.RUN, FrameType.STANDBY)) {
      primary.release(Long.MAX_VALUE);
      ServedShard served = server.served(PlanesRun.RUN, 0).orElseThrow();
      await()
          .atMost(LIMIT)
          .until(() -> primary.mirroring().isPending() && served.waitingForStandby() > 0);
      assertThat(served.waitingForStandby())
          .isLessThanOrEqualTo(primary.keeping().stateArrays() + primary.bucketCount() + 2);
      primary.mirroring().end(1);
      assertThat(StandbyRig.await(weights)).isEqualTo(PlanesRun.inProcess(job, 1).train());
      assertThat(served.waitingForStandby())
          .isLessThanOrEqualTo(primary.keeping().stateArrays() + primary.bucketCount() + 2);
    }
    await().atMost(LIMIT).until(() -> run.disconnected.contains("raw"));
  }

  /** Its state is more than all buffers of a connection take. */
  private static Job wide() {
    Network network =
        Network.builder(JOB.network().inputWidth())
            .dense(1_400, Activation.RELU)
            .dense(1_400, Activation.RELU)
            .output(new Categorical(), 5);
    return new Job(
        network,
        JOB.data(),
        JOB.microBatches(),
        JOB.epochs(),
        JOB.optimizer(),
        JOB.schedule(),
        JOB.gradients(),
        JOB.stopping(),
        JOB.seed());
  }

  @Test
  void aServerThatIsNotThereIsNotReconnectedWith() {
    PlanesRun run = new PlanesRun(JOB, 1, List.of(server), workers, s -> {});
    run.shards.getFirst().holdAt(EARLY);
    CompletableFuture<float[]> weights = train(run);
    awaitVersion(run, EARLY);
    for (NettyDataPlane worker : workers) {
      StandbyRig.await(worker.forsake(PlanesRun.RUN, 0));
      assertThatThrownBy(() -> worker.reconnect(PlanesRun.RUN, 0, other.endpoint()))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("run id: expected none (nothing is served yet, or no longer)");
      worker.reconnect(PlanesRun.RUN, 0, server.endpoint());
    }
    run.shards.getFirst().release(Long.MAX_VALUE);
    assertThat(StandbyRig.await(weights)).isEqualTo(undisturbed());
  }
}
