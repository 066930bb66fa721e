package io.lockstep.training;

import java.util.List;

/**
 * How a run ended.
 *
 * @param version updates applied: the version of the last good weights
 * @param divergedLayer first layer that was not finite in step {@code version}; -1 if none
 * @param workers what each worker did
 */
public record RunEnd(long version, int divergedLayer, List<Work> workers) {

  /**
   * What one worker did.
   *
   * @param node name of its node
   * @param microBatches micro-batches that it computed
   */
  public record Work(String node, long microBatches) {}
}
