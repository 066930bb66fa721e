package io.lockstep.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.lockstep.cluster.ClusterNode;
import io.lockstep.cluster.HostPort;
import io.lockstep.cluster.JoinCheck;
import io.lockstep.cluster.NodeOptions;
import io.lockstep.cluster.Role;
import io.lockstep.cluster.keys.ClusterKey;
import io.lockstep.cluster.keys.KeyFile;
import io.lockstep.cluster.launch.BindAddress;
import io.lockstep.cluster.launch.LaunchException;
import io.lockstep.cluster.launch.Leash;
import io.lockstep.wire.WireSettings.Transport;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lockstep node}. */
@Command(
    name = "node",
    description = "Starts one node of a cluster, which waits for runs.",
    footer = {
      "",
      "The first node of a cluster joins nobody; all others join it, or any node that is there. What a node listens on is printed when it is ready. A request to terminate (SIGTERM) has it leave in order.",
      "",
      "Examples:",
      "  lockstep node --role parameter-server --key cluster.key",
      "  lockstep node --role worker --slots 4 --join node1:7355 --key cluster.key",
      "  lockstep train mnist --join node1:7355 --key cluster.key --workers 4"
    })
final class NodeCommand implements Callable<Integer> {

  /** Where a first node listens, so that the others know it beforehand. */
  static final int USUAL_PORT = 7355;

  private static final int USUAL_DATA_PORT = 7356;

  private final Terminal terminal;
  private final Program program;

  @Option(
      names = "--role",
      required = true,
      split = ",",
      paramLabel = "ROLE",
      converter = Words.OfRole.class,
      description = "What it does: worker, parameter-server, or both with a comma between them.")
  private Set<Role> roles = EnumSet.noneOf(Role.class);

  @Option(
      names = "--slots",
      paramLabel = "T",
      description = "Workers in this process (default: ${DEFAULT-VALUE}).")
  private int slots = 1;

  @Option(
      names = "--join",
      paramLabel = "HOST:PORT",
      converter = Words.OfHostPort.class,
      description = "A node of the cluster to join; may be repeated.")
  private List<HostPort> join = new ArrayList<>();

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      description = "How long to try to join before it gives up (default: ${DEFAULT-VALUE}).")
  private int joinSeconds = 120; // Nodes may be started in any order, by hand too.

  @Option(
      names = "--bind",
      paramLabel = "HOST",
      description =
          "Address to listen on; auto finds the right one (default: auto with --key, else 127.0.0.1).")
  private String bind;

  @Option(
      names = "--port",
      paramLabel = "P",
      description = "Port of the control plane (default: 7355 without --join, else a free one).")
  private Integer port;

  @Option(
      names = "--data-port",
      paramLabel = "P",
      description = "Port of the data plane (default: 7356 without --join, else a free one).")
  private Integer dataPort;

  @Option(
      names = "--advertise",
      paramLabel = "HOST",
      description = "Address that others reach it under, if not the one that it listens on.")
  private String advertise;

  @Option(
      names = "--advertise-port",
      paramLabel = "P",
      description = "Port of the control plane that others use, if it differs.")
  private int advertisePort;

  @Option(
      names = "--advertise-data-port",
      paramLabel = "P",
      description = "Port of the data plane that others use, if it differs.")
  private int advertiseDataPort;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "Key of the cluster; lockstep key makes one.")
  private Path keyFile;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name of the node (default: the host's, and the process's number).")
  private String name;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder with the data sets (default: as for training).")
  private Path data;

  @Option(
      names = "--transport",
      paramLabel = "KIND",
      converter = Words.OfTransport.class,
      description = "Data plane over auto, tcp or unix sockets (default: auto).")
  private Transport transport = Transport.AUTO;

  @Option(names = "--encrypt", description = "Encrypt the data plane, too.")
  private boolean encrypt;

  @Option(names = "--faults", hidden = true, description = "Its network may be cut on purpose.")
  private boolean faults;

  @Option(names = "--owned", hidden = true, description = "Belongs to a launcher on its input.")
  private boolean owned;

  NodeCommand(Terminal terminal, Program program) {
    this.terminal = terminal;
    this.program = program;
  }

  @Override
  public Integer call() {
    // A node's log is where one looks for who could not be reached when.
    ((Logger) LoggerFactory.getLogger("akka.cluster")).setLevel(Level.WARN);
    requireNumbers();
    return owned ? serveLauncher(new Leash(System.in)) : serve();
  }

  private int serve() {
    NodeOptions options = options(join, Optional.ofNullable(keyFile).map(KeyFile::read));
    JoinCheck.requireSameKey(options.join(), options.key());
    try (ClusterNode node = program.cluster().start(options);
        NodeEnd end = NodeEnd.onSignal(node)) {
      return run(node);
    }
  }

  /** The launcher's leash is there before the node is, which may take long to start. */
  private int serveLauncher(Leash leash) {
    ClusterKey key = leash.key();
    NodeOptions options = options(leash.join(), Optional.of(key));
    NodeEnd end = NodeEnd.onLeash();
    leash.watch(end::drainNow, end::suffer, end::now);
    try (ClusterNode node = program.cluster().start(options)) {
      end.owns(node);
      return run(node);
    }
  }

  private int run(ClusterNode node) {
    terminal.out().println(node.addresses().line());
    awaitEnd(node);
    return ExitCode.OK;
  }

  private static void awaitEnd(ClusterNode node) {
    try {
      node.ended().toCompletableFuture().join();
    } catch (CompletionException failure) {
      throw failure.getCause() instanceof LaunchException known ? known : failure;
    }
  }

  private void requireNumbers() {
    require("--slots", slots, 1, 1024);
    require("--wait", joinSeconds, 1, 86_400);
    require("--port", port == null ? 0 : port, 0, HostPort.MOST);
    require("--data-port", dataPort == null ? 0 : dataPort, 0, HostPort.MOST);
    require("--advertise-port", advertisePort, 0, HostPort.MOST);
    require("--advertise-data-port", advertiseDataPort, 0, HostPort.MOST);
    if (name != null && !name.matches("[A-Za-z0-9._-]{1,64}")) {
      throw new BadInputException(
          "--name: expected up to 64 letters, digits, dots, hyphens and underscores but found '%s'"
              .formatted(name));
    }
  }

  private static void require(String option, int number, int least, int most) {
    if (number < least || number > most) {
      throw new BadInputException(
          "%s: expected a number from %d to %d but found %d"
              .formatted(option, least, most, number));
    }
  }

  private NodeOptions options(List<HostPort> peers, Optional<ClusterKey> key) {
    String address = address(peers, key);
    String told = told(peers, address);
    if (key.isEmpty() && !(BindAddress.isLoopback(address) && BindAddress.isLoopback(told))) {
      throw new BadInputException(
          "expected --key FILE, since %s can be reached from other machines; make a key with: lockstep key cluster.key"
              .formatted(BindAddress.isLoopback(address) ? told : address));
    }
    if (encrypt && key.isEmpty()) {
      throw new BadInputException("expected --key FILE with --encrypt, which needs certificates");
    }
    boolean first = peers.isEmpty() && !owned;
    return new NodeOptions(
        name != null ? name : usualName(),
        roles,
        roles.contains(Role.PARAMETER_SERVER) && !owned, // Else the launcher does.
        slots,
        address,
        port(port, first ? USUAL_PORT : 0),
        port(dataPort, first ? USUAL_DATA_PORT : 0),
        told,
        advertisePort,
        advertiseDataPort,
        peers,
        joinSeconds,
        key,
        transport,
        encrypt,
        faults,
        Optional.ofNullable(data));
  }

  private String address(List<HostPort> peers, Optional<ClusterKey> key) {
    String wish = bind;
    if (wish == null) {
      wish = key.isPresent() ? BindAddress.AUTO : BindAddress.LOOPBACK;
    }
    return wish.equals(BindAddress.AUTO) ? BindAddress.find(peers, System.getenv()) : wish;
  }

  /** Peers cannot reach "all addresses". */
  private String told(List<HostPort> peers, String address) {
    if (advertise != null) {
      return advertise;
    }
    return BindAddress.isAny(address) ? BindAddress.find(peers, System.getenv()) : address;
  }

  private static int port(Integer wish, int usual) {
    return wish != null ? wish : usual;
  }

  private static String usualName() {
    String number = Long.toString(ProcessHandle.current().pid());
    try {
      String host = InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9._-]", "-");
      return host.substring(0, Math.min(48, host.length())) + "-" + number;
    } catch (UnknownHostException nameless) {
      return "node-" + number;
    }
  }
}
