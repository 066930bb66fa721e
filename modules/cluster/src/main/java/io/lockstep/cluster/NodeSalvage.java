package io.lockstep.cluster;

import akka.actor.typed.ActorRef;
import io.lockstep.training.RunIdentity;
import io.lockstep.training.ShardCopy;
import io.lockstep.training.ShardReports;
import io.lockstep.training.StepSums;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a node keeps of a run whose coordinator was lost, until the run's driver asks for it. Used
 * by the node's actor.
 */
final class NodeSalvage {

  /** Steps of one message, far below what a message may hold. */
  private static final int MOST_AT_ONCE = 1_000;

  private final RunIdentity run;
  private final NodeShards shards;
  private final NodeStandbys standbys;
  private final Set<Integer> begun = new HashSet<>();
  private final Set<Integer> done = new HashSet<>();

  NodeSalvage(RunIdentity run, NodeShards shards, NodeStandbys standbys) {
    this.run = run;
    this.shards = shards;
    this.standbys = standbys;
  }

  /**
   * Ends all committing, and tells the driver what there is: first steps and evaluations, then the
   * copies of shards.
   *
   * @param told steps that the driver has heard of
   * @param room the most shards that this node can hold
   */
  void tell(ActorRef<Driver.Command> driver, ActorRef<Node.Command> node, long told, int room) {
    List<ShardCopy> served = halted(shards.all());
    List<ShardCopy> stoodBy = halted(standbys.all());
    shards.all().forEach(shard -> tellSteps(shard, driver, told));
    standbys.all().forEach(shard -> tellSteps(shard, driver, told));
    driver.tell(new Driver.Left(run.runId(), node, room, served, stoodBy));
  }

  private static List<ShardCopy> halted(List<OwnShard> own) {
    own.forEach(shard -> shard.host().halt());
    return own.stream().flatMap(shard -> shard.host().keeping().copy().stream()).toList();
  }

  private void tellSteps(OwnShard shard, ActorRef<Driver.Command> driver, long told) {
    ShardReports.Kept kept = shard.reports().kept(told);
    List<StepSums> sums = kept.sums();
    for (int from = 0; from < sums.size(); from += MOST_AT_ONCE) {
      int to = Math.min(sums.size(), from + MOST_AT_ONCE);
      List<StepSums> some = new ArrayList<>(sums.subList(from, to));
      driver.tell(new Driver.StepsLeft(run.runId(), kept.first() + from, some));
    }
    kept.evaluations()
        .forEach(
            done ->
                driver.tell(
                    new Driver.EvaluationLeft(
                        run.runId(), done.evaluation(), done.version(), done.sums())));
  }

  /** Returns whether a shard is asked for the first time. */
  boolean begin(int shard) {
    return begun.add(shard);
  }

  /** A shard can be fetched. */
  void done(int shard) {
    done.add(shard);
  }

  /** Whether a shard can be fetched. */
  boolean isDone(int shard) {
    return done.contains(shard);
  }
}
