package io.lockstep.forecast.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.forecast.ClusterSpec;
import io.lockstep.forecast.Death;
import io.lockstep.forecast.Hardware;
import io.lockstep.forecast.Link;
import io.lockstep.forecast.Loss;
import io.lockstep.forecast.Simulator.Size;
import io.lockstep.forecast.Stragglers;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs go on without nodes that die, as the real ones do, and lose the time that takes. */
class DeathsTest {

  private static final Size SIZE = new Size(8, 8);
  private static final double SECOND = 1e9;

  private static ClusterSpec cluster(int nodes, int servers, boolean standbys) {
    Link link = new Link(1e10, 50_000);
    return new ClusterSpec(
        nodes, 1, servers, standbys, new Hardware(2, false, link, new Stragglers.None()));
  }

  private static ClusterSpec with(ClusterSpec even, Stragglers stragglers) {
    return even.withHardware(even.hardware().withStragglers(stragglers));
  }

  private static Loss loss(Death death) {
    return OneLayer.free().simulator(1).lossOf(cluster(4, 2, true), SIZE, death);
  }

  /** The other three take over what is open of the step, and share the rest of them. */
  @Test
  void aProcessWithWorkersCostsAboutAStep() {
    Loss loss = loss(Death.WORKER_PROCESS);

    assertThat(loss.nanos()).isBetween(0.0, 5 * OneLayer.free().passNanos());
    assertThat(loss.nanosPerStep()).isPositive();
  }

  /** A step counts as late after 2 s, and one more may have begun with the node. */
  @Test
  void aMachineWithWorkersCostsThePatienceOfShards() {
    assertThat(loss(Death.WORKER_MACHINE).nanos()).isBetween(2 * SECOND, 5 * SECOND);
  }

  /** Eight usual steps, where these are more than 2 s; not the 11 s of the cluster's verdict. */
  @Test
  void ofLongStepsEightAreWaitedFor() {
    ClusterSpec slow = with(cluster(4, 2, true), new Stragglers.Slow(60, 1));
    double step = 60 * OneLayer.free().passNanos(); // 0.3 s

    Loss loss = OneLayer.free().simulator(1).lossOf(slow, SIZE, Death.WORKER_MACHINE);

    assertThat(loss.nanos()).isBetween(7 * step, 9.9 * SECOND);
  }

  /**
   * The last four of eight nodes have none of four micro-batches: who dies is one of the others.
   */
  @Test
  void aNodeThatHasWorkIsMissed() {
    Loss loss =
        OneLayer.free()
            .simulator(1)
            .lossOf(cluster(8, 2, true), new Size(4, 4), Death.WORKER_MACHINE);

    assertThat(loss.nanos()).isBetween(2 * SECOND, 5 * SECOND);
  }

  /** All let go of the server, its standby is promoted, and all turn to that: a few round trips. */
  @Test
  void theProcessOfAServerCostsLittleWhereItHasAStandby() {
    assertThat(loss(Death.SERVER_PROCESS).nanos()).isBetween(0.0, 5 * OneLayer.free().passNanos());
  }

  /** That a server is silent proves nothing: only the cluster's verdict, after 11 s, counts. */
  @Test
  void theMachineOfAServerCostsTheTimeOfTheVerdict() {
    assertThat(loss(Death.SERVER_MACHINE).nanos()).isCloseTo(11 * SECOND, within(0.5 * SECOND));
  }

  @ParameterizedTest
  @EnumSource(Death.class)
  void theSameDeathCostsTheSame(Death death) {
    assertThat(loss(death)).isEqualTo(loss(death));
  }

  @Test
  void whereNobodyGoesOnThereIsNoSuchLoss() {
    ClusterSimulator simulator = OneLayer.free().simulator(1);

    assertThatThrownBy(() -> simulator.lossOf(cluster(4, 2, false), SIZE, Death.SERVER_PROCESS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("server");
    assertThatThrownBy(() -> simulator.lossOf(cluster(1, 2, true), SIZE, Death.WORKER_MACHINE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("worker");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRunSurvivesManyDeaths(boolean silently) {
    SimCluster cluster =
        OneLayer.free().simulator(1).assembled(cluster(6, 3, true), SIZE, Set.of());
    SimDeaths deaths = new SimDeaths(cluster);
    cluster.train(10);
    deaths.kill(cluster.nodes().getLast(), silently);
    for (int i = 0; i < 3; i++) {
      new Settling(cluster).settle();
      deaths.kill(cluster.shard(i).server(), silently);
      cluster.train(cluster.steps().steps() + 30);
    }

    assertThat(cluster.shards().map(SimShard::server).noneMatch(SimNode::isDead)).isTrue();
  }
}
