package io.lockstep.cluster;

import akka.actor.typed.ActorRef;
import akka.util.ByteString;
import io.lockstep.training.trace.ClockOffsets;
import io.lockstep.training.trace.NodeTrace;
import io.lockstep.training.trace.RunTrace;
import io.lockstep.training.trace.RunTrace.OfNode;
import io.lockstep.training.trace.TraceWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Gathers what nodes have noted of some steps: asks each for the time, before and after, and joins
 * the parts that it gives. Used by the driver's actor.
 */
final class DriverTracing {

  /** How often a node is asked the time before, and again after. */
  private static final int QUESTIONS = 8;

  private final TraceWindow window;
  private final List<String> layers;
  private final ActorRef<Driver.Command> driver;
  private final Map<String, Traced> nodes = new TreeMap<>();
  private boolean told;

  DriverTracing(TraceWindow window, List<String> layers, ActorRef<Driver.Command> driver) {
    this.window = window;
    this.layers = layers;
    this.driver = driver;
  }

  /** A node that notes. */
  private final class Traced {

    private final ActorRef<Node.Command> ref;
    private final ClockOffsets clock;
    private ByteString bytes = ByteString.emptyByteString();
    private int of = -1;
    private boolean lost;

    private Traced(ActorRef<Node.Command> ref, boolean sameClock) {
      this.ref = ref;
      this.clock = new ClockOffsets(sameClock);
    }

    private void ask() {
      ref.tell(new Node.AskClock(System.nanoTime(), driver));
    }

    private boolean isWhole() {
      return bytes.size() == of;
    }

    /** Whether all is here, and the clock was compared after it. */
    private boolean isComplete() {
      return isWhole() && clock.count() >= 2 * QUESTIONS;
    }

    /** Empty if it is not whole, or no trace. */
    private Optional<OfNode> trace(String name) {
      try {
        return isWhole()
            ? Optional.of(OfNode.of(NodeTrace.of(name, bytes.toArrayUnsafe()), clock))
            : Optional.empty();
      } catch (IllegalArgumentException malformed) {
        return Optional.empty();
      }
    }
  }

  /** A node will note. Who comes again, since it takes part anew, begins anew. */
  void begins(Driver.Tracing node) {
    Traced before = nodes.get(node.name());
    if (before == null || !before.isWhole()) {
      boolean same = !node.clock().isEmpty() && node.clock().equals(BootId.OWN);
      Traced traced = new Traced(node.node(), same);
      nodes.put(node.name(), traced);
      traced.ask();
    }
  }

  /** A node has told the time. */
  void time(Driver.ClockTold answer) {
    long now = System.nanoTime();
    Traced node = nodes.get(answer.name());
    if (node == null) {
      return;
    }
    node.clock.add(answer.asked(), answer.nanos(), now, node.isWhole());
    int count = node.clock.count();
    if (count < QUESTIONS || node.isWhole() && count < 2 * QUESTIONS) {
      node.ask();
    }
  }

  /** A part of what a node has noted; what is not the next one is dropped. */
  void part(Driver.TracePart part) {
    Traced node = nodes.get(part.name());
    if (node == null || node.isWhole() || part.at() != node.bytes.size()) {
      return;
    }
    node.bytes = node.bytes.concat(part.content());
    node.of = part.of();
    if (node.isWhole()) {
      node.ask();
    }
  }

  /** A node was lost: it is not waited for. */
  void lost(String name) {
    Traced node = nodes.get(name);
    if (node != null) {
      node.lost = true;
    }
  }

  /** Whether something is still to come, and was not told of. */
  boolean isAwaited() {
    return !window.isEmpty() && !told && !isComplete();
  }

  /** Whether all have given what they have noted. */
  boolean isComplete() {
    return nodes.values().stream().allMatch(node -> node.lost || node.isComplete())
        && nodes.values().stream().anyMatch(Traced::isWhole);
  }

  /** Tells, once, what is there. */
  void tell(RunObserver observer) {
    if (told || window.isEmpty()) {
      return;
    }
    told = true;
    List<OfNode> whole = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    nodes.forEach(
        (name, node) -> {
          Optional<OfNode> trace = node.trace(name);
          trace.ifPresentOrElse(whole::add, () -> missing.add(name));
        });
    observer.traced(new RunTrace(window, layers, whole, missing));
  }
}
