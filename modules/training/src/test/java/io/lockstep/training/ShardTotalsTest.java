package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lockstep.nn.Sums;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Shards whose updates need totals over all of θ, and their standbys. */
class ShardTotalsTest {

  private static final int LEAVES = ShardRig.LEAVES;
  private static final Job JOB = SmallJob.clipped(LEAVES, 7);
  private static final int SHARDS = 2;
  private static final String DONE = "step 0 done, loss 21.0";

  private final ShardRig first = rig(0);
  private final ShardRig second = rig(1);

  private static ShardRig rig(int number) {
    ShardRig rig = new ShardRig(JOB, SHARDS, number);
    rig.host.activate(1);
    rig.host.start();
    rig.take();
    return rig;
  }

  /** The totals of a step that both shards have measured. */
  private double[] totals() {
    double[][] totals = new double[SHARDS][];
    StepTotals sum =
        new StepTotals(
            SHARDS,
            (shard, step, of) ->
                totals[shard] = of.stream().mapToDouble(Double::doubleValue).toArray());
    sum.measured(0, 0, first.measured);
    sum.measured(1, 0, second.measured);
    assertThat(totals[0]).hasSize(1).isEqualTo(totals[1]);
    return totals[0];
  }

  /** What a shard with all of θ comes to, which asks nobody. */
  private static float[] alone() {
    ShardRig alone = new ShardRig(JOB, 1, 0);
    alone.step(0);
    assertThat(alone.take()).contains(DONE).doesNotContain("measured 0");
    return alone.weights(1);
  }

  private static float[] partOf(float[] theta, ShardRig rig) {
    int from = rig.buckets.from(rig.buckets.firstBucket(rig.host.number()));
    return Arrays.copyOfRange(theta, from, from + rig.weights(0).length);
  }

  @Test
  void allRootsOfAShardWaitForTheTotals() {
    first.step(0);
    second.step(0);
    assertThat(first.take()).containsExactly("measured 0");
    assertThat(second.take()).containsExactly("measured 0");
    assertThat(first.host.step()).isZero();
    assertThat(first.host.openStep().missing()).isEmpty();

    double[] totals = totals();
    first.host.totals(0, totals);
    second.host.totals(0, totals);

    assertThat(first.take()).containsExactly("published 1 under plan 1", DONE);
    assertThat(second.take()).containsExactly("published 1", DONE);
    float[] alone = alone();
    assertThat(first.weights(1)).isEqualTo(partOf(alone, first));
    assertThat(second.weights(1)).isEqualTo(partOf(alone, second));
  }

  @Test
  void aShardMeasuresWhenItsSumsComeLast() {
    for (int leaf = 0; leaf < LEAVES; leaf++) {
      for (int bucket = 0; bucket < first.host.bucketCount(); bucket++) {
        first.gradient(0, bucket, leaf);
      }
    }
    assertThat(first.take()).isEmpty();
    for (int leaf = 0; leaf < LEAVES; leaf++) {
      first.sums(0, leaf);
    }
    assertThat(first.take()).containsExactly("measured 0");
  }

  @Test
  void totalsMayComeBeforeRootsAndAgainAndLate() {
    first.step(0);
    second.step(0);
    double[] totals = totals();
    ShardRig early = rig(0);
    early.host.totals(0, totals);
    early.host.totals(0, totals);
    early.step(0);
    assertThat(early.take()).containsExactly(DONE, "published 1 under plan 1");
    early.host.totals(0, new double[] {1});
    early.host.totals(2, totals); // Not open yet: dropped.

    assertThat(early.weights(1)).isEqualTo(partOf(alone(), early));
    early.step(1);
    assertThat(early.take()).containsExactly("measured 1");
  }

  @Test
  void anotherNumberOfTotalsIsRefused() {
    first.step(0);
    first.take();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> first.host.totals(0, new double[2]))
        .withMessage("totals: expected 1, found 2");
    assertThat(first.take()).isEmpty();
    assertThat(first.host.step()).isZero();
  }

  /** All shards know of it by the sums. */
  @Test
  void aStepThatIsNotFiniteNeedsNoTotals() {
    for (int leaf = 0; leaf < LEAVES; leaf++) {
      first.sums(0, leaf, leaf == 3 ? 2 : Sums.NONE);
      for (int bucket = 0; bucket < first.host.bucketCount(); bucket++) {
        first.gradient(0, bucket, leaf);
      }
    }
    assertThat(first.take()).containsExactly("step 0 failed, layer 2");
  }

  @Test
  void aShardThatHaltsCommitsNothingThatWaitedForTotals() {
    first.step(0);
    second.step(0);
    first.take();
    double[] totals = totals();
    float[] before = first.weights(0);

    assertThat(first.host.halt()).isZero();
    first.host.totals(0, totals);
    first.host.settle(0);
    first.host.totals(0, totals);

    assertThat(first.take()).containsExactly("published 0");
    assertThat(first.weights(0)).isEqualTo(before);
  }

  // Standbys.

  /** It had the totals: those buckets of it that are not committed go on without asking. */
  @Test
  void aStandbyThatHasCommittedABucketHasTheTotals() {
    first.step(0);
    second.step(0);
    double[] totals = totals();
    ShardRig served = rig(0);
    DirectMirror mirror = mirror(served);
    served.host.totals(0, totals);
    for (int leaf = 0; leaf < LEAVES; leaf++) {
      served.sums(0, leaf);
      served.gradient(0, 0, leaf);
    }
    assertThat(mirror.standby.take()).contains("published 1");

    ShardRig standby = promoted(mirror);
    standby.step(0);

    assertThat(standby.take()).contains(DONE).doesNotContain("measured 0");
    assertThat(standby.weights(1)).isEqualTo(partOf(alone(), standby));
  }

  /** It had none: then it has all its buckets still to do, and measures the same. */
  @Test
  void aStandbyWithoutTotalsMeasuresAgain() {
    first.step(0);
    second.step(0);
    ShardRig served = rig(0);
    DirectMirror mirror = mirror(served);
    served.step(0);
    assertThat(served.take()).containsExactly("measured 0");

    ShardRig standby = promoted(mirror);
    standby.step(0);

    assertThat(standby.take()).contains("measured 0").doesNotContain(DONE);
    assertThat(standby.measured).isEqualTo(first.measured);
    standby.host.totals(0, totals());
    assertThat(standby.take()).contains(DONE);
    assertThat(standby.weights(1)).isEqualTo(partOf(alone(), standby));
  }

  /** One bucket is of the version after when it is filled. */
  @Test
  void aStandbyIsFilledInTheMiddleOfAStep() {
    first.step(0);
    second.step(0);
    ShardRig served = rig(0);
    served.host.totals(0, totals());
    for (int leaf = 0; leaf < LEAVES; leaf++) {
      served.sums(0, leaf);
      served.gradient(0, 0, leaf);
    }
    DirectMirror mirror = mirror(served);
    assertThat(mirror.standby.host.following().filledFrom()).isZero();
    for (int bucket = 1; bucket < served.host.bucketCount(); bucket++) {
      for (int leaf = 0; leaf < LEAVES; leaf++) {
        served.gradient(0, bucket, leaf);
      }
    }

    assertThat(mirror.standby.take()).contains(DONE);
    assertThat(mirror.standby.weights(1)).isEqualTo(partOf(alone(), served));
    ShardRig standby = promoted(mirror);
    standby.step(1);
    assertThat(standby.take()).contains("measured 1");
  }

  /** A shard that has all of θ tells its standby what it has summed. */
  @Test
  void theStandbyOfAShardAloneHasItsTotals() {
    ShardRig served = new ShardRig(JOB, 1, 0);
    DirectMirror mirror = mirror(served);
    served.step(0);
    assertThat(mirror.standby.take()).contains(DONE);
    assertThat(mirror.standby.weights(1)).isEqualTo(alone());
  }

  private static DirectMirror mirror(ShardRig served) {
    DirectMirror mirror = new DirectMirror(served.standby());
    served.host.mirroring().begin(mirror, 1);
    boolean lacks = true;
    while (lacks) {
      lacks = served.host.mirroring().fillNext(mirror);
    }
    return mirror;
  }

  private static ShardRig promoted(DirectMirror mirror) {
    mirror.standby.take();
    mirror.standby.host.promote(new Promotion(0, 1, 1, Long.MAX_VALUE));
    return mirror.standby;
  }

  /** The standby is not acknowledged: its server dies before it hears of it. */
  private static final class DirectMirror implements Mirror {

    final ShardRig standby;

    DirectMirror(ShardRig standby) {
      this.standby = standby;
    }

    @Override
    public void state(long version, int bucket, int array, float[] values, int at) {
      standby.host.following().state(version, bucket, array, values, at);
    }

    @Override
    public void sums(long step, Sums sums) {
      standby.host.following().sums(step, sums);
    }

    @Override
    public void totals(long step, double[] totals) {
      standby.host.following().totals(step, totals);
    }

    @Override
    public void root(long step, int bucket, Partial root) {
      Partial copy = standby.host.take(bucket);
      int at = standby.buckets.from(bucket) - root.from();
      System.arraycopy(root.values(), at, copy.values(), 0, copy.values().length);
      standby.host.following().root(step, bucket, copy);
    }

    @Override
    public void evaluated(Evaluation evaluation, long version, Sums sums) {
      standby.host.following().evaluated(evaluation, version, sums);
    }
  }

  @Test
  void aRunWithoutTotalsIsNotMeasured() {
    ShardRig rig = new ShardRig(SHARDS, 0);
    rig.step(0);
    assertThat(rig.take()).isEqualTo(List.of(DONE, "published 1"));
  }
}
