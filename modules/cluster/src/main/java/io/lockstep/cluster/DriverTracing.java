package io.lockstep.cluster;

import io.lockstep.training.RunEvent;
import io.lockstep.training.trace.NodeTrace;
import io.lockstep.training.trace.RunTrace;
import io.lockstep.training.trace.RunTrace.OfNode;
import io.lockstep.training.trace.TraceWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Gathers what nodes have noted of some steps: asks each for the time, before and after, and for
 * one part after the other of what it has. A question without an answer is asked again. Used by the
 * driver's actor.
 */
final class DriverTracing {

  /**
   * What it works with.
   *
   * @param window the steps
   * @param layers names of the network's layers
   * @param observer told what was gathered, once
   * @param threads puts that together: the driver's own, which also fetches snapshots and weights,
   *     and does this before or after those
   * @param self tells the driver's actor
   */
  record Parts(
      TraceWindow window,
      List<String> layers,
      RunObserver observer,
      Executor threads,
      Consumer<Driver.Command> self) {}

  private final Parts parts;
  private final Map<String, TracedNode> nodes = new TreeMap<>();
  private boolean ended;

  /** Whether all is here that is to come. */
  private boolean gathered;

  /** Whether the observer knows of it. */
  private boolean told;

  DriverTracing(Parts parts) {
    this.parts = parts;
  }

  void on(Tracing.ToDriver message) {
    switch (message) {
      case Tracing.OfNode of when !gathered -> {
        nodes.computeIfAbsent(of.name(), name -> new TracedNode()).on(of);
        gatherIfComplete();
      }
      case Tracing.OfNode late -> {}
      case Tracing.Gathered all -> {
        told = true;
        parts.observer().traced(all.trace());
      }
    }
  }

  /** A second has passed; who has nothing to give yet is asked as soon as another has. */
  void look() {
    if (ended || nodes.values().stream().anyMatch(TracedNode::gives)) {
      nodes.values().forEach(node -> node.look(ended));
      gatherIfComplete();
    }
  }

  /** A node that is lost is not waited for; one that leaves may answer until it has gone. */
  void happened(RunEvent event) {
    TracedNode node = nodes.get(event.node());
    if (node == null) {
      return;
    }
    switch (event.what()) {
      case LOST -> {
        node.lost();
        gatherIfComplete();
      }
      case LEFT -> node.computes(false);
      case JOINED -> node.computes(true);
      default -> {}
    }
  }

  /** The run has ended: who has not given yet does so now. */
  void end() {
    ended = true;
    gatherIfComplete();
  }

  /** Whether the observer is still to be told something. */
  boolean isAwaited() {
    return !parts.window().isEmpty() && !told;
  }

  /** Whether all have given what they have noted. */
  private boolean isComplete() {
    return nodes.values().stream().allMatch(node -> node.isComplete(ended))
        && (ended || nodes.values().stream().anyMatch(TracedNode::isWhole));
  }

  /** Events may be millions, and others wait for this thread. */
  private void gatherIfComplete() {
    if (gathered || parts.window().isEmpty() || !isComplete()) {
      return;
    }
    gathered = true;
    Map<String, TracedNode> all = new TreeMap<>(nodes);
    nodes.clear();
    Map<String, String> missing = new TreeMap<>();
    all.keySet().forEach(name -> missing.put(name, NodeTrace.NO_ROOM));
    RunTrace nothing = new RunTrace(parts.window(), parts.layers(), List.of(), missing);
    try {
      parts.threads().execute(() -> told(trace(all, nothing)));
    } catch (OutOfMemoryError | RejectedExecutionException none) { // For a timeline no actor ends.
      told(nothing(all, Tracing.noThread(none)));
    }
  }

  /** By a message, after which the driver looks whether that was all it waited for. */
  private void told(RunTrace trace) {
    parts.self().accept(new Tracing.Gathered(trace));
  }

  /** Whatever happens, something is told: the run's end waits for it. */
  private RunTrace trace(Map<String, TracedNode> all, RunTrace withoutRoom) {
    try {
      return together(all);
    } catch (OutOfMemoryError full) {
      return withoutRoom;
    } catch (RuntimeException | Error failure) {
      return nothing(all, failure);
    }
  }

  private RunTrace together(Map<String, TracedNode> all) {
    List<OfNode> whole = new ArrayList<>();
    Map<String, String> missing = new TreeMap<>();
    all.forEach(
        (name, node) ->
            node.trace(why -> missing.merge(name, why, (a, b) -> a + "; " + b))
                .ifPresent(whole::add));
    return new RunTrace(parts.window(), parts.layers(), whole, missing);
  }

  private RunTrace nothing(Map<String, TracedNode> all, Throwable failure) {
    Map<String, String> missing = new TreeMap<>();
    all.keySet().forEach(name -> missing.put(name, Causes.message(failure)));
    return new RunTrace(parts.window(), parts.layers(), List.of(), missing);
  }
}
