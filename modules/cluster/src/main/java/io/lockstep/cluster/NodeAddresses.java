package io.lockstep.cluster;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a node that is up can be reached. Its {@link #line} is what a node prints when it is ready,
 * and what its launcher waits for.
 *
 * @param name of the node
 * @param control where its peers reach the control plane
 * @param data where its peers reach the data plane
 */
public record NodeAddresses(String name, HostPort control, HostPort data) {

  private static final Pattern LINE =
      Pattern.compile("node (\\S+): control (\\S+), data (\\S+)", Pattern.MULTILINE);

  /** As one line of text. */
  public String line() {
    return "node %s: control %s, data %s".formatted(name, control, data);
  }

  /** The addresses that a line tells; empty if it tells of something else. */
  public static Optional<NodeAddresses> parse(String line) {
    Matcher told = LINE.matcher(line.strip());
    if (!told.matches()) {
      return Optional.empty();
    }
    Optional<HostPort> control = HostPort.parse(told.group(2));
    Optional<HostPort> data = HostPort.parse(told.group(3));
    return control.isPresent() && data.isPresent()
        ? Optional.of(new NodeAddresses(told.group(1), control.get(), data.get()))
        : Optional.empty();
  }
}
