package io.lockstep.cluster;

import akka.util.ByteString;
import io.lockstep.training.trace.ClockOffsets;
import io.lockstep.training.trace.NodeTrace;
import io.lockstep.training.trace.RunTrace.OfNode;
import java.util.Optional;

/** A node of a run that is traced, as the driver knows it. Used by the driver's actor. */
final class TracedNode {

  /** How often a node is asked the time before, and again after. */
  private static final int QUESTIONS = 8;

  /** How many questions in a row a node leaves unanswered before it is missing. */
  private static final int MOST_UNANSWERED = 5;

  private final Driver.Tracing announced;
  private final boolean sameClock;
  private final ClockOffsets clock;

  /** The same node when it took part before; null if it did not, or gave nothing. */
  private final TracedNode before;

  private byte[] bytes = {};
  private int filled;
  private boolean over;
  private boolean left;

  /** Why nothing is to come; empty while it is. */
  private String missing = "";

  private boolean answered;
  private int unanswered;

  TracedNode(Driver.Tracing announced, TracedNode before) {
    this.announced = announced;
    this.before = before != null && before.isWhole() ? before : null;
    this.sameClock = !announced.clock().isEmpty() && announced.clock().equals(BootId.OWN);
    this.clock = new ClockOffsets(sameClock);
  }

  long life() {
    return announced.life();
  }

  /** Whether all is here that was noted. */
  boolean isWhole() {
    return bytes.length > 0 && filled == bytes.length;
  }

  /** Whether it has begun to give, since the steps are over. */
  boolean gives() {
    return over;
  }

  /** Whether all is here of steps that are over. */
  boolean isOver() {
    return isWhole() && over;
  }

  /**
   * Whether nothing is to be waited for.
   *
   * @param ended whether the run has
   */
  boolean isComplete(boolean ended) {
    return !missing.isEmpty()
        || isWhole() && (left || (over || ended) && clock.count() >= questions());
  }

  /** How often it is asked the time until now. */
  private int questions() {
    return sameClock ? 1 : isWhole() ? 2 * QUESTIONS : QUESTIONS;
  }

  /** Asks for what is due; only while something is. */
  void ask() {
    if (bytes.length == 0 && clock.count() == 0 || isWhole()) {
      announced.node().tell(new Node.AskClock(life(), System.nanoTime()));
    } else {
      announced.node().tell(new Node.AskTrace(life(), filled));
    }
  }

  /** A second has passed; who said nothing in it is asked once more. */
  void askAgain(boolean ended) {
    if (isComplete(ended)) {
      return;
    }
    if (answered) {
      answered = false;
      return;
    }
    if (bytes.length > 0 || ended) {
      unanswered++;
    }
    if (unanswered > MOST_UNANSWERED) {
      missing = "it did not answer";
    } else {
      ask();
    }
  }

  void on(Driver.OfTracedNode answer) {
    answered = true;
    unanswered = 0;
    switch (answer) {
      case Driver.ClockTold told -> time(told);
      case Driver.TracePart part -> take(part);
      case Driver.TraceFailed failed -> missing = failed.why();
    }
  }

  private void time(Driver.ClockTold told) {
    clock.add(told.asked(), told.nanos(), System.nanoTime(), isWhole());
    if (clock.count() < questions()) {
      announced.node().tell(new Node.AskClock(life(), System.nanoTime()));
    }
  }

  /** What is not the next part is dropped. */
  private void take(Driver.TracePart part) {
    ByteString content = part.content();
    int to = part.at() + content.size();
    if (part.at() != filled || content.isEmpty() || to > part.of() || isWhole()) {
      return;
    }
    if (bytes.length == 0) {
      allocate(part.of());
    }
    if (bytes.length == part.of()) {
      content.asByteBuffer().get(bytes, filled, content.size());
      filled = to;
      over = part.over();
      announced.node().tell(new Node.AskTrace(life(), filled)); // Which may say that it has all.
    }
    if (isWhole() && clock.count() < questions()) {
      ask();
    }
  }

  private void allocate(int size) {
    try {
      bytes = new byte[size];
    } catch (OutOfMemoryError full) {
      missing = "no room for %,d bytes".formatted(size);
    }
  }

  void lost() {
    missing = "it was lost";
  }

  void left() {
    left = true;
  }

  /**
   * What it did when it took part last, or where that is nothing, before; empty if neither is
   * whole, a trace, and of a time that is known.
   */
  Optional<OfNode> trace() {
    Optional<OfNode> last = last();
    boolean isSome = last.isPresent() && !last.get().isEmpty();
    return isSome || before == null ? last : before.trace().or(() -> last);
  }

  private Optional<OfNode> last() {
    if (isWhole() && clock.isKnown()) {
      try {
        return Optional.of(OfNode.of(NodeTrace.of(announced.name(), bytes), clock));
      } catch (IllegalArgumentException | OutOfMemoryError failure) {
        missing = failure.getMessage();
      }
    }
    return Optional.empty();
  }

  /** Why there is no {@link #trace}. */
  String whyMissing() {
    if (!missing.isEmpty()) {
      return missing;
    }
    return isWhole() ? "its clock was not compared" : left ? "it left" : "it did not come";
  }
}
