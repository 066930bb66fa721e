package io.lockstep.wire;

import io.lockstep.training.RunIdentity;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the two ends of a connection within a machine agree on beside it: each may offer memory
 * ({@link SharedSlots}) in which its floats stand from when the other says that it reads them.
 * Frames still tell which floats and where; so order, handshake and the end of a peer are those of
 * the connection. Floats in memory are not checked by a checksum, as those in an array of one
 * process are not.
 *
 * <p>Belongs to the connection's event loop.
 */
final class Sharing implements FrameHandler {

  private static final Logger LOG = LoggerFactory.getLogger(Sharing.class);

  /** Whether a connection's ends share memory. */
  enum Kind {
    /** They are not on one machine. */
    NEVER,
    /** They may, but this side does not want to. */
    UNWANTED,
    /** They do if they can. */
    WANTED
  }

  private final Link link;
  private final Kind kind;
  private Frames frames;
  private RunIdentity run;
  private Runnable accepted;
  private SharedSlots theirs;
  private long reader;
  private long sharedBytes;
  private boolean over;

  Sharing(Link link, Kind kind) {
    this.link = link;
    this.kind = kind;
  }

  /** Whether it is worth while to offer something. */
  boolean wanted() {
    return kind == Kind.WANTED;
  }

  /** The handshake is done: from now on the peer may offer something. */
  void admit(RunIdentity run, Frames frames) {
    this.run = run;
    this.frames = frames;
  }

  /**
   * Offers memory to the peer.
   *
   * @param accepted run when it says that it reads it; it may never do so
   */
  void offer(Messages.Share share, Runnable accepted) {
    this.accepted = accepted;
    link.write(frames.message(FrameType.SHARE, run, share));
    link.flush();
  }

  @Override
  public void admit(FrameHeader header, FloatBlock expected) throws FrameException {
    boolean expectedHere =
        run != null
            && kind != Kind.NEVER
            && (header.type == FrameType.SHARE ? theirs == null : accepted != null);
    if (!expectedHere) {
      throw new FrameException.Unexpected(
          link.peer(), "frame", "none about shared memory", header.type);
    }
    if (header.run != run.runId()) {
      throw new FrameException.WrongRun(link.peer(), "%016x".formatted(run.runId()), header.run);
    }
  }

  @Override
  public void message(FrameHeader header, Object payload) throws FrameException {
    if (header.type == FrameType.SHARED) {
      accepted.run();
      accepted = null;
    } else if (wanted() && !over) {
      open((Messages.Share) payload);
    }
  }

  private void open(Messages.Share share) throws FrameException {
    if (share.reader() < 0 || share.reader() >= SharedSlots.MOST_READERS) {
      throw new FrameException.Unexpected(
          link.peer(),
          "reader of shared memory",
          "one below " + SharedSlots.MOST_READERS,
          share.reader());
    }
    try {
      theirs = SharedSlots.open(share);
      reader = 1L << share.reader();
      link.write(frames.shared(run));
      link.flush();
    } catch (IOException e) { // Such as a container that does not see the other's processes.
      LOG.info("connection with {}: no shared memory: {}", link.peer(), e.toString());
    }
  }

  /**
   * Copies floats that stand in the peer's memory to where {@code target} says, and gives the slot
   * back.
   *
   * @throws FrameException if the slot holds no such floats, or not until they were copied: the
   *     peer has taken this side for gone
   */
  void read(long ticket, FloatBlock target) throws FrameException {
    boolean held = theirs != null && theirs.holds(ticket, reader, target);
    if (held && target.values != null) {
      theirs.read(ticket, target);
    }
    if (!held || !theirs.release(ticket, reader)) {
      throw new FrameException.Unexpected(
          link.peer(),
          "slot of shared memory",
          "one that holds this bucket",
          "%d (claim %d)".formatted((int) ticket, ticket >>> Integer.SIZE));
    }
    sharedBytes += (long) target.length * target.floatBytes();
  }

  /** Bytes that were read in shared memory so far. */
  long sharedBytes() {
    return sharedBytes;
  }

  /** Nothing is read any more. */
  void close() {
    over = true;
    if (theirs != null) {
      theirs.close();
      theirs = null;
    }
  }

  @Override
  public void open(FrameHeader header, FloatBlock target) {
    throw new IllegalStateException("no floats about shared memory");
  }

  @Override
  public void floats(FrameHeader header) {
    throw new IllegalStateException("no floats about shared memory");
  }

  @Override
  public void closed(String why) {
    throw new IllegalStateException("the connection's handler is told");
  }
}
