package io.lockstep.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.training.Endpoint;
import io.lockstep.training.Job;
import io.lockstep.training.Keeping;
import io.lockstep.training.ShardHost;
import io.lockstep.training.SmallJob;
import io.lockstep.training.TrainingState;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Weights and snapshots on their way from two shards to whoever keeps them. */
@Timeout(120)
class StateTransferTest {

  private static final SharedKey KEY = SharedKey.random();
  private static final Job JOB = SmallJob.of(6, 7);
  private static final long EARLY = 3;

  private final List<NettyDataPlane> planes = new ArrayList<>();
  private NettyDataPlane driver;
  private PlanesRun run;
  private List<Endpoint> servers;
  private long last;

  @BeforeEach
  void trainOverTwoServersThatKeepAnEarlyVersion() {
    List<NettyDataPlane> two = List.of(plane(), plane());
    servers = two.stream().map(NettyDataPlane::endpoint).toList();
    driver = plane();
    run = new PlanesRun(JOB, 1, two, List.of(plane()), step -> {});
    run.shards.forEach(shard -> shard.keeping().snapshotAt(EARLY));
    run.train();
    last = JOB.epochs().steps();
  }

  @AfterEach
  void close() {
    planes.forEach(NettyDataPlane::close);
    assertThat(LeakReports.afterCollection()).isEmpty();
  }

  private NettyDataPlane plane() {
    NettyDataPlane plane = NettyDataPlane.start(WireSettings.loopback(KEY));
    planes.add(plane);
    return plane;
  }

  private float[] weights(long version) {
    return driver.weights(PlanesRun.RUN, "driver", JOB, run.buckets, version, servers);
  }

  private TrainingState fetch() {
    return driver.fetch(PlanesRun.RUN, "driver", JOB, run.buckets, EARLY, servers);
  }

  @Test
  void bringsTheWeightsAtWhichTheShardsStand() {
    assertThat(weights(last)).isEqualTo(run.exchanges.getFirst().weights(last));
    assertThatThrownBy(() -> weights(last - 1))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("no state came through");

    run.shards.forEach(ShardHost::halt);

    assertThat(weights(last - 1)).isEqualTo(run.exchanges.getFirst().weights(last - 1));
  }

  @Test
  void bringsASnapshotOnceHoweverFarTheShardsAre() {
    PlanesRun undisturbed = PlanesRun.inProcess(JOB, 1);
    Keeping expected = undisturbed.shards.getFirst().keeping();
    expected.snapshotAt(EARLY);
    undisturbed.train();

    TrainingState fetched = fetch();

    assertThat(fetched.version()).isEqualTo(EARLY);
    assertThat(fetched.arrays().length).isEqualTo(expected.stateArrays());
    for (int array = 0; array < fetched.arrays().length; array++) {
      assertThat(fetched.arrays()[array]).isEqualTo(expected.snapshot(EARLY, array));
    }
    assertThatThrownBy(this::fetch).isInstanceOf(UncheckedIOException.class);
  }
}
