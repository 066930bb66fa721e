package io.lockstep.model;

import io.lockstep.nn.ParameterLayout;
import io.lockstep.nn.ParameterLayout.Range;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The name of weights: equal bits, equal hash. */
public final class WeightsHash {

  private WeightsHash() {}

  /**
   * SHA-256, in lower-case hexadecimal, of the canonical θ as little-endian float32.
   *
   * @param packed θ
   */
  public static String sha256(ParameterLayout layout, float[] packed) {
    MessageDigest digest = digest();
    for (Range range : layout.ranges()) {
      layout.canonical(
          packed, range, (values, length) -> FloatBytes.digest(digest, values, length));
    }
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
