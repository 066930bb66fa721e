package io.lockstep.cluster.launch;

/**
 * Hosts that cannot be used as described: a mistake in the hosts file, or hosts that lack
 * something. The message is complete, and may have several lines.
 */
public final class HostsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  HostsException(String message) {
    super(message);
  }

  HostsException(String message, Throwable cause) {
    super(message, cause);
  }
}
