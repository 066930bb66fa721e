package io.lockstep.data;

import java.time.Duration;

/**
 * How long a download may take.
 *
 * @param connect until a connection stands
 * @param stall without a single further byte, the response's header included
 * @param file for a whole file
 */
public record DownloadLimits(Duration connect, Duration stall, Duration file) {

  /** 10 s to connect, 20 s without a byte, 10 minutes for a file. */
  public static final DownloadLimits DEFAULT =
      new DownloadLimits(Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofMinutes(10));
}
