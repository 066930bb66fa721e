package io.lockstep.wire;

import io.lockstep.training.Endpoint;
import io.lockstep.training.RunIdentity;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Arrays;

/**
 * A client on a plain socket that does the handshake as it should, and then whatever a test likes.
 */
final class RawClient implements AutoCloseable {

  private static final int LIMIT_MS = 60_000;

  final FrameEncoder encoder = new FrameEncoder(UnpooledByteBufAllocator.DEFAULT);
  private final Socket socket;
  private final byte[] serverNonce;
  private final Payloads payloads = new Payloads();

  /** Connects and reads the challenge. */
  RawClient(Endpoint server) throws IOException {
    this.socket = new Socket(server.host(), server.port());
    socket.setSoTimeout(LIMIT_MS);
    this.serverNonce = ((Messages.Challenge) readMessage(FrameType.CHALLENGE)).nonce();
  }

  /** The answer to the challenge. */
  byte[] hello(SharedKey key, RunIdentity run) {
    return hello(key, run, FrameType.HELLO, 0);
  }

  /** The answer to the challenge, of whoever begins with {@code hello}; the first standby. */
  byte[] hello(SharedKey key, RunIdentity run, FrameType hello, int shard) {
    Introduction client = new Introduction(hello, "raw", hello == FrameType.STANDBY ? 1 : 0);
    byte[] nonce = SharedKey.nonce();
    byte[] proof = new Handshake(serverNonce, nonce, run, shard, client).clientProof(key);
    encoder.begin(hello, run.runId(), run.configuration());
    return bytes(
        encoder.message(new Messages.Hello(nonce, shard, client.standby(), client.name(), proof)));
  }

  /** Answers the challenge, and is welcome. */
  RawClient enter(SharedKey key, RunIdentity run) throws IOException {
    return enter(key, run, FrameType.HELLO);
  }

  /** As {@link #enter(SharedKey, RunIdentity)}, beginning with {@code hello}. */
  RawClient enter(SharedKey key, RunIdentity run, FrameType hello) throws IOException {
    send(hello(key, run, hello, 0));
    readMessage(FrameType.WELCOME);
    return this;
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** Reads until the server closes. */
  void awaitClose() throws IOException {
    InputStream in = socket.getInputStream();
    try {
      in.readAllBytes();
    } catch (java.net.SocketException reset) {
      return; // Closed with bytes of ours unread: closed all the same.
    }
  }

  /** Reads a small frame of {@code type}. */
  Object readMessage(FrameType type) throws IOException {
    FrameHeader header = new FrameHeader();
    header.read(socket.getInputStream().readNBytes(FrameHeader.BYTES), "server");
    if (header.type != type) {
      throw new IOException("expected " + type + ", found " + header.type);
    }
    byte[] payload = socket.getInputStream().readNBytes(header.payloadBytes);
    return payloads.read(type, payload, payload.length, "server");
  }

  /** The bytes of a frame, which is released. */
  static byte[] bytes(ByteBuf frame) {
    byte[] bytes = new byte[frame.readableBytes()];
    frame.readBytes(bytes);
    frame.release();
    return Arrays.copyOf(bytes, bytes.length);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
