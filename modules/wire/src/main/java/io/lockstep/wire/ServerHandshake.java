package io.lockstep.wire;

import io.lockstep.training.RunIdentity;
import io.lockstep.wire.Messages.Challenge;
import io.lockstep.wire.Messages.Hello;
import io.lockstep.wire.Messages.Refusal;
import io.lockstep.wire.Messages.Welcome;
import io.netty.buffer.ByteBuf;
import java.util.Map;

/**
 * The server's side of the handshake on one connection: asks for a proof of the key, and lets the
 * client in if that, its run and its configuration are right. Until then nothing else is read.
 */
final class ServerHandshake implements FrameHandler {

  /** Until a client has said which run it belongs to, and proved that it may know. */
  private static final RunIdentity NO_RUN = new RunIdentity(0, 0);

  private final Link link;
  private final SharedKey key;
  private final Frames frames;
  private final Map<Long, ServedRun> runs;
  private final long limitMs;
  private final byte[] nonce = SharedKey.nonce();
  private boolean done;

  ServerHandshake(
      Link link, SharedKey key, Frames frames, Map<Long, ServedRun> runs, long limitMs) {
    this.link = link;
    this.key = key;
    this.frames = frames;
    this.runs = runs;
    this.limitMs = limitMs;
  }

  @Override
  public void opened() {
    link.write(frames.message(FrameType.CHALLENGE, NO_RUN, new Challenge(nonce)));
    link.flush();
    link.schedule(this::giveUp, limitMs);
  }

  private void giveUp() {
    if (!done) {
      link.fail(
          new FrameException.Unexpected(
              link.peer(), "handshake", "HELLO within " + limitMs + " ms", "none"));
    }
  }

  @Override
  public void admit(FrameHeader header, FloatBlock expected) throws FrameException {
    if (header.type != FrameType.HELLO && header.type != FrameType.KEEPER) {
      throw new FrameException.Unexpected(
          link.peer(), "frame before the handshake", FrameType.HELLO, header.type);
    }
  }

  @Override
  public void message(FrameHeader header, Object payload) {
    Hello hello = (Hello) payload;
    boolean keeper = header.type == FrameType.KEEPER;
    done = true;
    try {
      Handshake handshake =
          new Handshake(
              nonce,
              hello.nonce(),
              new RunIdentity(header.run, header.configuration),
              hello.name());
      byte[] expected = keeper ? handshake.keeperProof(key) : handshake.clientProof(key);
      welcome(handshake, check(handshake, expected, hello.proof()), keeper);
    } catch (FrameException e) {
      link.fail(e, frames.message(FrameType.REFUSED, NO_RUN, new Refusal(e.getMessage())));
    }
  }

  /** The key first: who does not have it learns nothing about runs. */
  private ServedRun check(Handshake handshake, byte[] expected, byte[] proof)
      throws FrameException {
    String peer = handshake.name() + " (" + link.peer() + ")";
    if (!Handshake.equal(expected, proof)) {
      throw new FrameException.WrongKey(link.peer());
    }
    ServedRun run = runs.get(handshake.run().runId());
    if (run == null) {
      throw new FrameException.WrongRun(
          peer, ServedRun.describe(runs.keySet()), handshake.run().runId());
    }
    if (run.identity().configuration() != handshake.run().configuration()) {
      throw new FrameException.WrongConfiguration(
          peer, run.identity().configuration(), handshake.run().configuration());
    }
    return run;
  }

  private void welcome(Handshake handshake, ServedRun run, boolean keeper) {
    Welcome proof = new Welcome(handshake.serverProof(key));
    ByteBuf welcome = frames.message(FrameType.WELCOME, run.identity(), proof);
    if (keeper) {
      run.admitKeeper(link, handshake.name(), welcome);
    } else {
      run.admit(link, handshake.name(), welcome);
    }
  }

  @Override
  public void open(FrameHeader header, FloatBlock target) {
    throw new IllegalStateException("no floats in a handshake");
  }

  @Override
  public void floats(FrameHeader header) {
    throw new IllegalStateException("no floats in a handshake");
  }

  @Override
  public void closed(String why) {
    done = true;
  }
}
