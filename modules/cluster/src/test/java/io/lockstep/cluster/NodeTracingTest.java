package io.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import io.lockstep.training.InProcessDataPlane;
import io.lockstep.training.Slowdown;
import io.lockstep.training.trace.TraceKind;
import io.lockstep.training.trace.TraceWindow;
import io.lockstep.training.trace.Tracer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Traces a step that is over, for a driver that is a probe. */
class NodeTracingTest {

  @RegisterExtension static final ActorTestKitExtension ACTORS = new ActorTestKitExtension();

  private static final long LIMIT_SECONDS = 60;
  private static final TraceWindow WINDOW = new TraceWindow(3, 1);

  private final TestProbe<Driver.Command> driver = ACTORS.kit().createTestProbe();

  private NodeTracing tracing(NodeSelf self, Executor threads) {
    return new NodeTracing(
        new NodeTracing.Parts(WINDOW, self, driver.ref(), new TracePacking(threads)),
        () -> WINDOW.end() + 1);
  }

  /** A node that does nothing else. */
  private Behavior<Node.Command> node(Executor threads, CompletableFuture<Tracer> tracer) {
    Node.Parts parts =
        new Node.Parts(
            "node",
            1,
            1,
            new InProcessDataPlane(),
            new Slowdown(),
            (spec, jars) -> null,
            false,
            failure -> {});
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  NodeTracing tracing =
                      tracing(new NodeSelf(context, timers, parts, null), threads);
                  tracer.complete(tracing.tracer());
                  return Behaviors.receiveMessage(command -> on(command, tracing));
                }));
  }

  private static Behavior<Node.Command> on(Node.Command command, NodeTracing tracing) {
    switch (command) {
      case Node.Tick tick -> tracing.look();
      case Tracing.ToNode message -> tracing.on(message);
      default -> throw new AssertionError(command);
    }
    return Behaviors.same();
  }

  /** Its actor goes on, and nothing is kept that nobody can ask for. */
  @Test
  void tellsThatNoThreadPutsTogetherWhatItNoted() throws Exception {
    CompletableFuture<Tracer> ofNode = new CompletableFuture<>();
    Executor refusing =
        task -> {
          throw new OutOfMemoryError("unable to create native thread");
        };
    ActorRef<Node.Command> node = ACTORS.kit().spawn(node(refusing, ofNode));
    long life = driver.expectMessageClass(Tracing.Announced.class).life();
    node.tell(new Tracing.AskClock(life, 5));
    driver.expectMessageClass(Tracing.ClockTold.class);
    Tracer tracer = ofNode.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    tracer.end(TraceKind.STEP, 3, tracer.begin(3), 0);
    assertThat(tracer.bytes()).isPositive();

    node.tell(Node.Tick.TRACE);

    String why = "no thread to put it together: unable to create native thread";
    driver.expectMessage(new Tracing.Failed("node", life, why));
    assertThat(tracer.bytes()).isZero();
    node.tell(new Tracing.AskClock(life, 6));
    assertThat(driver.expectMessageClass(Tracing.ClockTold.class).asked()).isEqualTo(6);
  }
}
