package io.lockstep.cluster;

import io.lockstep.training.trace.ClockOffsets;
import io.lockstep.training.trace.NodeTrace;
import io.lockstep.training.trace.RunTrace.OfNode;

/**
 * A node as it takes part in a run that is traced, once: announced, then giving, then whole. It may
 * be given up before, and nobody waits for it then; what still comes counts. Used by the driver's
 * actor.
 */
final class TracedLife {

  /** How often a node is asked the time before, and again after. */
  private static final int QUESTIONS = 8;

  /** How many questions in a row a node leaves unanswered before it is given up. */
  private static final int MOST_UNANSWERED = 5;

  private final Tracing.Announced announced;
  private final ClockOffsets clock;
  private final TraceParts parts = new TraceParts();

  /** Whether the node has begun another life: this one has nothing more to note. */
  private boolean past;

  /** Whether the node has left, or is late, and may not answer any more. */
  private boolean left;

  /** Why nothing is waited for; empty while something is. */
  private String givenUp = "";

  /** Looks since it said something last; the first of them asks nothing, but as it begins. */
  private int silent = 1;

  TracedLife(Tracing.Announced announced) {
    this.announced = announced;
    this.clock =
        new ClockOffsets(!announced.clock().isEmpty() && announced.clock().equals(BootId.OWN));
  }

  long life() {
    return announced.life();
  }

  /** Whether it has begun to give, since the steps are over. */
  boolean gives() {
    return parts.isOver();
  }

  /** Whether any of what it noted is here. */
  boolean hasGiven() {
    return !parts.isEmpty();
  }

  /** Whether all is here that it noted. */
  boolean isWhole() {
    return parts.isWhole();
  }

  /**
   * Whether nothing is to be waited for.
   *
   * @param ended whether the run has
   */
  boolean isComplete(boolean ended) {
    boolean isLast = parts.isOver() || past || ended;
    return !givenUp.isEmpty() || isWhole() && isLast && clock.count() >= questions();
  }

  /** How often it is asked the time until now. */
  private int questions() {
    if (clock.isSame()) {
      return 1;
    }
    return isWhole() ? 2 * QUESTIONS : QUESTIONS;
  }

  /** Asks for what is due; only while something is. */
  private void ask() {
    if (!hasGiven() && clock.count() == 0 || isWhole()) {
      askClock();
    } else {
      askPart();
    }
  }

  void askClock() {
    announced.node().tell(new Tracing.AskClock(life(), System.nanoTime()));
  }

  private void askPart() {
    announced.node().tell(new Tracing.AskPart(life(), parts.filled()));
  }

  /**
   * A second has passed; who said nothing in it is asked once more. Whose steps may still be under
   * way need not answer.
   */
  void look(boolean ended) {
    if (isComplete(ended) || silent++ == 0) {
      return;
    }
    if (!hasGiven() && !past && !left && !ended) {
      silent = 1;
    }
    if (silent > 1 + MOST_UNANSWERED) {
      givenUp = "it did not answer";
    } else {
      ask();
    }
  }

  void on(Tracing.OfNode told) {
    if (told instanceof Tracing.Announced) { // Which is no answer: it may not hear us.
      left = false;
      askClock();
      return;
    }
    silent = 0;
    switch (told) {
      case Tracing.Announced again -> {}
      case Tracing.ClockTold time -> take(time);
      case Tracing.Part part -> take(part);
      case Tracing.Failed failed -> givenUp = failed.why();
    }
  }

  private void take(Tracing.ClockTold told) {
    clock.add(told.asked(), told.nanos(), System.nanoTime(), isWhole());
    if (clock.count() < questions()) {
      askClock();
    }
  }

  private void take(Tracing.Part part) {
    try {
      if (!parts.take(part)) {
        return;
      }
    } catch (OutOfMemoryError full) {
      givenUp = NodeTrace.NO_ROOM;
      return;
    }
    askPart(); // Which may say that it has all.
    if (isWhole() && clock.count() < questions()) {
      askClock();
    }
  }

  void lost() {
    givenUp = "it was lost";
  }

  /**
   * Whether it takes part in steps: one that has left, or is late, is asked some more questions,
   * that it may answer until it has gone, or computes again.
   */
  void computes(boolean does) {
    left = !does;
  }

  void past() {
    past = true;
  }

  /**
   * What it noted, by our clock.
   *
   * @throws IllegalStateException saying why there is none
   */
  OfNode trace() {
    if (!isWhole()) {
      throw new IllegalStateException(givenUp);
    }
    if (!clock.isKnown()) {
      throw new IllegalStateException("its clock was not compared");
    }
    try {
      return OfNode.of(NodeTrace.of(announced.name(), parts.bytes()), clock);
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }
}
