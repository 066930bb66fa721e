package io.lockstep.training;

import java.util.List;

/**
 * How a run ended.
 *
 * @param version updates applied: the version of the last good weights
 * @param divergedLayer first layer that was not finite in step {@code version}; -1 if none
 * @param nodes what each node with workers did
 */
public record RunEnd(long version, int divergedLayer, List<NodeWork> nodes) {

  /**
   * What the workers of one node did.
   *
   * @param node name of the node
   * @param microBatches micro-batches that each worker computed
   * @param bytesSent bytes that the node sent to parameter servers
   * @param bytesReceived bytes that it received from them
   */
  public record NodeWork(
      String node, List<Long> microBatches, long bytesSent, long bytesReceived) {}
}
