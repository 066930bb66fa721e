package io.lockstep.it.network;

import java.time.Duration;

/**
 * How each host is connected to the others.
 *
 * @param delay of what it sends, so half of a round trip between two equal hosts; zero for none
 * @param kbitPerSecond what it can send; 0 without limit
 */
public record Link(Duration delay, int kbitPerSecond) {

  /** As fast as the machine. */
  public static final Link FAST = new Link(Duration.ZERO, 0);

  public Link {
    if (delay.isNegative() || kbitPerSecond < 0) {
      throw new IllegalArgumentException(
          "link: expected a delay and a rate of at least 0 but found %s and %d kbit/s"
              .formatted(delay, kbitPerSecond));
    }
  }
}
