package io.lockstep.cluster;

import akka.actor.Address;
import akka.actor.BootstrapSetup;
import akka.actor.setup.ActorSystemSetup;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.ClusterSingleton;
import akka.cluster.typed.ClusterSingletonSettings;
import akka.cluster.typed.Join;
import akka.cluster.typed.JoinSeedNodes;
import akka.cluster.typed.SingletonActor;
import akka.remote.artery.tcp.SSLEngineProviderSetup;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lockstep.cluster.launch.LaunchException;
import io.lockstep.wire.Refusals;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Starts the actor systems of processes that form a cluster. */
final class ClusterSystem {

  private static final String NAME = "lockstep";
  private static final String SINGLETON = "coordinator";

  /** The role of those that may have the coordinator, and vote on who belongs to the cluster. */
  static final String COORDINATOR = "coordinator";

  private ClusterSystem() {}

  /**
   * Starts an actor system and has it join.
   *
   * @throws LaunchException if the address cannot be listened at
   */
  static <T> ActorSystem<T> start(Behavior<T> guardian, ClusterAddress address) {
    ActorSystemSetup setup =
        ActorSystemSetup.create(
            BootstrapSetup.create(config(address)).withClassloader(AkkaResources.ofCluster()));
    if (address.key().isPresent()) {
      ControlEngines engines =
          new ControlEngines(address.key().get().newIdentity(), new Refusals(System::nanoTime));
      setup = setup.and(SSLEngineProviderSetup.create(system -> engines));
    }
    ActorSystem<T> system;
    try {
      system = ActorSystem.create(guardian, NAME, setup);
    } catch (RuntimeException e) {
      throw new LaunchException(
          "control plane: cannot listen at %s: %s; choose another address or port"
              .formatted(new HostPort(address.bind(), address.port()), Causes.message(e)),
          e);
    }
    join(system, address);
    return system;
  }

  /** Has {@code then} run, on a thread of the system's, once the process is a member. */
  static void onJoined(ActorSystem<?> system, Runnable then) {
    akka.cluster.Cluster.get(system.classicSystem()).registerOnMemberUp(then);
  }

  private static void join(ActorSystem<?> system, ClusterAddress address) {
    Cluster cluster = Cluster.get(system);
    if (address.join().isEmpty()) {
      cluster.manager().tell(Join.create(cluster.selfMember().address()));
    } else {
      cluster.manager().tell(new JoinSeedNodes(seeds(system, address.join())));
    }
  }

  /**
   * A node answers only to the address that it advertises, which may be a name or what the name
   * stands for: both are tried.
   */
  private static List<Address> seeds(ActorSystem<?> system, List<HostPort> join) {
    String protocol = Cluster.get(system).selfMember().address().protocol();
    Set<Address> seeds = new LinkedHashSet<>();
    for (HostPort seed : join) {
      seeds.add(new Address(protocol, NAME, seed.host(), seed.port()));
      try {
        for (InetAddress ip : InetAddress.getAllByName(seed.host())) {
          seeds.add(new Address(protocol, NAME, ip.getHostAddress(), seed.port()));
        }
      } catch (UnknownHostException later) {
        // A name may not be known yet, for instance while the seed's container starts.
      }
    }
    return new ArrayList<>(seeds);
  }

  private static Config config(ClusterAddress address) {
    Map<String, Object> own = new HashMap<>();
    String artery = "akka.remote.artery.";
    own.put(artery + "transport", address.key().isPresent() ? "tls-tcp" : "tcp");
    own.put(artery + "canonical.hostname", address.advertise());
    own.put(
        artery + "canonical.port",
        address.advertisePort() == 0 ? address.port() : address.advertisePort());
    own.put(artery + "bind.hostname", address.bind());
    own.put(artery + "bind.port", address.port());
    own.put(
        "akka.cluster.shutdown-after-unsuccessful-join-seed-nodes",
        address.joinWithin().toSeconds() + "s");
    if (address.faults()) {
      own.put(ControlSilence.SETTING, "on");
    }
    own.put("akka.cluster.roles", List.copyOf(address.roles()));
    ClassLoader loader = ClusterSystem.class.getClassLoader();
    return ConfigFactory.parseMap(own)
        .withFallback(ConfigFactory.parseResources(loader, "lockstep-cluster.conf"))
        .withFallback(ConfigFactory.parseResources(loader, "lockstep-akka.conf"))
        .withFallback(ConfigFactory.defaultReference(loader))
        .resolve();
  }

  /** Where this process is reached. */
  static HostPort addressOf(ActorSystem<?> system) {
    Address address = Cluster.get(system).selfMember().address();
    return new HostPort(address.host().get(), (Integer) address.port().get());
  }

  /** Leads to the cluster's one coordinator, which lives with a {@link #COORDINATOR}. */
  static ActorRef<Coordinator.Command> coordinator(ActorSystem<?> system) {
    return ClusterSingleton.get(system)
        .init(
            SingletonActor.of(Coordinator.create(), SINGLETON)
                .withSettings(ClusterSingletonSettings.create(system).withRole(COORDINATOR)));
  }
}
