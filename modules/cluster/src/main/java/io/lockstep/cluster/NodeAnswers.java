package io.lockstep.cluster;

import akka.actor.typed.ActorRef;
import io.lockstep.training.StepTimes;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;

/**
 * What a node says of one run.
 *
 * @param coordinator who is told
 * @param driver told what is only for people to know
 * @param node number of the node
 * @param run id of the run
 * @param log where it is said, too, that the node cannot go on
 * @param failures told of what goes wrong here, beside the coordinator
 */
record NodeAnswers(
    ActorRef<Coordinator.Command> coordinator,
    ActorRef<Driver.Command> driver,
    int node,
    long run,
    Logger log,
    Consumer<Throwable> failures) {

  void tell(Coordinator.Command command) {
    coordinator.tell(new Coordinator.OfNode(run, node, command));
  }

  /** Where the time of some steps went here, if that is known of any. */
  void tellTimes(List<StepTimes.Sample> samples) {
    if (!samples.isEmpty()) {
      driver.tell(new Driver.Times(node, samples));
    }
  }

  /** This node cannot take part, or go on. */
  void refuse(Throwable failure) {
    Throwable root = Causes.root(failure);
    log.warn("cannot take part in the run: {}", root.toString());
    failures.accept(root);
    tell(new Coordinator.Refused(node, Causes.message(root)));
  }

  /** Memory may not suffice: that ends this node's part, not the actor. */
  void attempt(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | OutOfMemoryError failure) {
      refuse(failure);
    }
  }
}
