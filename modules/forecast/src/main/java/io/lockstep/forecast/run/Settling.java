package io.lockstep.forecast.run;

import io.lockstep.forecast.ForecastException;
import io.lockstep.training.RunTimes;

/**
 * Waits, while a cluster trains, for what only comes with time: standbys, plans, and what is usual.
 *
 * @param cluster that trains
 */
record Settling(SimCluster cluster) {

  /**
   * A shard learns how long a step may take from 20 reports that each know of more steps: so it has
   * after as many reports and steps as these.
   */
  private static final int LEARNS_FROM = 25;

  private static final long LEARNED_NANOS = LEARNS_FROM * RunTimes.REPORT_EVERY.toNanos();

  /**
   * Looks in which a new plan comes if any does: two until nodes know how fast they are, five that
   * agree, and one more.
   */
  private static final int LOOKS = 8;

  /** Together as many as there are between two plans at least. */
  private static final int STEPS_OF_LOOK = 4;

  /**
   * Steps in which a standby gets a bucket, at most: one is under way at a time, for a round trip,
   * which no step is shorter than; on a link that all nodes use, too, it takes some.
   */
  private static final int MOST_STEPS_OF_BUCKET = 20;

  /** Until a node that holds steps up is given up, and standbys are filled elsewhere. */
  private static final int STEPS_TO_MOVE = 200;

  /** More plans than nodes need that stay as they are. */
  private static final int MOST_PLANS = 8;

  private int steps() {
    return cluster.steps().steps();
  }

  /**
   * Lets it train until each shard has its standby, if there are to be any.
   *
   * @throws ForecastException if that takes far longer than it should
   */
  void mirror() {
    mirror(STEPS_TO_MOVE + MOST_STEPS_OF_BUCKET * cluster.world().buckets.count());
  }

  /** As before, in at most so many steps. */
  void mirror(int most) {
    int until = steps() + most;
    while (lacksStandbys()) {
      if (steps() >= until) { // Several may have been done at once.
        throw new ForecastException(
            "simulated run: expected standbys to be filled within %d steps, found that they are not; forecast without them (--standbys 0), or with larger buckets"
                .formatted(most));
      }
      cluster.train(steps() + 1);
    }
  }

  private boolean lacksStandbys() {
    return cluster.world().spec.standbys() && !cluster.isMirrored();
  }

  /** Lets it train until it is usual how long steps take, and each shard has its standby. */
  void settle() {
    int learned = steps() + LEARNS_FROM;
    trainFor(LEARNED_NANOS);
    cluster.train(learned);
    mirror();
  }

  /**
   * That nobody was left out, and no standby given up.
   *
   * @throws ForecastException if a step took so long that a node was taken for one that stands
   *     still
   */
  void requireAll() {
    cluster.leftOut().ifPresent(Settling::refuse);
    if (lacksStandbys()) {
      refuse("a standby");
    }
  }

  private static void refuse(String missed) {
    throw new ForecastException(
        "simulated run: expected all nodes to take part, found that others went on without %s, which was taken for one that stands still; steps are too long or differ too much"
            .formatted(missed));
  }

  private void trainFor(long nanos) {
    long until = cluster.world().queue.nanos() + nanos;
    while (cluster.world().queue.nanos() < until) {
      cluster.train(steps() + 1);
    }
  }

  /**
   * Lets it train until nodes that are slower have less to do, and no other plan follows, or
   * {@value #MOST_PLANS} have: of nodes whose speed goes on changing, as where they share cores,
   * plans do, too. Nodes tell how fast they are after some steps each, instead of each second: the
   * same plans come sooner.
   */
  void adapt() {
    int before;
    int most = cluster.plans() + MOST_PLANS;
    do {
      before = cluster.plans();
      trainFor(2 * RunTimes.REPORT_EVERY.toNanos()); // The coordinator knows of steps so far.
      for (int i = 0; i < LOOKS; i++) {
        cluster.nodes().forEach(SimNode::tellSpeed);
        cluster.train(steps() + STEPS_OF_LOOK);
      }
    } while (cluster.plans() > before && cluster.plans() < most);
  }
}
