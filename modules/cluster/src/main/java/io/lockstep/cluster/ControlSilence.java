package io.lockstep.cluster;

import akka.actor.ActorSystem;
import akka.actor.Address;
import akka.actor.ExtendedActorSystem;
import akka.cluster.Cluster;
import akka.remote.RemoteActorRefProvider;
import akka.remote.testkit.Blackhole;
import akka.remote.testkit.Direction;
import akka.remote.testkit.SetThrottle;
import akka.remote.testkit.ThrottleMode;
import akka.remote.testkit.Unthrottled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a process off the control plane on purpose, for a time, by what Akka has for its own tests:
 * messages from and to all members that it knows of are lost, heartbeats among them. Works only in
 * a system that was started with {@link #SETTING}, since else Akka leaves these stages out.
 */
final class ControlSilence {

  /** Of Akka: has its transport be able to lose messages. */
  static final String SETTING = "akka.remote.artery.advanced.test-mode";

  private ControlSilence() {}

  /**
   * @param over runs when {@code time} is over and messages arrive again
   */
  static void begin(akka.actor.typed.ActorSystem<?> typed, Duration time, Runnable over) {
    ActorSystem system = typed.classicSystem();
    List<Address> others = others(Cluster.get(system));
    throttle(system, others, Blackhole.getInstance());
    if (!time.equals(NodeFault.FOR_GOOD)) { // The scheduler looks ahead some months at most.
      system
          .scheduler()
          .scheduleOnce(
              time,
              () -> {
                throttle(system, others, Unthrottled.getInstance());
                over.run();
              },
              system.dispatcher());
    }
  }

  private static List<Address> others(Cluster cluster) {
    List<Address> others = new ArrayList<>();
    cluster.state().getMembers().forEach(member -> others.add(member.address()));
    others.remove(cluster.selfAddress());
    return others;
  }

  private static void throttle(ActorSystem system, List<Address> others, ThrottleMode mode) {
    var provider = (RemoteActorRefProvider) ((ExtendedActorSystem) system).provider();
    for (Address other : others) {
      var _ =
          provider
              .transport()
              .managementCommand(new SetThrottle(other, Direction.Both$.MODULE$, mode));
    }
  }
}
