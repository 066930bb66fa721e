package io.lockstep.cluster;

import akka.actor.typed.ActorRef;
import akka.util.ByteString;
import io.lockstep.training.RunTimes;
import io.lockstep.training.trace.NodeTrace;
import io.lockstep.training.trace.TraceWindow;
import io.lockstep.training.trace.Tracer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * What a node notes of some steps of a run, for the driver: it announces itself, so that its clock
 * can be compared, and gives what it has noted when those steps are over. The first part it gives
 * unasked, any other when the driver asks for it: a message of the control plane is small, and all
 * others find room between. Used by the node's actor.
 */
final class NodeTracing {

  /** Bytes of a part, the last may have fewer. */
  static final int PART_BYTES = 64 << 10;

  /** How long what was noted is kept for a driver that asks for nothing. */
  private static final Duration KEPT_FOR = Duration.ofSeconds(60);

  private static final long MOST_LOOKS = KEPT_FOR.dividedBy(RunTimes.LOOK_EVERY);

  /**
   * What it works with.
   *
   * @param window the steps
   * @param self the node
   * @param driver of the run
   * @param packing puts together what was noted
   */
  record Parts(
      TraceWindow window, NodeSelf self, ActorRef<Driver.Command> driver, TracePacking packing) {}

  private final NodeSelf self;
  private final ActorRef<Driver.Command> driver;
  private final TraceWindow window;
  private final TracePacking packing;
  private final Tracer tracer;

  /** Of the run, which is not held any longer than it is asked. */
  private LongSupplier step;

  /** When it began: the same node may take part once more, or anew. */
  private final long life = System.nanoTime();

  private boolean known;
  private boolean noted;
  private boolean over;

  /** Looks since it was asked last, of what is not noted any more. */
  private int quiet;

  /** What was noted, from then on until the driver has all of it. */
  private byte[] bytes;

  /**
   * @param step the oldest that is under way here; {@link Long#MAX_VALUE} if there is none
   */
  NodeTracing(Parts parts, LongSupplier step) {
    this.window = parts.window();
    this.self = parts.self();
    this.driver = parts.driver();
    this.packing = parts.packing();
    this.step = step;
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

  long life() {
    return life;
  }

  private String name() {
    return self.parts().name();
  }

  private void announce() {
    driver.tell(new Tracing.Announced(name(), life, BootId.OWN, self.ref()));
  }

  /** Time has passed. */
  void look() {
    if (noted) {
      quiet++;
      return;
    }
    if (!known) {
      announce(); // That it did may have been lost.
    }
    long oldest = step.getAsLong();
    if (oldest != Long.MAX_VALUE) {
      giveIfOver(oldest);
    }
  }

  /** Whether nobody has asked for long what there is. */
  boolean isForgotten() {
    return quiet > MOST_LOOKS;
  }

  void on(Tracing.ToNode message) {
    quiet = 0;
    switch (message) {
      case Tracing.AskClock ask -> {
        known = true;
        driver.tell(new Tracing.ClockTold(name(), life, ask.asked(), System.nanoTime()));
      }
      case Tracing.AskPart ask -> give(ask);
      case Tracing.Noted all -> noted(all);
    }
  }

  private void giveIfOver(long oldest) {
    if (oldest > window.end()) { // What came of the last step is received in the one after it.
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
    noteNothing();
    over = isOver;
    if (tracer.isEmpty()) {
      tracer.forget();
      bytes = new NodeTrace(name(), List.of()).toBytes();
      givePart(0);
      return;
    }
    CompletableFuture<byte[]> all =
        packing
            .bytes(() -> new NodeTrace(name(), tracer.threads()))
            .whenComplete((whole, none) -> tracer.forget());
    self.context().pipeToSelf(all, (whole, failure) -> new Tracing.Noted(life, whole, failure));
  }

  private void noteNothing() {
    noted = true;
    step = () -> Long.MAX_VALUE;
  }

  /** Nothing is given any more, unless that has begun. */
  void end() {
    if (!noted && isOn()) {
      noteNothing();
      tracer.forget();
    }
  }

  private void noted(Tracing.Noted all) {
    if (all.failure() == null) {
      bytes = all.bytes();
      givePart(0);
    } else {
      driver.tell(new Tracing.Failed(name(), life, TracePacking.why(all.failure())));
    }
  }

  /**
   * Gives a part; who asks for what is behind the last has all. Somebody else's steps are over, so
   * who does none here has nothing to wait for.
   */
  private void give(Tracing.AskPart ask) {
    giveIfOver(step.getAsLong());
    if (bytes == null || ask.at() < 0 || ask.at() > bytes.length) {
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
    driver.tell(new Tracing.Part(name(), life, at, bytes.length, over, content));
  }
}
