package io.lockstep;

import io.lockstep.cluster.Checkpointing;
import io.lockstep.cluster.ClusterTarget;
import io.lockstep.cluster.LocalRun;
import io.lockstep.cluster.Run;
import io.lockstep.cluster.RunSettings;
import io.lockstep.config.Configuration;
import io.lockstep.training.Job;
import io.lockstep.training.trace.TraceWindow;
import java.util.Optional;

/**
 * Who computes a run: workers and parameter servers in this JVM, or the nodes of a cluster.
 *
 * @param settings how many, and with which kernels
 * @param cluster empty for this JVM
 */
record Computing(RunSettings settings, Optional<ClusterTarget> cluster) {

  /** In this JVM, as the configuration says. */
  static Computing here(Configuration configuration) {
    return new Computing(
        new RunSettings(
            configuration.cluster().workers(),
            configuration.cluster().servers(),
            configuration.cluster().bucketBytes(),
            MachineKernels.of(configuration),
            false),
        Optional.empty());
  }

  /** In this JVM, over loopback sockets. */
  Computing overSockets() {
    return new Computing(with(settings.workers(), settings.servers(), true), cluster);
  }

  /** On nodes that are there. */
  Computing on(ClusterTarget target) {
    return new Computing(with(target.workers(), target.servers(), false), Optional.of(target));
  }

  /** With some steps traced. */
  Computing tracing(TraceWindow window) {
    return new Computing(settings.tracing(window), cluster);
  }

  private RunSettings with(int workers, int servers, boolean overSockets) {
    return new RunSettings(
        workers,
        servers,
        settings.bucketBytes(),
        settings.kernels(),
        overSockets,
        settings.link(),
        settings.traced());
  }

  /** For people. */
  String who() {
    return "workers %d, servers %d".formatted(settings.workers(), settings.servers());
  }

  /** Starts a run. */
  Run start(Configuration configuration, Job job, Checkpointing checkpointing, RunEvents events) {
    return cluster
        .map(
            target ->
                target.start(
                    configuration.name(),
                    configuration.toHocon(),
                    configuration.jars(),
                    Jobs.prepared(configuration, job, settings.kernels()),
                    configuration.cluster().standbys(),
                    settings.bucketBytes(),
                    settings.traced(),
                    checkpointing,
                    events))
        .orElseGet(() -> LocalRun.start(job, settings, checkpointing, events));
  }
}
