package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whoever asked for the run: keeps checkpoints and the last weights, lets the run stand still and
 * go on, and holds all that it is told against what an undisturbed run yields.
 */
final class SimulatedDriver {

  private final SimulatedCluster cluster;
  private final UndisturbedRun expected;
  private final SimulatedLink link;
  private final Map<String, StepSums> evaluations = new TreeMap<>();
  private long steps;
  private boolean started;
  private boolean holds;
  private boolean stopped;
  private boolean anyLate;
  private boolean over;
  private boolean mayBreak;
  private long version = -1;

  SimulatedDriver(SimulatedCluster cluster, UndisturbedRun expected) {
    this.cluster = cluster;
    this.expected = expected;
    this.link = new SimulatedLink(cluster.schedule, "driver to course");
  }

  // What it asks for.

  void askForCheckpoint() {
    link.send("checkpoint", cluster.course::checkpoint);
  }

  void hold(long at) {
    if (started && !holds && !stopped) {
      holds = true;
      link.send("hold at " + at, () -> cluster.course.hold(at));
    }
  }

  void release(long nextHold) {
    if (holds) {
      holds = nextHold < Long.MAX_VALUE;
      link.send("release to " + nextHold, () -> cluster.course.release(nextHold));
    }
  }

  void stop() {
    if (!stopped) {
      stopped = true;
      link.send("stop", cluster.course::stop);
    }
  }

  // What it is told.

  void started() {
    started = true;
  }

  void steps(long first, List<StepSums> sums) {
    assertThat(first).as("first step told").isEqualTo(steps);
    for (StepSums told : sums) {
      assertThat(told).as("sums of step %d", steps).isEqualTo(expected.steps.get((int) steps));
      steps++;
    }
  }

  void evaluated(Evaluation evaluation, long of, StepSums sums) {
    assertThat(of).as("steps told before their evaluation").isLessThanOrEqualTo(steps);
    StepSums before = evaluations.put(evaluation + " of " + of, sums);
    assertThat(before).as("%s of %d told before", evaluation, of).isNull();
    assertThat(sums)
        .as("%s of version %d", evaluation, of)
        .isEqualTo(expected.evaluation(evaluation, of));
  }

  void held() {
    link.send(
        "goes on",
        () -> {
          holds = false;
          cluster.course.release(Long.MAX_VALUE);
        });
  }

  void checkpoint(long of) {
    assertThat(steps).as("steps told before the checkpoint").isEqualTo(of);
    link.send(
        "checkpoint kept",
        () -> {
          for (SimulatedShard shard : cluster.shards()) {
            if (shard.isPromoted()) {
              continue; // What had the copy may be gone.
            }
            for (int array = 0; array < shard.host.keeping().stateArrays(); array++) {
              float[] all = expected.states.get((int) of)[array];
              assertThat(shard.host.keeping().snapshot(of, array))
                  .as("array %d of the checkpoint of version %d", array, of)
                  .isEqualTo(Arrays.copyOfRange(all, shard.from(), shard.to()));
            }
          }
          cluster.course.checkpointKept(of);
        });
  }

  void event(RunEvent event) {
    anyLate |= event.what() == RunEvent.What.LATE;
  }

  void trained(long at, int divergedLayer) {
    version = at;
    assertThat(divergedLayer).isNegative();
    assertThat(steps).as("steps told").isEqualTo(version);
    link.send(
        "weights kept",
        () -> {
          assertWeights();
          cluster.course.weightsKept();
        });
  }

  private void assertWeights() {
    float[] all = expected.states.get((int) version)[0];
    for (SimulatedShard shard : cluster.shards()) {
      assertThat(shard.weights(version))
          .as("weights of version %d", version)
          .isEqualTo(Arrays.copyOfRange(all, shard.from(), shard.to()));
    }
  }

  void ended(RunEnd end) {
    over = true;
    assertThat(end.version()).isEqualTo(version);
    if (!stopped && cluster.nodes().stream().noneMatch(SimulatedNode::mayEndTheRun)) {
      assertThat(version).as("last version").isEqualTo(expected.end());
    }
    boolean validates = cluster.model.evaluations().contains(Evaluation.VALIDATION);
    Map<String, StepSums> all = new TreeMap<>();
    for (long of = 1; of <= version; of++) {
      if (validates && cluster.job.epochs().endsEpoch(of - 1)) {
        all.put(
            Evaluation.VALIDATION + " of " + of, expected.evaluation(Evaluation.VALIDATION, of));
      }
    }
    for (Evaluation evaluation : cluster.model.evaluations()) {
      all.put(evaluation + " of " + version, expected.evaluation(evaluation, version));
    }
    assertThat(evaluations).as("evaluations").isEqualTo(all);
    assertWeights();
  }

  /**
   * Who may be late has no part, nor who has done the last step: so all others may be lost,
   * although one lives.
   */
  void broken(String why) {
    boolean keeperHasNoPart = anyLate || cluster.keeper.hasLeft();
    boolean noWorker = keeperHasNoPart && why.endsWith("no worker is left to take over from it");
    assertThat(noWorker || mayBreak).as(why).isTrue();
    over = true;
  }

  /** As of {@link #broken}, where nothing is lost but the workers. */
  void suspended() {
    assertThat(anyLate || cluster.keeper.hasLeft() || mayBreak).isTrue();
    over = true;
  }

  /** Whether a node that is lost now was the only one to have a shard. */
  void mayBreak(boolean alone) {
    mayBreak |= alone;
  }

  boolean isOver() {
    return over;
  }

  boolean hasStarted() {
    return started;
  }

  boolean isTraining() {
    return started && version < 0;
  }

  /** Steps and evaluations that were told. */
  long told() {
    return steps + evaluations.size();
  }

  long steps() {
    return steps;
  }
}
