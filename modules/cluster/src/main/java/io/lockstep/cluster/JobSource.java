package io.lockstep.cluster;

import io.lockstep.model.Jar;
import java.util.List;

/**
 * Makes the job of a run on a node: reads configuration and data. Called by a thread that may wait.
 */
@FunctionalInterface
public interface JobSource {

  /**
   * The job, as this node sees it.
   *
   * @param jars those that the run came with, verified
   * @throws RuntimeException whose message says why this node cannot take part
   */
  PreparedJob prepare(RunSpec spec, List<Jar> jars);
}
