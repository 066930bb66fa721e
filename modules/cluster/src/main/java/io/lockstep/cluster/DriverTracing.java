package io.lockstep.cluster;

import io.lockstep.training.trace.RunTrace;
import io.lockstep.training.trace.RunTrace.OfNode;
import io.lockstep.training.trace.TraceWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Gathers what nodes have noted of some steps: asks each for the time, before and after, and for
 * one part after the other of what it has. A question without an answer is asked again. Used by the
 * driver's actor.
 */
final class DriverTracing {

  private final TraceWindow window;
  private final List<String> layers;
  private final Map<String, TracedNode> nodes = new TreeMap<>();
  private boolean ended;
  private boolean told;

  DriverTracing(TraceWindow window, List<String> layers) {
    this.window = window;
    this.layers = layers;
  }

  void on(Driver.OfTrace of) {
    switch (of) {
      case Driver.Tracing node -> begins(node);
      case Driver.TraceTick tick -> askAgain();
      case Driver.OfTracedNode answer -> {
        TracedNode node = nodes.get(answer.name());
        if (node != null && node.life() == answer.life()) {
          node.on(answer);
        }
      }
    }
  }

  /**
   * A node will note. Who comes again, since it takes part anew, begins anew, unless it has given
   * all of the steps; what it gave before stands in if it does not come to give more.
   */
  private void begins(Driver.Tracing node) {
    TracedNode before = nodes.get(node.name());
    if (before != null && (before.life() == node.life() || before.isOver())) {
      node.node().tell(new Node.AskClock(node.life(), System.nanoTime()));
      return;
    }
    TracedNode begun = new TracedNode(node, before);
    nodes.put(node.name(), begun);
    begun.ask();
  }

  /** Those that have nothing to give yet are asked as soon as one has. */
  private void askAgain() {
    if (ended || nodes.values().stream().anyMatch(TracedNode::gives)) {
      nodes.values().forEach(node -> node.askAgain(ended));
    }
  }

  /** A node was lost: it is not waited for. */
  void lost(String name) {
    TracedNode node = nodes.get(name);
    if (node != null) {
      node.lost();
    }
  }

  /** A node has left: nothing comes after what it has given. */
  void left(String name) {
    TracedNode node = nodes.get(name);
    if (node != null) {
      node.left();
    }
  }

  /** The run has ended: who has not given yet does so now. */
  void end() {
    ended = true;
  }

  /** Whether something is still to come, and was not told of. */
  boolean isAwaited() {
    return !window.isEmpty() && !told && !isComplete();
  }

  /** Whether all have given what they have noted. */
  private boolean isComplete() {
    return nodes.values().stream().allMatch(node -> node.isComplete(ended))
        && (ended || nodes.values().stream().anyMatch(TracedNode::isWhole));
  }

  /** Tells, once, what is there. */
  void tell(RunObserver observer) {
    if (told || window.isEmpty()) {
      return;
    }
    told = true;
    List<OfNode> whole = new ArrayList<>();
    Map<String, String> missing = new TreeMap<>();
    nodes.forEach(
        (name, node) ->
            node.trace().ifPresentOrElse(whole::add, () -> missing.put(name, node.whyMissing())));
    nodes.clear(); // They are large.
    observer.traced(new RunTrace(window, layers, whole, missing));
  }
}
