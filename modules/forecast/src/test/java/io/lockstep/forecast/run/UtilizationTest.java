package io.lockstep.forecast.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Percentage.withPercentage;

import io.lockstep.forecast.AggregationCosts;
import io.lockstep.forecast.ClusterSpec;
import io.lockstep.forecast.Hardware;
import io.lockstep.forecast.Link;
import io.lockstep.forecast.Resource;
import io.lockstep.forecast.Simulated;
import io.lockstep.forecast.Simulator.Size;
import io.lockstep.forecast.Stragglers;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How much of the time of a step everything is in use, where a formula says it. */
final class UtilizationTest {

  private static Simulated run(OneLayer model, int nodes, int servers, Link link) {
    ClusterSpec spec =
        new ClusterSpec(
            nodes, 1, servers, false, new Hardware(2, false, link, new Stragglers.None()));
    return model.simulator(3).run(spec, new Size(nodes, nodes), Set.of());
  }

  @Test
  void computingIsAllWhereNothingElseTakesTime() {
    Map<Resource, Double> used = run(OneLayer.free(), 4, 2, Link.FREE).utilization();

    assertThat(used)
        .containsOnlyKeys(
            Resource.COMPUTE, Resource.WORKER_LINK, Resource.SERVER_LINK, Resource.AGGREGATION);
    assertThat(used.get(Resource.COMPUTE)).isCloseTo(1, within(1e-6));
    assertThat(used.get(Resource.WORKER_LINK)).isCloseTo(0, within(1e-3));
    assertThat(used.get(Resource.SERVER_LINK)).isCloseTo(0, within(1e-3));
    assertThat(used.get(Resource.AGGREGATION)).isZero();
  }

  /** All gradients of a node go out by its link, and those of all nodes into the server's. */
  @Test
  void linksAreInUseForWhatTravelsByThem() {
    OneLayer model = OneLayer.free();
    Link slow = new Link(2e8, 0);

    Simulated simulated = run(model, 8, 1, slow);

    double ofServer = 8 * model.linkNanos(slow) / simulated.stepNanos();
    Map<Resource, Double> used = simulated.utilization();
    assertThat(ofServer).isBetween(0.9, 1.0);
    assertThat(used.get(Resource.SERVER_LINK)).isCloseTo(ofServer, withPercentage(2));
    assertThat(used.get(Resource.COMPUTE))
        .isCloseTo(model.passNanos() / simulated.stepNanos(), withPercentage(2));
  }

  /** Of two servers each has half; where they limit, a link of a node is in use no longer. */
  @Test
  void moreServersAreInUseForLess() {
    OneLayer model = OneLayer.free();
    Link fast = new Link(4 * model.kneeBitsPerSecond(8, 2), 0);

    Simulated two = run(model, 8, 2, fast);

    assertThat(two.utilization().get(Resource.SERVER_LINK))
        .isCloseTo(8 * model.linkNanos(fast) / 2 / two.stepNanos(), withPercentage(5));
  }

  /** Adding and updating is done by the event loops of the server: here for longer than a pass. */
  @Test
  void addingKeepsTheServerBusy() {
    OneLayer model = OneLayer.with(new AggregationCosts(1, 0, 2));

    Simulated simulated = run(model, 4, 1, Link.FREE);

    double all = model.floats() * (2.0 + 3);
    assertThat(simulated.utilization().get(Resource.AGGREGATION))
        .isBetween(0.3 * all / simulated.stepNanos(), Math.min(1, all / simulated.stepNanos()));
  }
}
