package io.lockstep.training;

import io.lockstep.kernels.Kernels;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The name of this program's arithmetic: a hash of a few reference training steps that touch every
 * kernel, activation, layer, primitive of composed graphs, output family, optimizer and schedule.
 *
 * <p>Nodes train together only with equal revisions, for else their weights would differ in the
 * last bits without anyone noticing. A machine whose own computation does not give the expected
 * revision computes wrongly. Stateless and thread-safe.
 */
public final class NumericsRevision {

  /** Where the expected revision is kept, beside this class. */
  static final String RESOURCE = "numerics-revision";

  private static final int HEX_DIGITS = 16;

  private NumericsRevision() {}

  /** The revision that this version of the program stands for: 16 hexadecimal digits. */
  public static String expected() {
    try (InputStream in = NumericsRevision.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(
            "numerics revision: expected the resource "
                + RESOURCE
                + " but found none: build again");
      }
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("numerics revision: cannot read " + RESOURCE, e);
    }
  }

  /**
   * The revision that this machine computes: the first 16 hexadecimal digits of the SHA-256 over
   * losses and weights of all {@link ReferenceTraining}s. Takes a fraction of a second.
   */
  public static String compute(Kernels kernels) {
    MessageDigest digest = sha256();
    for (ReferenceTraining training : ReferenceTraining.all()) {
      new ReferenceSteps(training, kernels, digest).run();
    }
    return HexFormat.of().formatHex(digest.digest()).substring(0, HEX_DIGITS);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
