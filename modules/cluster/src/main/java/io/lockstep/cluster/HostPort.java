package io.lockstep.cluster;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where something listens, written {@code HOST:PORT}; an IPv6 address stands in brackets.
 *
 * @param host a name or an address, without brackets
 * @param port from 0 to 65535; 0 where a free one is still to be found
 */
public record HostPort(String host, int port) {

  /** The largest port. */
  public static final int MOST = 65_535;

  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.%a-z]+)\\]|([^\\s:/@\\[\\]]+)):([0-9]{1,5})");

  /** Checks the port. */
  public HostPort {
    if (port < 0 || port > MOST) {
      throw new IllegalArgumentException(
          "expected a port from 0 to %d but found %d".formatted(MOST, port));
    }
  }

  /** What the text means; empty if it has another form. */
  public static Optional<HostPort> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches() || Integer.parseInt(form.group(3)) > MOST) {
      return Optional.empty();
    }
    String host = form.group(1) != null ? form.group(1) : form.group(2);
    return Optional.of(new HostPort(host, Integer.parseInt(form.group(3))));
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
