package io.lockstep.cluster;

import io.lockstep.kernels.Kernels;
import io.lockstep.training.trace.TraceWindow;
import io.lockstep.wire.LinkShape;
import java.util.Optional;

/**
 * What a run is computed with in one JVM; none of it changes a bit of the result.
 *
 * @param workers number of workers, each with its own thread and replica
 * @param servers number of parameter servers
 * @param bucketBytes wanted bytes of a bucket of θ
 * @param kernels the kernels of this JVM
 * @param overSockets whether weights and gradients travel over loopback sockets, each worker and
 *     each server with a data plane of its own, instead of by reference
 * @param link of each worker and each server, as of a machine of its own; only over sockets
 * @param traced the steps that are traced
 */
public record RunSettings(
    int workers,
    int servers,
    long bucketBytes,
    Kernels kernels,
    boolean overSockets,
    Optional<LinkShape> link,
    TraceWindow traced) {

  /**
   * Checks.
   *
   * @throws IllegalArgumentException if links have a shape, and nothing travels over them
   */
  public RunSettings {
    if (link.isPresent() && !overSockets) {
      throw new IllegalArgumentException(
          "link: expected a run over sockets, which %s needs, but found one by reference"
              .formatted(link.get()));
    }
  }

  /** A run on a network that is as fast as this machine, of which nothing is traced. */
  public RunSettings(
      int workers, int servers, long bucketBytes, Kernels kernels, boolean overSockets) {
    this(workers, servers, bucketBytes, kernels, overSockets, Optional.empty(), TraceWindow.NONE);
  }

  /** The same over sockets, with links of that shape. */
  public RunSettings over(LinkShape shape) {
    return new RunSettings(
        workers, servers, bucketBytes, kernels, true, Optional.of(shape), traced);
  }

  /** The same, with steps that are traced. */
  public RunSettings tracing(TraceWindow window) {
    return new RunSettings(workers, servers, bucketBytes, kernels, overSockets, link, window);
  }
}
