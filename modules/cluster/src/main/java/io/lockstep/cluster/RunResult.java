package io.lockstep.cluster;

import io.lockstep.nn.Sums;
import io.lockstep.training.Evaluation;
import io.lockstep.training.RunEnd;
import io.lockstep.training.RunEvent;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a run ended.
 *
 * @param steps updates applied: the version of the weights
 * @param weights packed θ of that version, the last good one
 * @param evaluations sums of the evaluations of that version; an evaluation without rows is absent
 * @param nodes what each node with workers did
 * @param events who joined, left or was refused meanwhile
 * @param divergence where the loss or a weight stopped being finite, if it did
 */
public record RunResult(
    long steps,
    float[] weights,
    Map<Evaluation, Sums> evaluations,
    List<RunEnd.NodeWork> nodes,
    List<RunEvent> events,
    Optional<Divergence> divergence) {

  /**
   * A step that gave a loss or a weight that is not finite.
   *
   * @param step the step, from 0
   * @param layer index of the first such layer in the network
   */
  public record Divergence(long step, int layer) {}
}
