package io.lockstep.cluster.launch;

import io.lockstep.cluster.HostPort;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the address that a node listens on where the user leaves it open. */
public final class BindAddress {

  /** Leaves it open. */
  public static final String AUTO = "auto";

  /** This machine only. */
  public static final String LOOPBACK = "127.0.0.1";

  private BindAddress() {}

  /**
   * The address that this machine is reached under: by the nodes that it joins, else by whoever
   * started it over ssh, else on the network that it is in.
   *
   * @param join nodes to join, may be none
   * @param environment of the process; ssh says there how it was reached
   */
  public static String find(List<HostPort> join, Map<String, String> environment) {
    return join.stream()
        .map(BindAddress::towards)
        .flatMap(Optional::stream)
        .findFirst()
        .or(() -> ofSsh(environment))
        .or(BindAddress::ofNetwork)
        .orElse(LOOPBACK);
  }

  /** Connecting a datagram socket sends nothing, but asks the system for the way. */
  private static Optional<String> towards(HostPort peer) {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(new InetSocketAddress(InetAddress.getByName(peer.host()), peer.port()));
      InetAddress own = socket.getLocalAddress();
      return own.isAnyLocalAddress() ? Optional.empty() : Optional.of(text(own));
    } catch (IOException noWay) {
      return Optional.empty();
    }
  }

  /** {@code client-address client-port server-address server-port}. */
  private static Optional<String> ofSsh(Map<String, String> environment) {
    String[] words = environment.getOrDefault("SSH_CONNECTION", "").split(" ");
    return words.length == 4 ? Optional.of(words[2]) : Optional.empty();
  }

  private static Optional<String> ofNetwork() {
    try {
      return NetworkInterface.networkInterfaces()
          .filter(BindAddress::usable)
          .sorted(Comparator.comparingInt(NetworkInterface::getIndex))
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> !address.isLinkLocalAddress())
          .sorted(Comparator.comparing(address -> !(address instanceof Inet4Address)))
          .map(BindAddress::text)
          .findFirst();
    } catch (SocketException unknown) {
      return Optional.empty();
    }
  }

  /** Bridges of containers lead nowhere else. */
  private static boolean usable(NetworkInterface network) {
    try {
      boolean bridge =
          Stream.of("docker", "br-", "virbr", "veth").anyMatch(network.getName()::startsWith);
      return network.isUp() && !network.isLoopback() && !bridge;
    } catch (SocketException unknown) {
      return false;
    }
  }

  private static String text(InetAddress address) {
    return address.getHostAddress();
  }

  /**
   * Whether only this machine can reach the address.
   *
   * @throws HostsException if it is no address of any machine
   */
  public static boolean isLoopback(String address) {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException unknown) {
      throw new HostsException(
          "expected the name or address of this machine but found '%s'".formatted(address),
          unknown);
    }
  }

  /** Whether the address stands for all of this machine's. */
  public static boolean isAny(String address) {
    return address.equals("0.0.0.0") || address.equals("::");
  }
}
