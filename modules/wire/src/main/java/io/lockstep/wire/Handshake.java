package io.lockstep.wire;

import io.lockstep.training.RunIdentity;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * What both sides of a handshake compute. Each proves that it has the key by a code over a nonce
 * that the other has just drawn, so a recorded handshake proves nothing; the code also covers the
 * run, its configuration, the shard and all of the client's introduction, so none of them can be
 * exchanged on the way.
 *
 * @param serverNonce drawn by the server
 * @param clientNonce drawn by the client
 * @param run the client's
 * @param shard that the client asks for
 * @param client how it introduces itself
 */
record Handshake(
    byte[] serverNonce, byte[] clientNonce, RunIdentity run, int shard, Introduction client) {

  byte[] clientProof(SharedKey key) {
    return proof(key, client.role());
  }

  byte[] serverProof(SharedKey key) {
    return proof(key, "lockstep server");
  }

  private byte[] proof(SharedKey key, String role) {
    return key.proof(
        role, serverNonce, clientNonce, what(), client.name().getBytes(StandardCharsets.UTF_8));
  }

  private byte[] what() {
    return ByteBuffer.allocate(2 * Long.BYTES + 2 * Integer.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(run.runId())
        .putLong(run.configuration())
        .putInt(shard)
        .putInt(client.standby())
        .array();
  }

  /** Compares in a time that does not tell how much of a proof is right. */
  static boolean equal(byte[] expected, byte[] found) {
    return MessageDigest.isEqual(expected, found);
  }
}
