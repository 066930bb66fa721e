package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Sums;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class NodeExchangeTest {

  private static final long LIMIT_SECONDS = 60;
  private static final int NODE = 4;
  private static final int LEAVES = 6;

  private final Job job = SmallJob.of(LEAVES, 7);
  private final int parameters = job.network().parameters().packedLength();
  private final Buckets buckets = new Buckets(parameters, 1, 2);
  private final Sent sent = new Sent();
  private final NodeExchange exchange =
      new NodeExchange(
          job,
          buckets,
          Kernels.select(Kernels.Choice.SCALAR),
          new Theta(0, parameters),
          NODE,
          2,
          sent);

  /** What left the node, each as one line. */
  private static final class Sent implements Uplink {
    final List<String> lines = new ArrayList<>();

    @Override
    public void sums(long step, int level, int index, int leaves, Sums sums) {
      lines.add("sums of %d (%d, %d): loss %s".formatted(step, level, index, sums.loss));
    }

    @Override
    public void gradient(long step, int bucket, int level, int index, int leaves, Partial partial) {
      lines.add(
          "bucket %d of %d (%d, %d): %s"
              .formatted(bucket, step, level, index, partial.values()[0]));
      partial.release();
    }

    @Override
    public void evaluation(
        Evaluation evaluation, long version, int level, int index, int units, Sums sums) {
      lines.add("%s of %d (%d, %d)".formatted(evaluation, version, level, index));
    }
  }

  private static Plan plan(int number) {
    return new Plan(number, List.of(new Plan.Share(NODE, 2)));
  }

  private static Sums loss(double loss) {
    Sums sums = new Sums();
    sums.loss = loss;
    return sums;
  }

  private Partial partial(float value) {
    Partial partial = new PartialPool(parameters, 1).take(0);
    Arrays.fill(partial.values(), value);
    return partial;
  }

  private void receiveAll(long version) {
    for (int bucket = 0; bucket < buckets.count(); bucket++) {
      exchange.received(bucket, version);
    }
  }

  @Test
  void sendsCompleteSubtreesOnly() {
    int topLevel = 1; // This node has leaves 2 and 3, the subtree (1, 1), but not leaves 0 and 1.
    exchange.sendSums(0, new Node(0, 3), LEAVES, topLevel, loss(4));
    exchange.sendGradient(0, 0, new Node(0, 3), LEAVES, topLevel, partial(0.5f));
    assertThat(sent.lines).isEmpty();
    exchange.sendSums(0, new Node(0, 2), LEAVES, topLevel, loss(3));
    exchange.sendGradient(0, 0, new Node(0, 2), LEAVES, topLevel, partial(0.25f));

    assertThat(sent.lines)
        .containsExactly("sums of 0 (1, 1): loss 7.0", "bucket 0 of 0 (1, 1): 0.75");
  }

  @Test
  void sendsALeafWhoseSiblingIsElsewhereAsItIs() {
    exchange.sendSums(0, new Node(0, 2), LEAVES, 0, loss(3));
    exchange.sendGradient(0, 1, new Node(0, 2), LEAVES, 0, partial(0.25f));

    assertThat(sent.lines)
        .containsExactly("sums of 0 (0, 2): loss 3.0", "bucket 1 of 0 (0, 2): 0.25");
  }

  @Test
  void anOnlyChildIsItsParent() {
    exchange.sendSums(0, new Node(1, 2), LEAVES, 2, loss(3));

    assertThat(sent.lines).containsExactly("sums of 0 (2, 1): loss 3.0");
  }

  @Test
  void dropsWhatABrokenOffStepLeftOpen() {
    exchange.sendSums(0, new Node(0, 2), LEAVES, 1, loss(100));
    exchange.sendGradient(0, 0, new Node(0, 2), LEAVES, 1, partial(100));
    exchange.stop();
    exchange.settle(0);
    exchange.sendSums(0, new Node(0, 2), LEAVES, 1, loss(3));
    exchange.sendSums(0, new Node(0, 3), LEAVES, 1, loss(4));
    exchange.sendGradient(0, 0, new Node(0, 2), LEAVES, 1, partial(0.25f));
    exchange.sendGradient(0, 0, new Node(0, 3), LEAVES, 1, partial(0.5f));

    assertThat(sent.lines)
        .containsExactly("sums of 0 (1, 1): loss 7.0", "bucket 0 of 0 (1, 1): 0.75");
  }

  @Test
  void tellsThePlanOfTheNewestStepOnly() {
    exchange.know(plan(1));
    assertThat(exchange.plan(0)).isNull();
    exchange.begins(0, 1);
    assertThat(exchange.plan(0).number()).isEqualTo(1);
    exchange.know(plan(2));
    exchange.begins(1, 2);

    assertThat(exchange.plan(0)).isNull();
    assertThat(exchange.plan(1).number()).isEqualTo(2);
    assertThat(exchange.newestPlan().number()).isEqualTo(2);
  }

  @Test
  void ignoresALateBegin() {
    exchange.know(plan(1));
    exchange.know(plan(2));
    exchange.begins(3, 2);
    exchange.begins(2, 1);
    exchange.begins(3, 1);

    assertThat(exchange.awaitStep(0, 0)).isEqualTo(3);
    assertThat(exchange.plan(3).number()).isEqualTo(2);
  }

  @Test
  void keepsThePlanThatHoldsWhilePlansAfterItAreGivenUp() {
    exchange.know(plan(1));
    exchange.begins(0, 1);
    for (int abandoned = 2; abandoned < 6; abandoned++) {
      exchange.know(plan(abandoned));
    }
    exchange.begins(1, 1);

    assertThat(exchange.plan(1).number()).isEqualTo(1);
  }

  @Test
  void aWaiterGoesOnWhenAllItsBucketsAreThere() throws Exception {
    CompletableFuture<Boolean> there =
        CompletableFuture.supplyAsync(() -> exchange.awaitWeights(1, 2, 0, parameters));
    receiveAll(1);
    assertThat(there).isNotDone();
    receiveAll(2);

    assertThat(there.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(exchange.wants(0, 2)).isFalse();
    assertThat(exchange.wants(0, 3)).isTrue();
  }

  @Test
  void stoppingEndsEveryWait() throws Exception {
    CompletableFuture<Boolean> weights =
        CompletableFuture.supplyAsync(() -> exchange.awaitWeights(0, 2, 0, parameters));
    CompletableFuture<Long> step = CompletableFuture.supplyAsync(() -> exchange.awaitStep(1, 2));
    CompletableFuture<Boolean> evaluation =
        CompletableFuture.supplyAsync(() -> exchange.awaitEvaluation(1, Evaluation.TEST, 2));
    exchange.stop();

    assertThat(weights.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isFalse();
    assertThat(step.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isEqualTo(-1);
    assertThat(evaluation.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isFalse();
    assertThat(exchange.stopped()).isTrue();
  }

  @Test
  void waitsAgainForTheVersionThatTheRunFellBackTo() throws Exception {
    receiveAll(1);
    exchange.received(0, 2);
    exchange.stop();
    exchange.settle(1);

    assertThat(exchange.stopped()).isFalse();
    assertThat(exchange.awaitWeights(0, 1, 0, parameters)).isTrue();
    assertThat(exchange.wants(0, 2)).isTrue();
  }

  @Test
  void anEvaluationIsInOnceTheServerSaysSo() throws Exception {
    exchange.sendEvaluation(Evaluation.TEST, 3, new Node(1, 0), 3, loss(1));
    CompletableFuture<Boolean> in =
        CompletableFuture.supplyAsync(() -> exchange.awaitEvaluation(0, Evaluation.TEST, 3));
    exchange.evaluated(Evaluation.TEST, 2);
    exchange.evaluated(Evaluation.VALIDATION, 3);
    assertThat(in).isNotDone();
    exchange.evaluated(Evaluation.TEST, 3);

    assertThat(in.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(sent.lines).containsExactly("TEST of 3 (1, 0)");
  }
}
