package io.lockstep.wire;

import java.time.Duration;

/**
 * The network of an emulated machine: a data plane with a shape has one NIC, full duplex, that all
 * of its connections share, and sends and receives real frames as slowly as it would over a cable.
 *
 * <p>Rate and latency are all that it knows: nothing is lost, and what waits to come in waits in a
 * switch whose memory never ends. TCP's slow start and windows are those of loopback, that is none.
 *
 * @param bitsPerSecond of all that a cable carries, in each direction; above 0
 * @param latency of one direction; not negative
 */
public record LinkShape(double bitsPerSecond, Duration latency) {

  /**
   * Bytes of payload for a byte on the cable: a frame of Ethernet takes 1,538 bytes with preamble
   * and gap (IEEE 802.3), and carries 1,500 with 52 of IP and TCP (with time stamps, RFC 7323).
   */
  private static final double PAYLOAD = 1_448.0 / 1_538;

  /**
   * @throws IllegalArgumentException if the rate is not above 0, or the latency negative
   */
  public LinkShape {
    if (!(bitsPerSecond > 0) || latency.isNegative()) {
      throw new IllegalArgumentException(
          "shaped link: expected a rate above 0 bit/s and a latency of at least 0, found %s bit/s and %s"
              .formatted(bitsPerSecond, latency));
    }
  }

  /** Nanoseconds that a byte of payload takes. */
  double nanosPerByte() {
    return Byte.SIZE * 1e9 / (bitsPerSecond * PAYLOAD);
  }
}
