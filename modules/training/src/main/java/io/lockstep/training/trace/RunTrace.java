package io.lockstep.training.trace;

import java.util.EnumSet;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Set;

/**
 * What the nodes of a run did in a window, on one clock.
 *
 * @param window the steps
 * @param layers names of the network's layers
 * @param nodes those whose trace is there
 * @param missing those that took part, and whose trace is not there, or not all of it: why, by
 *     their names
 */
public record RunTrace(
    TraceWindow window, List<String> layers, List<OfNode> nodes, Map<String, String> missing) {

  /** What is noted where a step was done. */
  private static final Set<TraceKind> DONE = EnumSet.of(TraceKind.STEP, TraceKind.UPDATE);

  /**
   * What a node did.
   *
   * @param trace times are those of whoever collects them
   * @param errorNanos how far from the truth they may be
   */
  public record OfNode(NodeTrace trace, long errorNanos) {

    /**
     * With times of the node's own clock, of which the offset is taken as its first event begins.
     */
    public static OfNode of(NodeTrace own, ClockOffsets clock) {
      long first = own.events().mapToLong(TraceEvent::start).min().orElse(0);
      return new OfNode(own.later(clock.offset(first)), clock.errorNanos());
    }

    /** What the same node did in another part of the run, too. */
    public OfNode and(OfNode other) {
      if (isEmpty() || other.isEmpty()) {
        return isEmpty() ? other : this;
      }
      return new OfNode(trace.and(other.trace), Math.max(errorNanos, other.errorNanos));
    }

    /** Whether nothing was noted, nor had no room. */
    private boolean isEmpty() {
      return trace.threads().isEmpty();
    }

    OfNode later(long nanos) {
      return nanos == 0 ? this : new OfNode(trace.later(nanos), errorNanos);
    }
  }

  /** The steps of the window that were done, as far as is known: a run may end in the middle. */
  public LongSummaryStatistics done() {
    return nodes.stream()
        .flatMap(node -> node.trace().events())
        .filter(event -> DONE.contains(event.kind()))
        .mapToLong(TraceEvent::step)
        .summaryStatistics();
  }

  /** Number of events that had no room. */
  public long dropped() {
    return nodes.stream().mapToLong(node -> node.trace().dropped()).sum();
  }
}
