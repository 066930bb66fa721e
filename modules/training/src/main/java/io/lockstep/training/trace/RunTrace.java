package io.lockstep.training.trace;

import java.util.List;

/**
 * What the nodes of a run did in a window, on one clock.
 *
 * @param window the steps
 * @param layers names of the network's layers
 * @param nodes those whose trace is there
 * @param missing names of those that took part, and whose trace is not there
 */
public record RunTrace(
    TraceWindow window, List<String> layers, List<OfNode> nodes, List<String> missing) {

  /**
   * What a node did.
   *
   * @param trace times are those of whoever collects them
   * @param errorNanos how far from the truth they may be
   */
  public record OfNode(NodeTrace trace, long errorNanos) {

    /** With times of the node's own clock. */
    public static OfNode of(NodeTrace own, ClockOffsets clock) {
      long middle =
          own.threads().stream()
              .flatMap(t -> t.events().stream())
              .mapToLong(TraceEvent::start)
              .min()
              .orElse(0);
      return new OfNode(own.later(clock.offset(middle)), clock.errorNanos());
    }

    OfNode later(long nanos) {
      return nanos == 0 ? this : new OfNode(trace.later(nanos), errorNanos);
    }
  }
}
