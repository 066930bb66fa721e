package io.lockstep.wire;

import io.lockstep.training.trace.Tracer;

/** What one side of a connection does with the frames it gets; called by its event loop. */
interface FrameHandler {

  /** Notes the receiving of floats. */
  default Tracer tracer() {
    return Tracer.OFF;
  }

  /** The connection is there. */
  default void opened() {}

  /**
   * Looks at a header before anything of the payload is read.
   *
   * @param expected where the type carries floats, gets how many of what format the payload must
   *     hold
   * @throws FrameException if such a frame does not belong here
   */
  void admit(FrameHeader header, FloatBlock expected) throws FrameException;

  /**
   * Says where the floats of an admitted frame go, by setting {@code values} and {@code at}; left
   * null, they are read and dropped.
   */
  void open(FrameHeader header, FloatBlock target);

  /** All floats of the frame are there and verified. */
  void floats(FrameHeader header) throws FrameException;

  /**
   * A frame of another kind is there and verified.
   *
   * @param payload null if the type has none; sums are overwritten by the next
   */
  void message(FrameHeader header, Object payload) throws FrameException;

  /** The connection has ended, also within a frame; called once. */
  void closed(String why);
}
