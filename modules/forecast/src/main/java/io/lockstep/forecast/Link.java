package io.lockstep.forecast;

/**
 * What connects each machine with all others: full duplex, and nothing between them is slower.
 *
 * @param bitsPerSecond of a machine in each direction, of all that a cable carries; infinite for
 *     none that counts
 * @param latencyNanos of one direction
 */
public record Link(double bitsPerSecond, long latencyNanos) {

  /** Takes no time. */
  public static final Link FREE = new Link(Double.POSITIVE_INFINITY, 0);
}
