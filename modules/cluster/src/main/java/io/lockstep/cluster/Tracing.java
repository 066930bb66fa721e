package io.lockstep.cluster;

import akka.actor.typed.ActorRef;
import akka.util.ByteString;
import io.lockstep.training.trace.RunTrace;

/**
 * What the driver of a run and its nodes tell each other of the steps that are traced: {@link
 * Announced} by the node, {@link AskClock} and {@link ClockTold}, and when the steps are over
 * {@link Part}, the first of them unasked, then {@link AskPart} for each of the others.
 *
 * <p>A node may take part in a run more than once, as after it was expelled: each time is a life of
 * its own, and what it noted in one is asked for although it has begun another, unless it was lost
 * in the one: then nothing more is asked of that, and what is missing of it is told so.
 */
final class Tracing {

  private Tracing() {}

  /** Of a thread that does not start, or that takes nothing any more: fewer steps do not help. */
  static IllegalStateException noThread(Throwable none) {
    return new IllegalStateException("no thread to put it together: " + none.getMessage(), none);
  }

  /** What the driver is told. */
  sealed interface ToDriver extends Driver.OfTrace {}

  /** What a node tells the driver. */
  sealed interface OfNode extends ToDriver {

    /** Its name. */
    String name();

    /** Which of its lives it is about. */
    long life();
  }

  /**
   * A node will note what it does in the steps that are traced.
   *
   * @param clock whose processes read one clock has the same; empty if that is not known
   */
  record Announced(String name, long life, String clock, ActorRef<Node.Command> node)
      implements OfNode, ControlMessage {}

  /** A node's answer to {@link AskClock}. */
  record ClockTold(String name, long life, long asked, long nanos)
      implements OfNode, ControlMessage {}

  /**
   * A part of what a node has noted: the first as soon as the steps are over, any other as an
   * answer to {@link AskPart}.
   *
   * @param at position of the part
   * @param of bytes of all parts
   * @param over whether the steps are; else the node's part in the run was, and it may come again
   */
  record Part(String name, long life, int at, int of, boolean over, ByteString content)
      implements OfNode, ControlMessage {}

  /** A node cannot give what it has noted. */
  record Failed(String name, long life, String why) implements OfNode, ControlMessage {}

  /** What all have given is put together. */
  record Gathered(RunTrace trace) implements ToDriver {}

  /** What a node is told. */
  sealed interface ToNode extends Node.OfTrace {

    /** Which of its lives is meant. */
    long life();
  }

  /**
   * Asks for the time.
   *
   * @param asked what the driver's clock shows
   */
  record AskClock(long life, long asked) implements ToNode, ControlMessage {}

  /**
   * Asks for a part of what the node has noted.
   *
   * @param at position of the part; that behind the last if the driver has all
   */
  record AskPart(long life, int at) implements ToNode, ControlMessage {}

  /**
   * What a node has noted is put together, or cannot be.
   *
   * @param failure null if it could
   */
  record Noted(long life, byte[] bytes, Throwable failure) implements ToNode {}
}
