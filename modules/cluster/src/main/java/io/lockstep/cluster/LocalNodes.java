package io.lockstep.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.Props;
import io.lockstep.training.DataPlane;
import io.lockstep.training.InProcessDataPlane;
import io.lockstep.training.Slowdown;
import io.lockstep.wire.NettyDataPlane;
import io.lockstep.wire.SharedKey;
import io.lockstep.wire.WireSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The nodes of a run within one JVM: one with all workers and parameter servers, on a data plane of
 * references; or over sockets one for each, with a data plane and a thread of its own as if it were
 * a process, so that failures can happen to it alone.
 *
 * <p>Thread-safe by its own lock; closing it closes the data planes.
 */
final class LocalNodes implements AutoCloseable {

  /** So that one that stands still holds up no other. */
  private static final Props OWN_THREAD = DispatcherSelector.fromConfig("lockstep-own-thread");

  private final PreparedJob prepared;
  private final Consumer<Throwable> failures;
  private final boolean overSockets;
  private final WireSettings wire;
  private final Map<String, Node.Parts> parts = new LinkedHashMap<>();
  private final Map<String, ActorRef<Node.Command>> actors = new LinkedHashMap<>();

  /** Data planes of those that were killed, until they are closed. */
  private final Set<NettyDataPlane> killed = ConcurrentHashMap.newKeySet();

  private ActorRef<Coordinator.Command> coordinator;

  /** Makes an actor. */
  interface Spawner {

    ActorRef<Node.Command> spawn(Behavior<Node.Command> behavior, String name, Props props);
  }

  /**
   * @param failures told of what goes wrong in a node
   */
  LocalNodes(PreparedJob prepared, RunSettings settings, Consumer<Throwable> failures) {
    this.prepared = prepared;
    this.failures = failures;
    this.overSockets = settings.overSockets();
    WireSettings loopback = WireSettings.loopback(SharedKey.random());
    this.wire = settings.link().map(loopback::shaped).orElse(loopback);
    try {
      if (overSockets) {
        addAll(settings);
      } else {
        add("local", settings.workers(), settings.servers(), new InProcessDataPlane());
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void addAll(RunSettings settings) {
    for (int i = 0; i < settings.servers(); i++) {
      add("server-" + i, 0, 1, sockets());
    }
    for (int i = 0; i < settings.workers(); i++) {
      add("worker-" + i, 1, 0, sockets());
    }
  }

  private DataPlane sockets() {
    return NettyDataPlane.start(wire);
  }

  private void add(String name, int slots, int shards, DataPlane plane) {
    JobSource jobs = (run, jars) -> prepared;
    parts.put(
        name, new Node.Parts(name, slots, shards, plane, new Slowdown(), jobs, false, failures));
  }

  /** The data plane of a node that lasts as long as the run: its shards are nowhere else. */
  synchronized DataPlane plane() {
    return parts.values().iterator().next().plane();
  }

  /** Starts the actors of all. */
  synchronized void start(Spawner spawner, ActorRef<Coordinator.Command> of) {
    coordinator = of;
    parts.values().forEach(node -> start(spawner, node));
  }

  private void start(Spawner spawner, Node.Parts node) {
    Props props = overSockets ? OWN_THREAD : Props.empty();
    Behavior<Node.Command> behavior = Node.create(node, coordinator);
    actors.put(node.name(), spawner.spawn(behavior, "node-" + node.name(), props));
  }

  /** Starts one more worker, which joins the run. */
  synchronized void join(Spawner spawner, String name) {
    requireSockets();
    add(name, 1, 0, sockets());
    start(spawner, parts.get(name));
  }

  /**
   * Has a failure happen to a node; nothing if it is gone.
   *
   * @throws IllegalArgumentException if it is none that can happen within one process
   */
  synchronized void suffer(String name, NodeFault fault) {
    requireSockets();
    Node.Parts node = parts.get(name);
    if (node == null) {
      return;
    }
    NettyDataPlane plane = (NettyDataPlane) node.plane();
    switch (fault) {
      case NodeFault.Kill kill -> kill(node, plane);
      case NodeFault.Pause pause -> {
        node.slowdown().standStill(pause.time());
        actors.get(name).tell(new Node.StandStill());
      }
      case NodeFault.Slow slow -> node.slowdown().slow(slow.times(), slow.time());
      case NodeFault.Drop drop -> plane.faults().drop();
      case NodeFault.Delay delay -> plane.faults().delay(delay.by(), delay.time());
      case NodeFault.Cut cut ->
          throw new IllegalArgumentException(
              "within one process there is no network to cut " + name + " off from");
    }
  }

  private void requireSockets() {
    if (!overSockets) {
      throw new IllegalStateException("expected a run over sockets, where each node is one worker");
    }
  }

  /** Its connections break before it could say that it leaves, and when it hears nothing more. */
  private void kill(Node.Parts node, NettyDataPlane plane) {
    node.slowdown().end();
    parts.remove(node.name());
    killed.add(plane);
    actors.remove(node.name()).tell(new Node.Die(() -> end(node.name(), plane)));
  }

  private void end(String name, NettyDataPlane plane) {
    plane.faults().dropAll();
    Thread.ofPlatform().name("lockstep-end-of-" + name).start(() -> closeKilled(plane));
  }

  private void closeKilled(NettyDataPlane plane) {
    if (killed.remove(plane)) {
      plane.close();
    }
  }

  /** Nobody stands still any more. */
  synchronized void goOn() {
    parts.values().forEach(node -> node.slowdown().end());
  }

  @Override
  public synchronized void close() {
    parts.values().forEach(node -> node.plane().close());
    killed.forEach(this::closeKilled); // Of which the actors have ended before they heard of it.
  }
}
