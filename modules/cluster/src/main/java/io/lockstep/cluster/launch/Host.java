package io.lockstep.cluster.launch;

import io.lockstep.cluster.Role;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A host that nodes can be started on: a line of the hosts file.
 *
 * @param place where it is described, as {@code hosts.conf:3}; for messages
 * @param name as ssh knows it; {@link #LOCAL} for this machine, without ssh
 * @param user to log in as; empty for ssh's own choice
 * @param port of its sshd; empty for ssh's own choice
 * @param slots workers in each process there; empty where nothing is said
 * @param roles what it may be used for
 * @param dir folder of lockstep there; empty for the folder that it has here
 * @param data folder of the data sets there; empty for where they are usually found
 * @param javaOptions more options of the JVM
 * @param address that nodes listen on there; empty for the right one to be found
 */
public record Host(
    String place,
    String name,
    Optional<String> user,
    OptionalInt port,
    OptionalInt slots,
    Set<Role> roles,
    Optional<String> dir,
    Optional<String> data,
    List<String> javaOptions,
    Optional<String> address) {

  /** The name of this machine. */
  public static final String LOCAL = "local";

  /** This machine, with nothing said of it. */
  public static Host local() {
    return new Host(
        "the command line",
        LOCAL,
        Optional.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        Set.of(Role.values()),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty());
  }

  /** Whether processes start there without ssh. */
  public boolean isLocal() {
    return name.equals(LOCAL);
  }

  /** As people know it: its name, with user and port where they are given. */
  public String label() {
    return user.map(u -> u + "@").orElse("")
        + name
        + (port.isPresent() ? ":" + port.getAsInt() : "");
  }

  /** As words of ssh's command line, for people to try. */
  String sshWords() {
    return (port.isPresent() ? "-p " + port.getAsInt() + " " : "")
        + user.map(u -> u + "@").orElse("")
        + name;
  }
}
