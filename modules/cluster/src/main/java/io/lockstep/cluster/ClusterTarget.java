package io.lockstep.cluster;

import io.lockstep.cluster.keys.ClusterKey;
import io.lockstep.wire.WireSettings.Transport;
import java.util.Optional;

/**
 * Nodes that wait for a run.
 *
 * @param seed control plane of one of them
 * @param key of the cluster, if it has one
 * @param bind address of this machine to listen at
 * @param workers workers to wait for, over all nodes
 * @param servers parameter servers to wait for
 * @param transport of the data plane
 * @param encrypt whether the data plane is encrypted
 * @param patienceSeconds how long to try to join, and to wait for enough nodes
 */
public record ClusterTarget(
    HostPort seed,
    Optional<ClusterKey> key,
    String bind,
    int workers,
    int servers,
    Transport transport,
    boolean encrypt,
    int patienceSeconds) {

  /**
   * Hands a run to these nodes.
   *
   * @param name of the run
   * @param configuration in HOCON, complete
   * @param prepared the job as this process sees it
   * @param bucketBytes wanted bytes of a bucket of θ
   */
  public Run start(
      String name,
      String configuration,
      PreparedJob prepared,
      long bucketBytes,
      RunObserver observer) {
    RunRequest request = new RunRequest(workers, servers, bucketBytes, patienceSeconds);
    RunSpec spec = RunSpecs.of(name, configuration, prepared, request);
    return new ClusterRun(this, spec, prepared, observer);
  }
}
