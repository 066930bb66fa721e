package io.lockstep.data;

import java.security.MessageDigest;

/**
 * What rows may have beside features and answers.
 *
 * @param offsets [rows], added to the linear predictor; null if there are none
 * @param weights [rows], how much each row counts; null if each counts once
 */
record CaseNumbers(float[] offsets, float[] weights) {

  static final CaseNumbers NONE = new CaseNumbers(null, null);

  static void gather(float[] all, int[] rows, int from, int count, float[] to) {
    for (int i = 0; i < count; i++) {
      to[i] = all[rows[from + i]];
    }
  }

  /** Adds a letter and the numbers of each kind that there is. */
  void digest(MessageDigest digest) {
    digest('O', offsets, digest);
    digest('W', weights, digest);
  }

  private static void digest(char letter, float[] numbers, MessageDigest digest) {
    if (numbers != null) {
      digest.update((byte) letter);
      Features.digestFloats(numbers, digest);
    }
  }
}
