package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.Sampler;
import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Sums;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The promise: the same bits whatever the number of workers, shards and buckets, and whatever
 * kernels each has.
 */
class EqualBitsTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 5, 6, 7, 16})
  void anyNumberOfWorkersShardsAndBucketsGivesTheSameWeights(int microBatches) {
    ThreadedRun reference = run(microBatches, 7, 1, 1, 1 << 20, scalar());
    float[] weights = reference.weights();

    for (int workers : new int[] {1, 2, 3, 5, 8}) {
      for (int shards : new int[] {1, 3}) {
        long bucketBytes = shards == 1 ? 1 << 20 : 1;
        ThreadedRun run = run(microBatches, 7, workers, shards, bucketBytes, mixed());
        assertThat(run.weights()).isEqualTo(weights);
        assertThat(run.losses).isEqualTo(reference.losses);
        assertThat(run.evaluations).isEqualTo(reference.evaluations);
      }
    }
  }

  @Test
  void roundedGradientsGiveTheSameWeightsForAnyNumberOfWorkers() {
    Job job = SmallJob.of(6, 7, 0.01, 2, GradientFormat.BFLOAT16);
    float[] weights = new ThreadedRun(job, 1, 1, 1 << 20, scalar()).train().weights();

    assertThat(weights).isNotEqualTo(run(6, 7, 1, 1, 1 << 20, scalar()).weights());
    for (int workers : new int[] {2, 3, 6}) {
      assertThat(new ThreadedRun(job, workers, 2, 1, mixed()).train().weights()).isEqualTo(weights);
    }
  }

  /** The norm of the whole gradient is summed over all shards. */
  @Test
  void clippedByNormGivesTheSameWeightsForAnyNumberOfWorkersAndShards() {
    Job job = SmallJob.clipped(6, 7);
    ThreadedRun reference = new ThreadedRun(job, 1, 1, 1 << 20, scalar()).train();

    for (int shards : new int[] {1, 2, 3}) {
      for (int workers : new int[] {1, 3}) {
        ThreadedRun run = new ThreadedRun(job, workers, shards, 1, mixed()).train();
        assertThat(run.weights()).as("%d shards", shards).isEqualTo(reference.weights());
        assertThat(run.losses).isEqualTo(reference.losses);
      }
    }
  }

  @Test
  void everyWorkerIsBusyAndEachMicroBatchIsComputedOnce() {
    ThreadedRun run = run(16, 7, 8, 1, 1 << 20, mixed());

    long leavesPerEpoch = leaves(16);
    long computed = run.replicas.stream().mapToLong(Replica::microBatchesComputed).sum();
    assertThat(computed).isEqualTo(2 * leavesPerEpoch);
    assertThat(run.replicas)
        .allSatisfy(replica -> assertThat(replica.microBatchesComputed()).isPositive());
  }

  /** Of a step's 16 micro-batches the last node computes few, then most, then as many as others. */
  @Test
  void plansBySpeedGiveTheSameWeights() {
    ThreadedRun reference = run(16, 7, 1, 1, 1 << 20, scalar());
    List<List<Plan.Share>> plans = List.of(shares(33), shares(400), shares(Plan.USUAL_SPEED));

    ThreadedRun run =
        new ThreadedRun(SmallJob.of(16, 7), plans.getFirst(), 2, 1, mixed()) {
          @Override
          public void stepDone(long step, int layer, Sums sums) {
            super.stepDone(step, layer, sums);
            int plan = (int) step / 2 + 2;
            if (step % 2 == 0 && plan <= plans.size()) {
              know(new Plan(plan, plans.get(plan - 1)));
              shards.getFirst().activate(plan);
            }
          }
        };
    run.train();

    assertThat(run.weights()).isEqualTo(reference.weights());
    assertThat(run.losses).isEqualTo(reference.losses);
    assertThat(run.evaluations).isEqualTo(reference.evaluations);
  }

  private static List<Plan.Share> shares(int speedOfLast) {
    return List.of(new Plan.Share(0, 1), new Plan.Share(1, 2), new Plan.Share(2, 1, speedOfLast));
  }

  private static long leaves(int microBatches) {
    MicroBatches cut = new MicroBatches(SmallJob.BATCH, microBatches);
    Sampler sampler = new Sampler(7, SmallJob.TRAINING_ROWS, SmallJob.BATCH);
    long leaves = 0;
    for (int step = 0; step < sampler.stepsPerEpoch(); step++) {
      leaves += cut.leaves(sampler.rowsOf(step));
    }
    return leaves;
  }

  @Test
  void anotherSeedGivesOtherWeights() {
    assertThat(run(6, 8, 2, 1, 1 << 20, mixed()).weights())
        .isNotEqualTo(run(6, 7, 2, 1, 1 << 20, mixed()).weights());
  }

  @Test
  void stepsAreCommittedInOrder() {
    ThreadedRun run = run(16, 7, 5, 3, 1, mixed());

    assertThat(run.steps).isSorted().doesNotHaveDuplicates().hasSize(14);
  }

  private static ThreadedRun run(
      int microBatches,
      long seed,
      int workers,
      int shards,
      long bucketBytes,
      List<Kernels> kernels) {
    return new ThreadedRun(SmallJob.of(microBatches, seed), workers, shards, bucketBytes, kernels)
        .train();
  }

  private static List<Kernels> scalar() {
    return List.of(Kernels.select(Kernels.Choice.SCALAR));
  }

  private static List<Kernels> mixed() {
    return List.of(
        Kernels.select(Kernels.Choice.AUTO),
        Kernels.select(Kernels.Choice.SCALAR),
        Kernels.select(Kernels.Choice.VECTOR128));
  }
}
