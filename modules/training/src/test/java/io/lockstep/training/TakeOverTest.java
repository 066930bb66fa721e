package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Sums;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nodes that vanish at any moment, with some of what they had to send under way: those that are
 * left compute the rest, and the weights are those of a run without a loss.
 */
class TakeOverTest {

  private static final int NEVER = Integer.MAX_VALUE;
  private static final long LIMIT_SECONDS = 60;
  private static final int STALLED_STEPS = 4;

  private final Kernels kernels = Kernels.select(Kernels.Choice.SCALAR);
  private final Job job = SmallJob.of(7, 7);
  private final ThreadedRun reference =
      new ThreadedRun(job, 1, 1, 1 << 20, List.of(kernels)).train();

  /** The replicas of a node share so many. */
  private int places = 1;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 17, 23, 30, 41, 50, 66, 70, 100})
  void othersDoWhatALostNodeLeftOpen(int sent) throws Exception {
    Cluster cluster = new Cluster(false, 1, 2, 1);
    cluster.nodes.get(1).diesAfter = sent;
    cluster.train();

    assertSameAsWithoutLoss(cluster);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 8, 12, 23, 45, 70})
  void aNewPlanMayBeginAtOnce(int sent) throws Exception {
    Cluster cluster = new Cluster(true, 2, 1, 1);
    cluster.nodes.get(2).diesAfter = sent;
    cluster.train();

    assertSameAsWithoutLoss(cluster);
  }

  @ParameterizedTest
  @CsvSource({"0,0", "0,9", "5,6", "8,40", "12,13", "30,8", "41,66"})
  void oneNodeIsEnough(int first, int second) throws Exception {
    Cluster cluster = new Cluster(false, 2, 1, 2);
    cluster.nodes.get(0).diesAfter = first;
    cluster.nodes.get(2).diesAfter = second;
    cluster.train();

    assertSameAsWithoutLoss(cluster);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 20, 21, 22, 23, 24, 49, 50, 52})
  void anIdleNodeTakesOverFromTheOnlyOneThatComputes(int sent) throws Exception {
    Job single = SmallJob.of(1, 7);
    ThreadedRun whole = new ThreadedRun(single, 1, 1, 1 << 20, List.of(kernels)).train();
    Cluster cluster = new Cluster(single, false, 1, 1);
    cluster.nodes.get(0).diesAfter = sent;
    cluster.train();

    assertThat(cluster.weights()).isEqualTo(whole.weights());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 8, 11, 12, 17, 23, 30, 41, 50})
  void othersDoThePartOfANodeThatIsLate(int sent) throws Exception {
    places = 2; // A replica stalls in a place, and the other one of its node does not.
    Cluster cluster = new Cluster(true, 1, 2, 1);
    cluster.nodes.get(1).stallsAfter = sent;
    cluster.train();

    assertSameAsWithoutLoss(cluster);
  }

  private void assertSameAsWithoutLoss(Cluster cluster) {
    assertThat(cluster.weights()).isEqualTo(reference.weights());
    assertThat(cluster.losses).isEqualTo(reference.losses);
    assertThat(cluster.validations).isEqualTo(reference.evaluations.get(Evaluation.VALIDATION));
  }

  /** Nodes of different sizes, two shards, a bucket for each few floats. */
  private final class Cluster implements ShardListener {

    private static final int SHARDS = 2;

    final List<ShardHost> shards = new ArrayList<>();
    final List<VanishingNode> nodes = new ArrayList<>();
    final List<Double> losses = new ArrayList<>();
    final List<Double> validations = new ArrayList<>();
    private final Job job;
    private final Buckets buckets;
    private final Theta theta;
    private final boolean replans;
    private final List<Plan.Share> shares = new ArrayList<>();
    private int plan = 1;
    private volatile long goesOnAt = Long.MAX_VALUE;
    private final CountDownLatch goesOn = new CountDownLatch(1);

    Cluster(boolean replans, int... slots) {
      this(TakeOverTest.this.job, replans, slots);
    }

    Cluster(Job job, boolean replans, int... slots) {
      this.job = job;
      this.replans = replans;
      this.buckets = new Buckets(job.network().parameters().packedLength(), 1, SHARDS);
      this.theta = new Theta(0, buckets.parameters());
      for (int i = 0; i < SHARDS; i++) {
        ShardListener listener = i == 0 ? this : new Silent();
        shards.add(new ShardHost(job, buckets, kernels, i, theta, listener));
      }
      for (int number = 0; number < slots.length; number++) {
        nodes.add(new VanishingNode(this, number, slots[number]));
        shares.add(new Plan.Share(number, slots[number]));
      }
    }

    void train() throws Exception {
      nodes.forEach(node -> node.exchange.know(new Plan(1, shares)));
      shards.getFirst().activate(1);
      shards.getFirst().start();
      try (ExecutorService threads = Executors.newCachedThreadPool()) {
        List<Future<?>> running = new ArrayList<>();
        for (VanishingNode node : nodes) {
          node.replicas.forEach(replica -> running.add(threads.submit(replica::run)));
        }
        try {
          for (Future<?> future : running) {
            future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
          }
        } finally {
          nodes.forEach(node -> node.exchange.stop());
        }
      }
    }

    /**
     * The next step may have begun under the plan before, and none after it has: this step is taken
     * over last, and so not done before the new plan is there.
     */
    synchronized void late(int number, long step) {
      List<VanishingNode> others = nodes.stream().filter(node -> node.number != number).toList();
      others.forEach(other -> other.exchange.takeOver(number, step + 1));
      shares.removeIf(share -> share.node() == number);
      Plan next = new Plan(++plan, shares);
      nodes.forEach(node -> node.exchange.know(next));
      shards.getFirst().activate(plan);
      goesOnAt = step + STALLED_STEPS;
      others.forEach(other -> other.exchange.takeOver(number, step));
    }

    synchronized void lost(int number) {
      shares.removeIf(share -> share.node() == number);
      List<VanishingNode> left = nodes.stream().filter(node -> !node.vanished).toList();
      left.forEach(node -> node.exchange.takeOver(number));
      if (replans) {
        Plan next = new Plan(++plan, shares);
        left.forEach(node -> node.exchange.know(next));
        shards.getFirst().activate(plan);
      }
    }

    float[] weights() {
      return job.network().parameters().toCanonical(theta.array(job.epochs().steps()));
    }

    @Override
    public void stepDone(long step, int layer, Sums sums) {
      losses.add(sums.loss / sums.weight);
      if (step >= goesOnAt || step == job.epochs().steps() - 1) {
        goesOn.countDown();
      }
    }

    @Override
    public void evaluated(Evaluation evaluation, long version, Sums sums) {
      validations.add(sums.loss / sums.weight);
    }

    @Override
    public void begun(long version, int plan) {}
  }

  private static final class Silent implements ShardListener {
    @Override
    public void stepDone(long step, int layer, Sums sums) {}

    @Override
    public void evaluated(Evaluation evaluation, long version, Sums sums) {}

    @Override
    public void begun(long version, int plan) {}
  }

  /** A node of which nothing arrives any more after a number of messages. */
  private final class VanishingNode implements Uplink, ShardSubscriber {

    final NodeExchange exchange;
    final List<Replica> replicas = new ArrayList<>();
    volatile boolean vanished;
    volatile int diesAfter = NEVER;
    volatile int stallsAfter = NEVER;
    private final Cluster cluster;
    private final int number;
    private int sent;

    VanishingNode(Cluster cluster, int number, int slots) {
      this.cluster = cluster;
      this.number = number;
      this.exchange =
          new NodeExchange(
              cluster.job, cluster.buckets, kernels, cluster.theta, number, slots, this);
      for (ShardHost shard : cluster.shards) {
        shard.subscribe(this);
        shard.tellNewest(this);
      }
      Workplaces workplaces = new Workplaces(cluster.job, cluster.buckets, kernels, slots, places);
      for (int slot = 0; slot < slots; slot++) {
        replicas.add(new Replica(workplaces, exchange, slot, new Slowdown()));
      }
    }

    /** Whether a message still arrives. */
    private boolean arrives() {
      boolean dies;
      synchronized (this) {
        dies = !vanished && sent >= diesAfter;
        vanished |= dies;
        sent++;
      }
      if (dies) {
        exchange.stop();
        cluster.lost(number);
      }
      return !vanished;
    }

    /** What was to arrive arrives steps later. */
    private void stallIfWanted(long step) {
      boolean stalls;
      synchronized (this) {
        stalls = sent >= stallsAfter;
        stallsAfter = stalls ? NEVER : stallsAfter;
      }
      if (stalls) {
        cluster.late(number, step);
        try {
          assertThat(cluster.goesOn.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }

    @Override
    public void sums(long step, int level, int index, int leaves, Sums sums) {
      for (ShardHost shard : cluster.shards) {
        stallIfWanted(step);
        if (arrives()) {
          shard.sums(step, level, index, leaves, sums);
        }
      }
    }

    @Override
    public void gradient(long step, int bucket, int level, int index, int leaves, Partial partial) {
      stallIfWanted(step);
      if (arrives()) {
        ShardHost shard = cluster.shards.get(cluster.buckets.shardOf(bucket));
        shard.gradient(step, bucket, level, index, leaves, partial);
      } else {
        partial.release();
      }
    }

    @Override
    public void evaluation(
        Evaluation evaluation, long version, int level, int index, int units, Sums sums) {
      if (arrives()) {
        cluster.shards.getFirst().evaluation(evaluation, version, level, index, units, sums);
      }
    }

    @Override
    public void published(int bucket, long version, int plan, float[] theta, int at) {
      exchange.received(bucket, version);
      if (plan != ShardHost.NO_PLAN) {
        exchange.begins(version, plan);
      }
    }

    @Override
    public void begins(long version, int plan) {
      exchange.begins(version, plan);
    }

    @Override
    public void evaluated(Evaluation evaluation, long version) {
      exchange.evaluated(evaluation, version);
    }
  }
}
