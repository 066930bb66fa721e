package io.lockstep.cluster;

import akka.actor.typed.ActorRef;
import io.lockstep.model.Jar;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * How a node asks the driver for the jars of a run. One part at a time: so the driver's other
 * messages find room between those of many nodes. Used by the node's actor.
 */
final class NodeJars {

  /** A message may be lost with a connection. */
  private static final Duration ASK_AGAIN_AFTER = Duration.ofSeconds(5);

  private static final int MOST_UNANSWERED = 12;

  private final NodeSelf self;
  private final NodeAnswers answers;
  private final ActorRef<Driver.Command> driver;
  private final Consumer<Supplier<List<Jar>>> fetched;
  private JarFetch jars;
  private int unanswered;

  /**
   * @param fetched is given the jars when all are there, to be verified by a thread of its own
   */
  NodeJars(
      NodeSelf self,
      NodeAnswers answers,
      ActorRef<Driver.Command> driver,
      Consumer<Supplier<List<Jar>>> fetched) {
    this.self = self;
    this.answers = answers;
    this.driver = driver;
    this.fetched = fetched;
  }

  void fetch(List<RunSpec.JarLabel> labels) {
    jars = new JarFetch(labels);
    ask();
  }

  private void ask() {
    driver.tell(jars.next(self.ref()));
    self.timers().startSingleTimer(Node.Tick.JAR, ASK_AGAIN_AFTER);
  }

  /** There was no answer for long. */
  void askAgain() {
    if (jars == null) {
      return;
    }
    unanswered++;
    if (unanswered < MOST_UNANSWERED) {
      ask();
    } else {
      answers.refuse(
          new IllegalStateException(
              "%s did not arrive within %d s"
                  .formatted(jars, ASK_AGAIN_AFTER.toSeconds() * MOST_UNANSWERED)));
      forget();
    }
  }

  void take(Node.JarPart part) {
    if (jars == null || part.run() != answers.run() || !jars.accept(part)) {
      return; // Late, or an answer to a question that was asked twice.
    }
    unanswered = 0;
    if (jars.complete()) {
      JarFetch all = jars;
      forget();
      fetched.accept(all::verified);
    } else {
      ask();
    }
  }

  void forget() {
    self.timers().cancel(Node.Tick.JAR);
    jars = null;
  }
}
