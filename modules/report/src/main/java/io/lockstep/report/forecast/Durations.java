package io.lockstep.report.forecast;

import io.lockstep.report.Numbers;

/** Lengths of time as people say them. Stateless. */
public final class Durations {

  private Durations() {}

  /**
   * {@code 0 s}, {@code < 0.1 s}, {@code 1.25 s}, {@code 12.5 min} or {@code 3.21 h}: three digits.
   */
  public static String text(double seconds) {
    if (seconds > 0 && seconds < 0.1) {
      return "< 0.1 s";
    }
    if (seconds < 120) {
      return Numbers.digits(seconds) + " s";
    }
    return seconds < 7200
        ? Numbers.digits(seconds / 60) + " min"
        : Numbers.digits(seconds / 3600) + " h";
  }
}
