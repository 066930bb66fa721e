package io.lockstep.wire;

import io.lockstep.training.RunIdentity;
import io.lockstep.wire.Messages.Challenge;
import io.lockstep.wire.Messages.Hello;
import io.lockstep.wire.Messages.Refusal;
import io.lockstep.wire.Messages.Welcome;
import io.netty.buffer.ByteBuf;

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
  private final ServedShards served;
  private final long limitMs;
  private final byte[] nonce = SharedKey.nonce();
  private boolean done;

  ServerHandshake(Link link, SharedKey key, Frames frames, ServedShards served, long limitMs) {
    this.link = link;
    this.key = key;
    this.frames = frames;
    this.served = served;
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
    if (!Introduction.HELLOS.contains(header.type)) {
      throw new FrameException.Unexpected(
          link.peer(), "frame before the handshake", FrameType.HELLO, header.type);
    }
  }

  @Override
  public void message(FrameHeader header, Object payload) {
    Hello hello = (Hello) payload;
    done = true;
    try {
      Handshake handshake =
          new Handshake(
              nonce,
              hello.nonce(),
              new RunIdentity(header.run, header.configuration),
              hello.shard(),
              new Introduction(header.type, hello.name(), hello.standby()));
      check(handshake.clientProof(key), hello.proof());
      String peer = hello.name() + " (" + link.peer() + ")";
      welcome(handshake, served.find(handshake.run(), hello.shard(), peer));
    } catch (FrameException e) {
      link.fail(e, frames.message(FrameType.REFUSED, NO_RUN, new Refusal(e.getMessage())));
    }
  }

  /** The key first: who does not have it learns nothing about runs. */
  private void check(byte[] expected, byte[] proof) throws FrameException {
    if (!Handshake.equal(expected, proof)) {
      throw new FrameException.WrongKey(link.peer());
    }
  }

  private void welcome(Handshake handshake, ServedShard shard) throws FrameException {
    Welcome proof = new Welcome(handshake.serverProof(key));
    ByteBuf welcome = frames.message(FrameType.WELCOME, handshake.run(), proof);
    Introduction client = handshake.client();
    switch (client.hello()) {
      case KEEPER -> shard.admitKeeper(link, client.name(), welcome);
      case STANDBY -> shard.admitStandby(link, client, welcome);
      default -> shard.admit(link, client.name(), welcome);
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
