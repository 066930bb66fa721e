package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Sums;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left of a run, made whole, is what the run that was never broken off has. */
@Timeout(60)
class StepAgainTest {

  private static final Job JOB = SmallJob.of(6, 7);
  private static final Kernels KERNELS = Kernels.select(Kernels.Choice.AUTO);
  private static final int SHARDS = 2;

  /** The last epoch's first step follows a validation. */
  private static final int STEPS = 8;

  private static final RunIdentity RUN = new RunIdentity(1, 2);

  private final Buckets buckets = new Buckets(JOB.network().parameters().packedLength(), 1, SHARDS);
  private final List<Double> losses = new ArrayList<>();
  private final List<TrainingState> states = new ArrayList<>();
  private final Map<Integer, List<Double>> told = new ConcurrentHashMap<>();
  private StepTotals totals;

  /** Who tells of a step does so under locks: another thread answers. */
  private final ExecutorService answers =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());

  @AfterEach
  void close() {
    answers.shutdownNow();
  }

  private void train() {
    train(JOB);
  }

  /** Trains with two servers, step by step, and keeps the state of each version. */
  private void train(Job job) {
    InProcessDataPlane plane = new InProcessDataPlane();
    List<ShardHost> hosts = new ArrayList<>();
    for (int shard = 0; shard < SHARDS; shard++) {
      Theta theta = plane.theta(buckets, shard);
      ShardHost host = new ShardHost(job, buckets, KERNELS, shard, theta, listener(shard));
      plane.serve(RUN, host);
      hosts.add(host);
    }
    List<Endpoint> servers = Collections.nCopies(SHARDS, plane.endpoint());
    totals =
        new StepTotals(
            SHARDS,
            (shard, step, of) -> {
              told.put((int) step, of);
              hosts.get(shard).totals(step, of.stream().mapToDouble(d -> d).toArray());
            });
    NodeExchange exchange = plane.connect(RUN, "", job, buckets, KERNELS, 0, 1, servers);
    exchange.know(new Plan(1, List.of(new Plan.Share(0, 1))));
    Workplaces workplaces = new Workplaces(job, buckets, KERNELS, 1);
    Replica replica = new Replica(workplaces, exchange, 0, new Slowdown());
    hosts.forEach(host -> host.keeping().snapshotAt(0));
    states.add(copy(plane.fetch(RUN, "", job, buckets, 0, servers)));
    hosts.getFirst().activate(1);
    hosts.getFirst().start();
    for (long step = 0; step < STEPS; step++) {
      long next = step + 1;
      hosts.forEach(host -> host.keeping().snapshotAt(next));
      replica.step(step);
      states.add(copy(plane.fetch(RUN, "", job, buckets, next, servers)));
    }
  }

  /** What was fetched stays only until the next is asked for. */
  private static TrainingState copy(TrainingState fetched) {
    float[][] arrays = Arrays.stream(fetched.arrays()).map(float[]::clone).toArray(float[][]::new);
    return new TrainingState(fetched.version(), arrays);
  }

  private ShardListener listener(int shard) {
    return new ShardListener() {
      @Override
      public void stepDone(long step, int layer, Sums sums) {
        if (shard == 0) {
          losses.add(sums.loss);
        }
      }

      @Override
      public void measured(long step, TotalsPart part) {
        answers.execute(() -> totals.measured(shard, step, part));
      }

      @Override
      public void evaluated(Evaluation evaluation, long version, Sums sums) {}

      @Override
      public void begun(long version, int plan) {}
    };
  }

  /** As of {@code version}, but for those buckets that have the next one. */
  private TrainingState left(int version, BitSet ahead) {
    float[][] arrays = states.get(version).arrays().clone();
    float[][] after = states.get(version + 1).arrays();
    for (int array = 0; array < arrays.length; array++) {
      float[] mixed = arrays[array].clone();
      int from = array;
      ahead.stream()
          .forEach(
              bucket -> {
                int at = buckets.from(bucket);
                System.arraycopy(after[from], at, mixed, at, buckets.to(bucket) - at);
              });
      arrays[array] = mixed;
    }
    return new TrainingState(version, arrays);
  }

  private static Salvage.Choice<String> choice(long step, BitSet ahead, double... totals) {
    List<Double> all = Arrays.stream(totals).boxed().toList();
    return new Salvage.Choice<>(step, ahead, all, List.of());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 7})
  void doesTheUpdateOfBucketsThatLackIt(int step) {
    train();
    BitSet ahead = new BitSet();
    ahead.set(0);
    ahead.set(buckets.count() - 1);
    float[] theta = states.get(step).theta();

    StepAgain again =
        StepAgain.of(JOB, KERNELS, buckets, choice(step, ahead), theta, left(step, ahead));

    assertThat(again.state().version()).isEqualTo(step + 1);
    assertThat(again.state().arrays()).isDeepEqualTo(states.get(step + 1).arrays());
    assertThat(again.sums().loss).isEqualTo(losses.get(step));
  }

  /** It has all of θ, and sums by itself what two servers had summed by others. */
  @ParameterizedTest
  @ValueSource(ints = {0, 7})
  void sumsTheTotalsThatTheUpdateNeeds(int step) {
    Job job = SmallJob.clipped(6, 7);
    train(job);
    BitSet ahead = new BitSet();
    ahead.set(0);
    float[] theta = states.get(step).theta();

    StepAgain again =
        StepAgain.of(job, KERNELS, buckets, choice(step, ahead), theta, left(step, ahead));

    assertThat(again.state().arrays()).isDeepEqualTo(states.get(step + 1).arrays());
  }

  /** Of what they were measured on, the state of a bucket that is ahead is gone. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7})
  void takesTotalsThatAreMeasuredOnTheState(int step) {
    Job job = SmallJob.quasiNewton(6, 7);
    train(job);
    BitSet ahead = new BitSet();
    ahead.set(0);
    float[] theta = states.get(step).theta();
    double[] totals = told.get(step).stream().mapToDouble(total -> total).toArray();

    StepAgain again =
        StepAgain.of(job, KERNELS, buckets, choice(step, ahead, totals), theta, left(step, ahead));

    assertThat(again.state().arrays()).isDeepEqualTo(states.get(step + 1).arrays());
  }

  /** Where the validation decides, it has decided already, or no step would have begun. */
  @Test
  void waitsForNoDecision() {
    train();
    Job deciding =
        new Job(
            JOB.network(),
            JOB.data(),
            JOB.microBatches(),
            JOB.epochs(),
            JOB.optimizer(),
            JOB.schedule(),
            JOB.gradients(),
            new EarlyStopping(3, 0, true),
            JOB.seed());
    BitSet ahead = new BitSet();
    ahead.set(1);
    float[] theta = states.get(7).theta();

    StepAgain again =
        StepAgain.of(deciding, KERNELS, buckets, choice(7, ahead), theta, left(7, ahead));

    assertThat(again.state().arrays()).isDeepEqualTo(states.get(8).arrays());
  }

  /** Two hosts of which one has a part of a step's updates, as a lost server leaves them. */
  @Test
  void hostsHandOverEachBucketAtItsOwnVersion() {
    ShardRig first = new ShardRig(SHARDS, 0);
    ShardRig second = new ShardRig(SHARDS, 1);
    first.step(0);
    for (int leaf = 0; leaf < ShardRig.LEAVES; leaf++) {
      second.sums(0, leaf);
      second.gradient(0, buckets.firstBucket(1), leaf);
    }
    Salvage<ShardRig> salvage = new Salvage<>(SHARDS);
    for (ShardRig rig : List.of(first, second)) {
      rig.host.halt();
      salvage.offer(rig, true, rig.host.keeping().copy().orElseThrow());
    }

    Salvage.Choice<ShardRig> choice = salvage.choice().orElseThrow();
    choice.holders().forEach(rig -> rig.host.keeping().handOver(choice.version()));

    assertThat(choice.version()).isZero();
    assertThat(choice.ahead().cardinality()).isEqualTo(first.host.bucketCount() + 1);
    assertThat(first.host.keeping().snapshot(0, 0)).isEqualTo(first.weights(1));
    int length = buckets.to(buckets.firstBucket(1)) - buckets.from(buckets.firstBucket(1));
    assertThat(second.host.keeping().snapshot(0, 0)).startsWith(head(second.weights(1), length));
    float[] initial = second.weights(0);
    assertThat(tail(second.host.keeping().snapshot(0, 0), length)).isEqualTo(tail(initial, length));
    assertThat(first.host.keeping().copy()).isEmpty(); // The state of version 0 is not there.
  }

  private static float[] head(float[] values, int length) {
    return Arrays.copyOf(values, length);
  }

  private static float[] tail(float[] values, int from) {
    return Arrays.copyOfRange(values, from, values.length);
  }
}
