package io.lockstep.model;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The name of weights: equal bits, equal hash. */
public final class WeightsHash {

  private WeightsHash() {}

  /** SHA-256, in lower-case hexadecimal, of the canonical θ as little-endian float32. */
  public static String sha256(float[] canonical) {
    MessageDigest digest = digest();
    FloatBytes.digest(digest, canonical);
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException everyPlatformHasIt) {
      throw new AssertionError(everyPlatformHasIt);
    }
  }
}
