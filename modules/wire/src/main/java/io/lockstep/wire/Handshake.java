package io.lockstep.wire;

import io.lockstep.training.RunIdentity;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;

/**
 * What both sides of a handshake compute. Each proves that it has the key by a code over a nonce
 * that the other has just drawn, so a recorded handshake proves nothing; the code also covers the
 * run, its configuration, the shard, and the client's name and part, so none of them can be
 * exchanged on the way.
 *
 * @param serverNonce drawn by the server
 * @param clientNonce drawn by the client
 * @param run the client's
 * @param shard that the client asks for
 * @param name the client's
 */
record Handshake(byte[] serverNonce, byte[] clientNonce, RunIdentity run, int shard, String name) {

  /** The frames that a client may begin with: each says which part it takes. */
  static final Set<FrameType> HELLOS = Set.of(FrameType.HELLO, FrameType.KEEPER, FrameType.STANDBY);

  /**
   * Proves that the client has the key.
   *
   * @param hello one of {@link #HELLOS}
   */
  byte[] clientProof(SharedKey key, FrameType hello) {
    return switch (hello) {
      case HELLO -> proof(key, "lockstep client");
      case KEEPER -> proof(key, "lockstep keeper");
      case STANDBY -> proof(key, "lockstep standby");
      default -> throw new IllegalArgumentException("no hello: " + hello);
    };
  }

  byte[] serverProof(SharedKey key) {
    return proof(key, "lockstep server");
  }

  private byte[] proof(SharedKey key, String role) {
    return key.proof(role, serverNonce, clientNonce, what(), name.getBytes(StandardCharsets.UTF_8));
  }

  private byte[] what() {
    return ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(run.runId())
        .putLong(run.configuration())
        .putInt(shard)
        .array();
  }

  /** Compares in a time that does not tell how much of a proof is right. */
  static boolean equal(byte[] expected, byte[] found) {
    return MessageDigest.isEqual(expected, found);
  }
}
