package io.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.util.ByteString;
import io.lockstep.training.RunEvent;
import io.lockstep.training.trace.NodeTrace;
import io.lockstep.training.trace.RunTrace;
import io.lockstep.training.trace.TraceEvent;
import io.lockstep.training.trace.TraceKind;
import io.lockstep.training.trace.TraceWindow;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Gathers the traces of nodes that are a probe. */
class DriverTracingTest {

  @RegisterExtension static final ActorTestKitExtension ACTORS = new ActorTestKitExtension();

  private static final int QUESTIONS = 8;
  private static final int MANY_TICKS = 20;

  private final Heard heard = new Heard();
  private final DriverTracing tracing = tracing(new TraceWindow(3, 4));
  private final TestProbe<Node.Command> node = ACTORS.kit().createTestProbe(Node.Command.class);

  private DriverTracing tracing(TraceWindow window) {
    return new DriverTracing(
        new DriverTracing.Parts(window, List.of("dense1"), heard, Runnable::run, this::toSelf));
  }

  private void toSelf(Driver.Command message) {
    tracing.on((Tracing.ToDriver) message);
  }

  /** What a node noted in so many steps. */
  private static NodeTrace trace(String name, int steps) {
    List<TraceEvent> events =
        IntStream.range(0, steps)
            .mapToObj(i -> new TraceEvent(TraceKind.SUM, 3 + i, 10 * i, 10 * i + 5, 0, 0, 0))
            .toList();
    return new NodeTrace(name, List.of(new NodeTrace.OfThread("thread", 0, events)));
  }

  private void announce(String name, long life, String clock) {
    tracing.on(new Tracing.Announced(name, life, clock, node.ref()));
    askedTheTime(life);
  }

  private void askedTheTime(long life) {
    assertThat(node.expectMessageClass(Tracing.AskClock.class).life()).isEqualTo(life);
  }

  /** A node that reads this process's clock: one answer suffices. */
  private void announce(String name, long life) {
    announce(name, life, BootId.OWN);
    tracing.on(new Tracing.ClockTold(name, life, 0, 0));
  }

  /** What a node on another machine is asked as it announces itself. */
  private void comparedBefore(long life) {
    for (int i = 1; i < QUESTIONS; i++) {
      tracing.on(new Tracing.ClockTold("a", life, 0, 0));
      askedTheTime(life);
    }
    tracing.on(new Tracing.ClockTold("a", life, 0, 0));
  }

  private void give(NodeTrace of, long life, boolean over) {
    byte[] bytes = of.toBytes();
    part(of.name(), life, bytes, 0, bytes.length, over);
    node.expectMessage(new Tracing.AskPart(life, bytes.length));
  }

  private void part(String name, long life, byte[] bytes, int from, int to, boolean over) {
    ByteString content = ByteString.fromArray(bytes, from, to - from);
    tracing.on(new Tracing.Part(name, life, from, bytes.length, over, content));
  }

  private void tick(int times) {
    for (int i = 0; i < times; i++) {
      tracing.look();
    }
  }

  private RunTrace told() {
    assertThat(tracing.isAwaited()).isFalse();
    return heard.trace.join();
  }

  private void happened(RunEvent.What what, String node) {
    tracing.happened(new RunEvent(what, 5, node, ""));
  }

  private void assertTold(RunTrace told, NodeTrace... expected) {
    assertThat(told.nodes()).extracting(of -> of.trace()).containsExactly(expected);
  }

  @Test
  void asksForOnePartAfterTheOther() {
    announce("a", 1);
    byte[] bytes = trace("a", 4).toBytes();

    part("a", 1, bytes, 0, 50, true);
    node.expectMessage(new Tracing.AskPart(1, 50));
    part("a", 1, bytes, 0, 50, true); // Once more.
    part("a", 1, bytes, 60, 70, true); // Not the next one.
    part("a", 1, bytes, 50, 60, true);
    node.expectMessage(new Tracing.AskPart(1, 60));
    assertThat(tracing.isAwaited()).isTrue();
    part("a", 1, bytes, 60, bytes.length, true);
    node.expectMessage(new Tracing.AskPart(1, bytes.length));

    assertThat(tracing.isAwaited()).isFalse();
    RunTrace told = told();
    assertTold(told, trace("a", 4));
    assertThat(told.missing()).isEmpty();
    assertThat(told.layers()).containsExactly("dense1");
  }

  @Test
  void asksAgainForAPartThatIsLost() {
    announce("a", 1);
    byte[] bytes = trace("a", 4).toBytes();
    part("a", 1, bytes, 0, 50, true);
    node.expectMessage(new Tracing.AskPart(1, 50));

    tick(1); // It has answered since the last one.
    tick(1);

    node.expectMessage(new Tracing.AskPart(1, 50));
    part("a", 1, bytes, 50, bytes.length, true);
    assertThat(tracing.isAwaited()).isFalse();
  }

  /** Its first part may be lost, or it has no steps of its own. */
  @Test
  void asksWhoHasGivenNothingAsSoonAsAnotherHas() {
    announce("a", 1);
    announce("b", 2);
    tick(MANY_TICKS);
    give(trace("a", 4), 1, true);
    assertThat(tracing.isAwaited()).isTrue();

    tick(2);

    node.expectMessage(new Tracing.AskPart(2, 0));
    give(trace("b", 4), 2, true);
    assertThat(tracing.isAwaited()).isFalse();
    assertTold(told(), trace("a", 4), trace("b", 4));
  }

  @Test
  void whoDoesNotAnswerWhenTheRunHasEndedIsMissing() {
    announce("a", 1);
    announce("b", 2);
    give(trace("a", 4), 1, true);
    tracing.end();
    tick(3);
    assertThat(tracing.isAwaited()).isTrue();

    tick(MANY_TICKS);

    assertThat(tracing.isAwaited()).isFalse();
    RunTrace told = told();
    assertTold(told, trace("a", 4));
    assertThat(told.missing()).containsExactly(Map.entry("b", "it did not answer"));
  }

  @Test
  void comparesAnotherMachinesClockBeforeAndAfter() {
    announce("a", 1, "another machine");
    comparedBefore(1);
    give(trace("a", 4), 1, true);

    for (int i = 0; i < QUESTIONS; i++) {
      assertThat(tracing.isAwaited()).isTrue();
      askedTheTime(1);
      tracing.on(new Tracing.ClockTold("a", 1, 0, 0));
    }

    assertThat(tracing.isAwaited()).isFalse();
    assertThat(told().nodes().getFirst().errorNanos()).isPositive();
  }

  @Test
  void asksTheTimeAgainWhereAnAnswerIsLost() {
    announce("a", 1, "another machine");
    give(trace("a", 4), 1, true);
    askedTheTime(1);

    tick(2);

    askedTheTime(1);
  }

  /** Times of another machine say nothing beside ours. */
  @Test
  void whoseClockIsNotKnownIsMissing() {
    announce("a", 1, "another machine");
    give(trace("a", 4), 1, true);
    happened(RunEvent.What.LOST, "a");

    assertThat(told().missing()).containsExactly(Map.entry("a", "its clock was not compared"));
  }

  /** The coordinator was lost, or the node, before the steps. */
  @Test
  void whoComesAgainBeforeTheStepsBeginsAnew() {
    announce("a", 1);
    give(new NodeTrace("a", List.of()), 1, false);
    assertThat(tracing.isAwaited()).isTrue();

    announce("a", 2);
    part("a", 1, trace("a", 1).toBytes(), 0, 10, true); // Of before.
    give(trace("a", 4), 2, true);

    assertThat(tracing.isAwaited()).isFalse();
    assertTold(told(), trace("a", 4));
  }

  @Test
  void whoComesAgainAfterTheStepsHasGivenThem() {
    announce("a", 1);
    announce("b", 2);
    give(trace("a", 4), 1, true);

    announce("a", 3);
    part("a", 3, new NodeTrace("a", List.of()).toBytes(), 0, 4, false);
    give(trace("b", 4), 2, true);

    assertThat(tracing.isAwaited()).isFalse();
    assertTold(told(), trace("a", 4), trace("b", 4));
  }

  /** It was lost in the middle of the steps, and is there again when they are over. */
  @Test
  void whatWasGivenBeforeStandsInForNothing() {
    announce("a", 1);
    give(trace("a", 2), 1, false);
    announce("a", 2);
    give(new NodeTrace("a", List.of()), 2, true);

    assertTold(told(), trace("a", 2));
  }

  @Test
  void whoIsLostIsNotWaitedFor() {
    announce("b", 2);
    announce("c", 3);
    give(trace("c", 4), 3, true);
    assertThat(tracing.isAwaited()).isTrue();

    happened(RunEvent.What.LOST, "b");

    assertThat(told().missing()).containsExactly(Map.entry("b", "it was lost"));
  }

  /** It left before the steps, and its process has ended. */
  @Test
  void whoHasLeftIsWaitedForOnlyUntilItDoesNotAnswer() {
    announce("a", 1);
    announce("c", 3);
    give(new NodeTrace("a", List.of()), 1, false);
    happened(RunEvent.What.LEFT, "a");
    give(trace("c", 4), 3, true);
    assertThat(tracing.isAwaited()).isTrue();

    tick(MANY_TICKS);

    assertThat(told().missing()).isEmpty();
  }

  /** Its part of the steps is still to come. */
  @Test
  void whoWasLateAndComputesAgainIsWaitedFor() {
    announce("a", 1);
    announce("c", 3);
    happened(RunEvent.What.LEFT, "a");
    happened(RunEvent.What.JOINED, "a");
    give(trace("c", 4), 3, true);

    tick(MANY_TICKS);

    assertThat(tracing.isAwaited()).isTrue();
  }

  /** So it is said of who is late, too, and computes again later. */
  @Test
  void theClockOfWhoHasLeftIsComparedAfterTheSteps() {
    announce("a", 1, "another machine");
    comparedBefore(1);
    happened(RunEvent.What.LEFT, "a");
    give(trace("a", 4), 1, true);

    for (int i = 0; i < QUESTIONS; i++) {
      assertThat(tracing.isAwaited()).isTrue();
      tracing.on(new Tracing.ClockTold("a", 1, 0, 0));
    }
    assertThat(told().nodes()).hasSize(1);
  }

  /** The coordinator was lost when its steps were over: it gives the rest beside its next life. */
  @Test
  void takesTheRestOfALifeThatIsPast() {
    announce("a", 1);
    byte[] bytes = trace("a", 4).toBytes();
    part("a", 1, bytes, 0, 50, true);
    node.expectMessage(new Tracing.AskPart(1, 50));

    announce("a", 2);
    give(new NodeTrace("a", List.of()), 2, true);
    assertThat(tracing.isAwaited()).isTrue();
    tick(2);
    node.expectMessage(new Tracing.AskPart(1, 50)); // The first was lost.
    part("a", 1, bytes, 50, bytes.length, true);

    RunTrace told = told();
    assertTold(told, trace("a", 4));
    assertThat(told.missing()).isEmpty();
  }

  @Test
  void saysThatTheRestOfALifeThatIsPastDidNotCome() {
    announce("a", 1);
    part("a", 1, trace("a", 4).toBytes(), 0, 50, true);
    node.expectMessage(new Tracing.AskPart(1, 50));
    announce("a", 2);
    give(trace("a", 1), 2, true);

    tick(MANY_TICKS);

    RunTrace told = told();
    assertTold(told, trace("a", 1));
    assertThat(told.missing())
        .containsExactly(Map.entry("a", "cut off as it took part anew: it did not answer"));
  }

  /** It was expelled in the middle of the steps, and is there again before they are over. */
  @Test
  void bothLivesOfANodeAreOneTrace() {
    announce("a", 1);
    give(trace("a", 2), 1, false);
    announce("a", 2);
    give(trace("a", 3), 2, true);

    assertThat(told().nodes())
        .singleElement()
        .satisfies(of -> assertThat(of.trace().threads()).hasSize(2));
  }

  /** One boot of two machines that went on from one snapshot. */
  @Test
  void aClockThatIsSaidToBeOursIsComparedWhereItIsNot() {
    tracing.on(new Tracing.Announced("a", 1, BootId.OWN, node.ref()));
    askedTheTime(1);
    long now = System.nanoTime();
    tracing.on(new Tracing.ClockTold("a", 1, now, now - Duration.ofHours(1).toNanos()));

    askedTheTime(1); // Once more.
  }

  @Test
  void saysWhyANodeCouldNotGiveItsTrace() {
    announce("a", 1);
    tracing.on(new Tracing.Failed("a", 1, "Java heap space"));
    tracing.end();

    assertThat(told().missing()).containsExactly(Map.entry("a", "Java heap space"));
  }

  @Test
  void nothingIsAwaitedWhereNothingIsTraced() {
    assertThat(tracing(TraceWindow.NONE).isAwaited()).isFalse();
  }
}
