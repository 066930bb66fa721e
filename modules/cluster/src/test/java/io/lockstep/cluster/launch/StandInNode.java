package io.lockstep.cluster.launch;

import io.lockstep.cluster.HostPort;
import io.lockstep.cluster.NodeAddresses;
import io.lockstep.cluster.keys.ClusterKey;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A process that keeps to what a launcher expects of a node, or breaks it as its mode says. */
final class StandInNode {

  private StandInNode() {}

  /** Arguments: name and mode, one of fine, fails-at-start, leaves, stubborn, silent. */
  public static void main(String[] arguments) throws Exception {
    String mode = arguments[1];
    Leash leash = new Leash(System.in);
    ClusterKey key = leash.key();
    System.out.println("with " + key);
    if (mode.equals("fails-at-start")) {
      System.out.println("no room for another node");
      System.exit(7);
    }
    List<HostPort> join = leash.join();
    System.out.println("joins " + join);
    if (mode.equals("stubborn")) {
      Runtime.getRuntime().addShutdownHook(new Thread(StandInNode::forever));
      leash.watch(() -> {}, fault -> {}, () -> System.out.println("let go, but stays"));
    } else {
      leash.watch(
          () -> {}, fault -> System.out.println(fault.text()), () -> Runtime.getRuntime().halt(0));
    }
    try (ServerSocket control = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket data = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      if (!mode.equals("silent")) {
        System.out.println(new NodeAddresses(arguments[0], local(control), local(data)).line());
      }
      if (mode.equals("leaves")) {
        System.exit(3);
      }
      forever();
    }
  }

  private static HostPort local(ServerSocket socket) {
    return new HostPort("127.0.0.1", socket.getLocalPort());
  }

  private static void forever() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }
}
