package io.lockstep.wire;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret that the nodes of a cluster share; immutable. It never travels: peers prove that they
 * have it.
 */
public final class SharedKey {

  /** Bytes of a key, of a nonce and of a proof. */
  public static final int BYTES = 32;

  /** No secret at all; only where everything is bound to loopback. */
  public static final SharedKey NONE = new SharedKey(new byte[BYTES]);

  private static final String ALGORITHM = "HmacSHA256";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final byte[] bytes;

  private SharedKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A new key. */
  public static SharedKey random() {
    return new SharedKey(nonce());
  }

  /**
   * The key of these bytes, which are copied.
   *
   * @throws IllegalArgumentException unless they are {@value #BYTES}
   */
  public static SharedKey fromBytes(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException(
          "shared key: expected " + BYTES + " bytes, found " + bytes.length);
    }
    return new SharedKey(bytes.clone());
  }

  /** Whether this is no secret, see {@link #NONE}. */
  public boolean isNone() {
    return MessageDigest.isEqual(bytes, NONE.bytes);
  }

  /** {@value #BYTES} fresh random bytes. */
  static byte[] nonce() {
    byte[] nonce = new byte[BYTES];
    RANDOM.nextBytes(nonce);
    return nonce;
  }

  /**
   * HMAC-SHA256 over {@code role} and {@code parts}. All but the last part have lengths that the
   * role fixes, so no two lists of parts give the same bytes.
   */
  byte[] proof(String role, byte[]... parts) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(bytes, ALGORITHM));
      mac.update(role.getBytes(StandardCharsets.US_ASCII));
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no " + ALGORITHM, e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SharedKey key && MessageDigest.isEqual(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Does not tell the key. */
  @Override
  public String toString() {
    return isNone() ? "SharedKey[none]" : "SharedKey[secret]";
  }
}
