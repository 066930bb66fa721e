package io.lockstep.forecast.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.forecast.ClusterSpec;
import io.lockstep.forecast.Hardware;
import io.lockstep.forecast.Link;
import io.lockstep.forecast.Simulator.Size;
import io.lockstep.forecast.Stragglers;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class SimulationBytesTest {

  private static final int STEPS_BEFORE = 3;

  /** In the course of a step. */
  private static final int LOOKS = 6;

  private static ClusterSpec cluster(int nodes, int workersPerNode, int servers) {
    Link link = new Link(1e9, 50_000);
    return new ClusterSpec(
        nodes, workersPerNode, servers, true, new Hardware(2, false, link, new Stragglers.None()));
  }

  /** What is alive. */
  private static long used() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /** Each is large in something else. */
  @ParameterizedTest
  @CsvSource({
    "256, 1, 1, 4, 256", // nodes
    "64, 1, 64, 64, 64", // connections
    "32, 16, 1, 64, 512", // workers
    "8, 1, 1, 64, 16384" // micro-batches
  })
  void noSimulationNeedsMore(int nodes, int workersPerNode, int servers, int buckets, int leaves) {
    ClusterSpec spec = cluster(nodes, workersPerNode, servers);
    Size size = new Size(leaves, leaves);
    long before = used();
    SimCluster cluster = OneLayer.free().cutInto(buckets).assembled(spec, size, Set.of());

    cluster.train(STEPS_BEFORE);
    long most = 0;
    int events = eventsOfStep(cluster);
    for (int look = 0; look < LOOKS; look++) {
      for (int event = 0; event < events / LOOKS; event++) {
        cluster.world().queue.runNext();
      }
      most = Math.max(most, used() - before);
    }

    assertThat(most).isPositive();
    assertThat(most).isLessThan(SimulationBytes.of(spec, size, cluster.world().buckets.count()));
  }

  private static int eventsOfStep(SimCluster cluster) {
    int until = cluster.steps().steps() + 1;
    int events = 0;
    while (cluster.steps().steps() < until) {
      cluster.world().queue.runNext();
      events++;
    }
    return events;
  }

  /** The example of docs/forecast.md. */
  @Test
  void aThousandNodesNeedNinetyMegabytes() {
    assertThat(SimulationBytes.of(cluster(1024, 1, 1), new Size(16_384, 1024), 4) / 1_000_000)
        .isEqualTo(89);
  }
}
