package io.lockstep.cluster;

import akka.actor.typed.ActorRef;
import akka.util.ByteString;
import io.lockstep.training.trace.NodeTrace;
import io.lockstep.training.trace.TraceWindow;
import io.lockstep.training.trace.Tracer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What a node notes of some steps of a run, for the driver: it announces itself, so that its clock
 * can be compared, and gives what it has noted when those steps are over. The first part it gives
 * unasked, any other when the driver asks for it: a message of the control plane is small, and all
 * others find room between. Used by the node's actor; what was noted is put together by the node's
 * thread.
 */
final class NodeTracing {

  /** Bytes of a part, the last may have fewer. */
  static final int PART_BYTES = 64 << 10;

  private final NodeSelf self;
  private final ActorRef<Driver.Command> driver;
  private final TraceWindow window;
  private final Tracer tracer;

  /** When it began: the same node may take part once more, or anew. */
  private final long life = System.nanoTime();

  private boolean known;
  private boolean noted;
  private boolean over;

  /** What was noted, from then on until the driver has all of it. */
  private byte[] bytes;

  NodeTracing(TraceWindow window, NodeSelf self, ActorRef<Driver.Command> driver) {
    this.window = window;
    this.self = self;
    this.driver = driver;
    this.tracer = window.isEmpty() ? Tracer.OFF : new Tracer(window);
    if (isOn()) {
      announce();
    }
  }

  /** Whether any steps are traced. */
  boolean isOn() {
    return !window.isEmpty();
  }

  Tracer tracer() {
    return tracer;
  }

  private String name() {
    return self.parts().name();
  }

  private void announce() {
    driver.tell(new Driver.Tracing(name(), life, BootId.OWN, self.ref()));
  }

  /**
   * Time has passed.
   *
   * @param step the oldest that is under way here; {@link Long#MAX_VALUE} if there is none
   */
  void look(long step) {
    if (!known && isOn()) {
      announce(); // That it did may have been lost.
    }
    if (step != Long.MAX_VALUE) {
      giveIfOver(step);
    }
  }

  /** Tells the time, if the question is for this one. */
  void answer(Node.AskClock ask) {
    if (ask.life() == life) {
      known = true;
      driver.tell(new Driver.ClockTold(name(), life, ask.asked(), System.nanoTime()));
    }
  }

  /** Somebody else's steps are over: who does none here has nothing to wait for. */
  void giveIfOver(long step) {
    if (step > window.end()) { // What came of the last step is received in the one after it.
      give(true);
    }
  }

  /**
   * Gives what was noted, once.
   *
   * @param isOver whether nothing is to come any more, even if this node takes part anew
   */
  void give(boolean isOver) {
    if (noted || !isOn()) {
      return;
    }
    noted = true;
    over = isOver;
    if (tracer.isEmpty()) {
      noted(new NodeTrace(name(), List.of()).toBytes(), null);
      return;
    }
    self.context()
        .pipeToSelf(
            CompletableFuture.supplyAsync(
                () -> new NodeTrace(name(), tracer.threads()).toBytes(), self.thread()),
            (all, failure) -> new Node.TraceNoted(this, all, failure));
  }

  /** Nothing is given any more. */
  void end() {
    noted = true;
  }

  /** All that was noted is put together, or there is no room for that. */
  void noted(byte[] all, Throwable failure) {
    tracer.forget();
    if (failure == null) {
      bytes = all;
      givePart(0);
    } else {
      driver.tell(new Driver.TraceFailed(name(), life, Causes.message(Causes.root(failure))));
    }
  }

  /** Gives a part; who asks for what is behind the last has all. */
  void answer(Node.AskTrace ask) {
    if (ask.life() != life || bytes == null || ask.at() < 0 || ask.at() > bytes.length) {
      return;
    }
    if (ask.at() == bytes.length) {
      bytes = null;
    } else {
      givePart(ask.at());
    }
  }

  private void givePart(int at) {
    int length = Math.min(PART_BYTES, bytes.length - at);
    ByteString content = ByteString.fromArray(bytes, at, length);
    driver.tell(new Driver.TracePart(name(), life, at, bytes.length, over, content));
  }
}
