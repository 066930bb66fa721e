package io.lockstep.cluster;

import io.lockstep.model.Jar;
import io.lockstep.training.Fingerprint;
import io.lockstep.training.RunIdentity;
import io.lockstep.training.RunShape;
import io.lockstep.training.trace.TraceWindow;
import java.util.List;

/**
 * A run as it is handed to a cluster.
 *
 * @param name of the run
 * @param identity drawn anew for each run
 * @param configuration in HOCON, complete
 * @param fingerprint what every node has to agree on
 * @param shape nodes, shards, steps, evaluations
 * @param bucketBytes wanted bytes of a bucket of θ
 * @param servers wanted number of parameter servers
 * @param patienceSeconds how long to wait for enough nodes
 * @param jars what every node fetches from the driver
 * @param traced the steps that are traced
 */
public record RunSpec(
    String name,
    RunIdentity identity,
    String configuration,
    Fingerprint fingerprint,
    RunShape shape,
    long bucketBytes,
    int servers,
    int patienceSeconds,
    List<JarLabel> jars,
    TraceWindow traced) {

  /**
   * A jar with layers of the user's own.
   *
   * @param name of its file
   * @param bytes of its file
   * @param sha256 of its content, in hexadecimal
   */
  public record JarLabel(String name, int bytes, String sha256) {

    static JarLabel of(Jar jar) {
      return new JarLabel(jar.name(), jar.bytes(), jar.sha256());
    }
  }
}
