package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Sums;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReplicaTest {

  private static final long LIMIT_SECONDS = 60;
  private static final int NODE = 4;
  private static final int OTHER = 5;
  private static final int LEAVES = 6;

  private final Job job = SmallJob.of(LEAVES, 7);
  private final int parameters = job.network().parameters().packedLength();
  private final Buckets buckets = new Buckets(parameters, 1, 2);
  private final Kernels kernels = Kernels.select(Kernels.Choice.SCALAR);
  private final Sent sent = new Sent();
  private final NodeExchange exchange =
      new NodeExchange(job, buckets, kernels, new Theta(0, parameters), NODE, 1, sent);
  private final Replica replica =
      new Replica(new Workplaces(job, buckets, kernels, 1), exchange, 0, new Slowdown());

  /** Which subtrees' gradients left the node, and when all leaves of a step have. */
  private final class Sent implements Uplink {

    final Set<String> nodes = new ConcurrentSkipListSet<>();
    final CountDownLatch all = new CountDownLatch(LEAVES * buckets.count());

    @Override
    public void sums(long step, int level, int index, int leaves, Sums sums) {}

    @Override
    public void gradient(long step, int bucket, int level, int index, int leaves, Partial partial) {
      partial.release();
      Node node = new Node(level, index);
      nodes.add("step %d: %d to %d".formatted(step, node.first(), node.end(leaves) - 1));
      for (int leaf = node.first(); leaf < node.end(leaves); leaf++) {
        all.countDown();
      }
    }

    @Override
    public void evaluation(
        Evaluation evaluation, long version, int level, int index, int units, Sums sums) {}
  }

  private void receive(long version, int count) {
    for (int bucket = 0; bucket < count; bucket++) {
      exchange.received(bucket, version);
    }
  }

  /** Others did it in its place, but were lost before all of that had arrived. */
  @Test
  void makesUpForAStepThatBeganTooEarlyForItWhenOthersAreLost() throws Exception {
    exchange.know(new Plan(1, List.of(new Plan.Share(NODE, 1), new Plan.Share(OTHER, 1))));
    exchange.begins(0, 1);
    receive(1, buckets.count());
    exchange.begins(1, 1);
    receive(2, buckets.count() - 1);
    exchange.begins(2, 1);
    exchange.takeOver(OTHER);

    Thread worker = Thread.ofPlatform().start(replica::run);
    assertThat(sent.all.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    exchange.stop();
    worker.join();

    assertThat(sent.nodes)
        .containsExactly("step 1: 0 to 1", "step 1: 2 to 2", "step 1: 3 to 3", "step 1: 4 to 5");
  }

  @Test
  void aPassTakesItsGradientAfterAllWeightsAndSoThatOfThePassBefore() {
    PartialPool pool = new Workplaces(job, buckets, kernels, 1).partials();
    GradientSender sender = new GradientSender(exchange, buckets, pool, 0);
    receive(0, buckets.count());
    float[] first = pass(sender, pool, 0, 0);
    receive(1, buckets.count());
    float[] second = pass(sender, pool, 1, 1);
    assertThat(second).isSameAs(first);
  }

  /** Until it is called away: then nothing is held. */
  @Test
  void aPassThatIsCalledAwayHasTakenNoGradient() {
    PartialPool pool = new Workplaces(job, buckets, kernels, 1).partials();
    GradientSender sender = new GradientSender(exchange, buckets, pool, 0);
    receive(0, buckets.count() - 1);
    exchange.takeOver(OTHER);
    sender.begin(0, new Node(0, 0), LEAVES, 0);
    assertThatThrownBy(() -> sender.awaitWeights(0, parameters))
        .isSameAs(CalledAwayException.INSTANCE);
    assertThat(pool.size()).isZero();
  }

  private float[] pass(GradientSender sender, PartialPool pool, long step, int before) {
    sender.begin(step, new Node(0, 0), LEAVES, 0);
    sender.awaitWeights(0, parameters);
    assertThat(pool.size()).isEqualTo(before);
    float[] gradient = sender.takeGradient();
    sender.gradientReady(0, parameters); // It is sent, and free again.
    assertThat(pool.size()).isEqualTo(1);
    return gradient;
  }
}
