package io.lockstep.cluster;

import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Layer;
import io.lockstep.training.Fingerprint;
import io.lockstep.training.Job;
import java.util.List;

/**
 * A job that a node is ready to take part in.
 *
 * @param job what is trained
 * @param fingerprint what this node has found to be its configuration, data and arithmetic
 * @param kernels the kernels of this node
 */
public record PreparedJob(Job job, Fingerprint fingerprint, Kernels kernels) {

  /** Names of the network's layers. */
  List<String> layerNames() {
    return job.network().layers().stream().map(Layer::name).toList();
  }
}
