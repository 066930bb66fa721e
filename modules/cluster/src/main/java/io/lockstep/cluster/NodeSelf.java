package io.lockstep.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.TimerScheduler;
import java.util.concurrent.ExecutorService;

/**
 * What the parts of a node's actor share.
 *
 * @param context of the actor
 * @param timers of the actor
 * @param parts what the node is made of
 * @param thread does what takes time
 */
record NodeSelf(
    ActorContext<Node.Command> context,
    TimerScheduler<Node.Command> timers,
    Node.Parts parts,
    ExecutorService thread) {

  ActorRef<Node.Command> ref() {
    return context.getSelf();
  }

  /** Tells the coordinator and the driver what the node says of a run. */
  NodeAnswers answers(
      ActorRef<Coordinator.Command> coordinator,
      ActorRef<Driver.Command> driver,
      int number,
      long run) {
    return new NodeAnswers(coordinator, driver, number, run, context.getLog(), parts.failures());
  }
}
