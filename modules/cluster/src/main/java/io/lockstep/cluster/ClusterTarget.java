package io.lockstep.cluster;

import io.lockstep.cluster.keys.ClusterKey;
import io.lockstep.cluster.launch.LaunchException;
import io.lockstep.model.Jar;
import io.lockstep.training.trace.TraceWindow;
import io.lockstep.wire.WireSettings.Transport;
import java.util.List;
import java.util.Optional;

/**
 * Nodes that wait for a run.
 *
 * @param seeds control planes of some of them: one that answers is enough
 * @param key of the cluster, if it has one
 * @param bind address of this machine to listen at
 * @param workers workers to wait for, over all nodes
 * @param servers parameter servers to wait for
 * @param transport of the data plane
 * @param encrypt whether the data plane is encrypted
 * @param coordinates whether this process may have the cluster's coordinator: it does where no node
 *     {@linkplain NodeOptions#coordinates can}
 * @param patienceSeconds how long to try to join, and to wait for enough nodes
 */
public record ClusterTarget(
    List<HostPort> seeds,
    Optional<ClusterKey> key,
    String bind,
    int workers,
    int servers,
    Transport transport,
    boolean encrypt,
    boolean coordinates,
    int patienceSeconds) {

  /**
   * Hands a run to these nodes.
   *
   * @param name of the run
   * @param configuration in HOCON, complete
   * @param jars with layers of the user's own, which are sent to every node
   * @param prepared the job as this process sees it
   * @param standbys of each parameter server's part of the weights that are wanted: 0 or 1
   * @param bucketBytes wanted bytes of a bucket of θ
   * @param traced the steps that are traced
   * @param checkpointing what it goes on from, and what is kept
   * @throws LaunchException if there are jars and no key: whoever can send classes has the nodes
   *     run them
   */
  public Run start(
      String name,
      String configuration,
      List<Jar> jars,
      PreparedJob prepared,
      int standbys,
      long bucketBytes,
      TraceWindow traced,
      Checkpointing checkpointing,
      RunObserver observer) {
    if (!jars.isEmpty() && key.isEmpty()) {
      throw new LaunchException("jars are sent only to nodes that have a key; give them one");
    }
    RunRequest request =
        new RunRequest(workers, servers, standbys, bucketBytes, patienceSeconds, traced);
    RunSpec spec = RunSpecs.of(name, configuration, jars, prepared, request, checkpointing);
    return new ClusterRun(this, spec, jars, prepared, checkpointing, observer);
  }
}
