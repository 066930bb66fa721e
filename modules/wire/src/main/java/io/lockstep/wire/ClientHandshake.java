package io.lockstep.wire;

import io.lockstep.wire.Messages.Challenge;
import io.lockstep.wire.Messages.Hello;
import io.lockstep.wire.Messages.Refusal;
import io.lockstep.wire.Messages.Welcome;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/**
 * The client's side of the handshake on one connection: answers the server's challenge, checks the
 * server's own proof, and leaves the connection to whoever reads weights.
 */
final class ClientHandshake implements FrameHandler {

  private final Link link;
  private final SharedKey key;
  private final Frames frames;
  private final DataFrames data;
  private final Introduction client;
  private final Runnable admitted;
  private final CompletableFuture<Void> welcomed;
  private Handshake handshake;

  /**
   * @param data what it is about: the run, and the shard
   * @param client how it introduces itself
   * @param admitted makes the link ready for what comes after the handshake
   * @param welcomed completed when the server has proved itself; fails with the reason otherwise
   */
  ClientHandshake(
      Link link,
      SharedKey key,
      Frames frames,
      DataFrames data,
      Introduction client,
      Runnable admitted,
      CompletableFuture<Void> welcomed) {
    this.link = link;
    this.key = key;
    this.frames = frames;
    this.data = data;
    this.client = client;
    this.admitted = admitted;
    this.welcomed = welcomed;
  }

  @Override
  public void admit(FrameHeader header, FloatBlock expected) throws FrameException {
    boolean fits =
        handshake == null
            ? header.type == FrameType.CHALLENGE
            : header.type == FrameType.WELCOME || header.type == FrameType.REFUSED;
    if (!fits) {
      throw new FrameException.Unexpected(
          link.peer(),
          "frame before the handshake",
          handshake == null ? FrameType.CHALLENGE : "WELCOME or REFUSED",
          header.type);
    }
  }

  @Override
  public void message(FrameHeader header, Object payload) throws FrameException {
    switch (payload) {
      case Challenge challenge -> answer(challenge);
      case Welcome welcome -> check(welcome);
      case Refusal refusal -> throw refused(refusal);
      default -> throw new IllegalStateException("no message of a server: " + payload);
    }
  }

  private void answer(Challenge challenge) {
    byte[] nonce = SharedKey.nonce();
    handshake = new Handshake(challenge.nonce(), nonce, data.run(), data.shard(), client);
    byte[] proof = handshake.clientProof(key);
    Hello hello = new Hello(nonce, data.shard(), client.standby(), client.name(), proof);
    link.write(frames.message(client.hello(), data.run(), hello));
    link.flush();
  }

  private void check(Welcome welcome) throws FrameException {
    if (!Handshake.equal(handshake.serverProof(key), welcome.proof())) {
      throw new FrameException.WrongKey(link.peer());
    }
    admitted.run();
    welcomed.complete(null);
  }

  private FrameException refused(Refusal refusal) {
    return new FrameException.Refused(link.peer(), refusal.reason());
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
    welcomed.completeExceptionally(new IOException(why));
  }
}
