package io.lockstep.cluster;

import akka.actor.typed.ActorRef;
import akka.util.ByteString;
import io.lockstep.training.trace.NodeTrace;
import io.lockstep.training.trace.TraceWindow;
import io.lockstep.training.trace.Tracer;

/**
 * What a node notes of some steps of a run, for the driver: it announces itself, so that its clock
 * can be compared, and gives what it has noted as soon as those steps are over, in parts, since a
 * message of the control plane is small. Used by the node's actor.
 */
final class NodeTracing {

  /** Bytes of a part, the last may have fewer. */
  static final int PART_BYTES = 64 << 10;

  private final TraceWindow window;
  private final Tracer tracer;
  private final String name;
  private final ActorRef<Driver.Command> driver;
  private boolean given;

  NodeTracing(
      TraceWindow window,
      String name,
      ActorRef<Node.Command> node,
      ActorRef<Driver.Command> driver) {
    this.window = window;
    this.tracer = window.isEmpty() ? Tracer.OFF : new Tracer(window);
    this.name = name;
    this.driver = driver;
    if (!window.isEmpty()) {
      driver.tell(new Driver.Tracing(name, BootId.OWN, node));
    }
  }

  Tracer tracer() {
    return tracer;
  }

  /**
   * Gives what was noted if the steps are over.
   *
   * @param step the oldest that is under way here
   */
  void giveIfOver(long step) {
    if (step > window.end()) { // What came of the last step is received in the one after it.
      give();
    }
  }

  /** Gives what was noted, once. */
  void give() {
    if (given || window.isEmpty()) {
      return;
    }
    given = true;
    byte[] bytes = new NodeTrace(name, tracer.threads()).toBytes();
    for (int at = 0; at < bytes.length; at += PART_BYTES) {
      int length = Math.min(PART_BYTES, bytes.length - at);
      driver.tell(
          new Driver.TracePart(name, at, bytes.length, ByteString.fromArray(bytes, at, length)));
    }
  }
}
