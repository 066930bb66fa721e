package io.lockstep.cluster;

import static java.util.stream.Collectors.joining;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import io.lockstep.cluster.launch.LaunchException;
import io.lockstep.training.Slowdown;
import io.lockstep.wire.NettyDataPlane;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** A node of a cluster: an actor system that has joined, and a data plane. */
public final class ActorNode implements ClusterNode {

  private final NodeOptions options;
  private final NettyDataPlane plane;
  private final Slowdown slowdown = new Slowdown();
  private final ActorSystem<Node.Command> system;
  private final CompletionStage<Void> ended;
  private volatile boolean joined;
  private volatile boolean leaving;

  private ActorNode(NodeOptions options, JobSource jobs) {
    this.options = options;
    this.plane = DataPlanes.start(options);
    try {
      this.system = ClusterSystem.start(guardian(jobs), address(options));
    } catch (RuntimeException e) {
      plane.close();
      throw e;
    }
    ClusterSystem.onJoined(system, () -> joined = true);
    this.ended = ActorThreads.ending(system).thenRun(this::requireJoined);
  }

  /**
   * Starts a node that waits for runs.
   *
   * @param jobs makes the jobs of runs
   * @throws io.lockstep.cluster.launch.LaunchException if an address cannot be listened at
   */
  public static ActorNode start(NodeOptions options, JobSource jobs) {
    return new ActorNode(options, jobs);
  }

  private void requireJoined() {
    if (!joined && !leaving) {
      throw new LaunchException(
          "the cluster at %s could not be joined within %d s: %s"
              .formatted(
                  options.join().stream().map(HostPort::toString).collect(joining(", ")),
                  options.joinSeconds(),
                  JoinCheck.reason(options.join(), options.key())));
    }
  }

  private static ClusterAddress address(NodeOptions options) {
    Set<String> roles = options.roles().stream().map(Role::word).collect(Collectors.toSet());
    if (options.coordinates()) {
      roles.add(ClusterSystem.COORDINATOR);
    }
    return new ClusterAddress(
        roles,
        options.bind(),
        options.port(),
        options.advertise(),
        options.advertisePort(),
        options.join(),
        Duration.ofSeconds(options.joinSeconds()),
        options.key(),
        options.faults());
  }

  private Behavior<Node.Command> guardian(JobSource jobs) {
    int slots = options.roles().contains(Role.WORKER) ? options.slots() : 0;
    int shards = options.roles().contains(Role.PARAMETER_SERVER) ? 1 : 0;
    Node.Parts parts =
        new Node.Parts(
            options.name(),
            slots,
            shards,
            plane,
            slowdown,
            jobs,
            options.key().isPresent(),
            failure -> {});
    return Behaviors.setup(
        context -> {
          ActorRef<Coordinator.Command> coordinator =
              ClusterSystem.coordinator(context.getSystem());
          return Node.create(parts, coordinator);
        });
  }

  @Override
  public NodeAddresses addresses() {
    return new NodeAddresses(
        options.name(),
        ClusterSystem.addressOf(system),
        new HostPort(plane.endpoint().host(), plane.endpoint().port()));
  }

  @Override
  public CompletionStage<Void> ended() {
    return ended;
  }

  @Override
  public void drain() {
    leaving = true;
    CompletableFuture<Void> drained = new CompletableFuture<>();
    drained.whenComplete((done, failure) -> ActorThreads.begin(system)).exceptionally(f -> null);
    system.tell(new Node.Drain(drained));
  }

  @Override
  public void suffer(NodeFault fault) {
    system.log().warn("on purpose: {}", fault);
    switch (fault) {
      case NodeFault.Kill kill -> OwnProcess.kill();
      case NodeFault.Pause pause -> OwnProcess.pause(pause.time());
      case NodeFault.Slow slow -> slowdown.slow(slow.times(), slow.time());
      case NodeFault.Drop drop -> plane.faults().drop();
      case NodeFault.Delay delay -> plane.faults().delay(delay.by(), delay.time());
      case NodeFault.Cut cut -> {
        plane.faults().silence();
        ControlSilence.begin(system, cut.time(), plane.faults()::reconnect);
      }
    }
  }

  @Override
  public void close() {
    leaving = true;
    system.tell(new Node.End()); // Else its cluster would have to notice that it is gone.
    ActorThreads.end(system);
    plane.close();
  }
}
