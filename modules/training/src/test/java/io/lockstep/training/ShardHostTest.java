package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lockstep.nn.Sums;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShardHostTest {

  private static final int LEAVES = ShardRig.LEAVES;
  private static final long STEPS = ShardRig.JOB.epochs().steps();

  private static ShardRig started() {
    ShardRig rig = new ShardRig(1, 0);
    rig.host.activate(1);
    rig.host.start();
    rig.take();
    return rig;
  }

  @Test
  void commitsAndPublishesAStepWhenAllItsLeavesAreIn() {
    ShardRig rig = started();
    for (int leaf = 0; leaf < LEAVES - 1; leaf++) {
      rig.leaf(0, leaf);
    }
    assertThat(rig.take()).isEmpty();
    rig.leaf(0, LEAVES - 1);

    assertThat(rig.take()).containsExactly("step 0 done, loss 21.0", "published 1 under plan 1");
    rig.step(1);
    assertThat(rig.take()).containsExactly("step 1 done, loss 21.0", "published 2 under plan 1");
  }

  @Test
  void dropsWhatComesTwiceWithinAStep() {
    ShardRig once = started();
    once.step(0);
    once.step(1);
    ShardRig twice = started();
    for (long step = 0; step < 2; step++) {
      for (int leaf = 0; leaf < LEAVES; leaf++) {
        twice.leaf(step, leaf);
        if (leaf < LEAVES - 1) {
          twice.leaf(step, leaf);
        }
        twice.leaf(step, 0);
      }
    }

    assertThat(twice.take()).isEqualTo(once.take());
    assertThat(twice.weights(2)).isEqualTo(once.weights(2));
  }

  @Test
  void dropsSumsThatComeAgainWhenAllAreInButNotAllGradients() {
    ShardRig once = started();
    once.step(0);
    ShardRig again = started();
    for (int leaf = 0; leaf < LEAVES; leaf++) {
      again.sums(0, leaf);
    }
    again.sums(0, 3);
    again.step(0);

    assertThat(again.take()).isEqualTo(once.take());
    assertThat(again.weights(1)).isEqualTo(once.weights(1));
  }

  @Test
  void dropsASubtreeOfWhichALeafIsIn() {
    ShardRig rig = started();
    rig.leaf(0, 0);
    Partial subtree = rig.partial(0, 7);
    rig.host.gradient(0, 0, 1, 0, LEAVES, subtree);

    assertThat(rig.host.take(0)).isSameAs(subtree);
  }

  @Test
  void dropsWhatIsLateAndGivesItsArrayBack() {
    ShardRig rig = started();
    rig.step(0);
    rig.take();
    float[] weights = rig.weights(1);
    Partial late = rig.partial(0, 2);
    rig.sums(0, 2);
    rig.host.gradient(0, 0, 0, 2, LEAVES, late);

    assertThat(rig.host.take(0)).isSameAs(late);
    assertThat(rig.take()).isEmpty();
    assertThat(rig.weights(1)).isEqualTo(weights);
  }

  @Test
  void refusesWhatCannotBePartOfTheRunAndChangesNothing() {
    ShardRig rig = started();
    int buckets = rig.buckets.count();
    refuses(rig, 0, buckets, 0, 0, LEAVES, "bucket: expected one of the");
    refuses(rig, 0, -1, 0, 0, LEAVES, "bucket: expected one of the");
    refuses(rig, 1, 0, 0, 0, LEAVES, "step: expected at most 0, found 1");
    refuses(rig, -1, 0, 0, 0, LEAVES, "step: expected at most 0, found -1");
    refuses(rig, 0, 0, 0, LEAVES, LEAVES, "node: expected one of a tree over 6 leaves");
    refuses(rig, 0, 0, 0, -1, LEAVES, "found (0, -1) over 6");
    refuses(rig, 0, 0, 4, 0, LEAVES, "found (4, 0) over 6");
    refuses(rig, 0, 0, -1, 0, LEAVES, "found (-1, 0) over 6");
    refuses(rig, 0, 0, 0, 0, LEAVES + 1, "found (0, 0) over 7");
    assertThat(rig.take()).isEmpty();

    rig.step(0);

    ShardRig undisturbed = started();
    undisturbed.step(0);
    assertThat(rig.take()).isEqualTo(undisturbed.take());
    assertThat(rig.weights(1)).isEqualTo(undisturbed.weights(1));
  }

  private static void refuses(
      ShardRig rig, long step, int bucket, int level, int index, int leaves, String why) {
    Partial partial = rig.partial(0, 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rig.host.gradient(step, bucket, level, index, leaves, partial))
        .withMessageContaining(why);
    assertThat(rig.host.take(0)).as("its array").isSameAs(partial);
    partial.release();
    if (bucket == 0) {
      Sums sums = ShardRig.sumsOf(0, Sums.NONE);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> rig.host.sums(step, level, index, leaves, sums))
          .withMessageContaining(why);
    }
  }

  @Test
  void keepsGoodWeightsFromAStepThatIsNotFinite() {
    ShardRig rig = started();
    rig.step(0);
    rig.take();
    float[] good = rig.weights(1);
    for (int leaf = 0; leaf < LEAVES; leaf++) {
      rig.sums(1, leaf, leaf == 2 ? 1 : Sums.NONE);
      for (int bucket = 0; bucket < rig.buckets.count(); bucket++) {
        rig.gradient(1, bucket, leaf);
      }
    }

    assertThat(rig.take()).containsExactly("step 1 failed, layer 1");
    assertThat(rig.host.halt()).isEqualTo(1);
    assertThat(rig.weights(1)).isEqualTo(good);
  }

  @Test
  void standsStillWhereItIsTold() {
    ShardRig rig = started();
    assertThat(rig.host.holdAt(2)).isEqualTo(2);
    rig.step(0);
    rig.take();
    rig.step(1);
    assertThat(rig.take()).containsExactly("step 1 done, loss 21.0");
    assertThat(rig.host.release(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
    assertThat(rig.take()).containsExactly("published 2 under plan 1");
  }

  @Test
  void standsStillAtTheFirstVersionThatHasNotBegun() {
    ShardRig rig = started();
    assertThat(rig.host.holdAt(0)).isEqualTo(1);
    rig.step(0);
    assertThat(rig.host.holdAt(5)).as("it stands still already").isEqualTo(1);
    assertThat(rig.host.release(1)).isEqualTo(2);
    rig.step(1);
    rig.host.release(Long.MAX_VALUE);
    assertThat(rig.take())
        .containsExactly(
            "step 0 done, loss 21.0",
            "published 1 under plan 1",
            "step 1 done, loss 21.0",
            "published 2 under plan 1");
    assertThat(rig.host.holdAt(1)).isEqualTo(3);
    assertThat(rig.host.holdAt(STEPS)).as("the last version").isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aNewcomerIsToldWhatIsPublished() {
    ShardRig rig = started();
    rig.host.holdAt(2);
    rig.step(0);
    rig.step(1);
    float[] published = rig.weights(1);

    Newcomer newcomer = new Newcomer(rig);
    rig.host.tellNewest(newcomer);

    assertThat(newcomer.versions).hasSize(rig.buckets.count()).containsOnly(1L);
    assertThat(newcomer.weights).isEqualTo(published);
    rig.host.release(Long.MAX_VALUE);
    newcomer.versions.clear();
    rig.host.tellNewest(newcomer);
    assertThat(newcomer.versions).containsOnly(2L);
    assertThat(newcomer.weights).isEqualTo(rig.weights(2));
  }

  private static final class Newcomer implements ShardSubscriber {
    final List<Long> versions = new ArrayList<>();
    final float[] weights;
    private final Buckets buckets;

    Newcomer(ShardRig rig) {
      this.buckets = rig.buckets;
      this.weights = new float[buckets.parameters()];
    }

    @Override
    public void published(int bucket, long version, int plan, float[] theta, int at) {
      versions.add(version);
      int from = buckets.from(bucket);
      System.arraycopy(theta, at, weights, from, buckets.to(bucket) - from);
    }

    @Override
    public void begins(long version, int plan) {}

    @Override
    public void evaluated(Evaluation evaluation, long version) {}
  }

  @Test
  void fallsBackWhereAnotherShardIsOneVersionBehind() {
    ShardRig ahead = new ShardRig(2, 0);
    ShardRig behind = new ShardRig(2, 1);
    float[] initial = ahead.weights(0);
    ahead.step(0);
    for (int leaf = 0; leaf < LEAVES - 1; leaf++) {
      behind.leaf(0, leaf);
    }
    ahead.take();

    assertThat(ahead.host.halt()).isEqualTo(1);
    assertThat(behind.host.halt()).isZero();
    behind.leaf(0, LEAVES - 1);
    ahead.step(1);
    assertThat(behind.host.halt()).as("after what came late").isZero();
    ahead.host.settle(0);
    behind.host.settle(0);

    assertThat(ahead.take()).containsExactly("published 0");
    assertThat(behind.take()).containsExactly("published 0");
    assertThat(ahead.weights(0)).isEqualTo(initial);
  }

  @Test
  void settlingTellsWhatWasHeldBack() {
    ShardRig rig = started();
    rig.host.holdAt(1);
    rig.step(0);
    rig.take();
    assertThat(rig.host.halt()).isEqualTo(1);
    rig.host.settle(1);

    assertThat(rig.take()).containsExactly("published 1");
  }

  @Test
  void aPlanHoldsFromTheNextVersionOn() {
    ShardRig rig = new ShardRig(1, 0);
    rig.host.activate(1);
    rig.host.start();
    assertThat(rig.take()).containsExactly("plan 1 begins with 0", "step 0 begins under plan 1");
    rig.host.activate(2);
    rig.step(0);
    assertThat(rig.take())
        .containsExactly(
            "plan 2 begins with 1", "step 0 done, loss 21.0", "published 1 under plan 2");
  }

  @Test
  void noPlanBeginsWithTheLastVersionWhichHasNoStep() {
    ShardRig rig = started();
    for (long step = 0; step < STEPS; step++) {
      if (step == STEPS - 1) {
        rig.host.activate(2);
      }
      int leaves = leavesOf(step);
      for (int leaf = 0; leaf < leaves; leaf++) {
        rig.host.sums(step, 0, leaf, leaves, ShardRig.sumsOf(leaf, Sums.NONE));
        for (int bucket = rig.buckets.count() - 1; bucket >= 0; bucket--) {
          rig.host.gradient(step, bucket, 0, leaf, leaves, rig.partial(bucket, leaf));
        }
      }
    }

    assertThat(rig.take())
        .doesNotContain("plan 2 begins with " + STEPS)
        .endsWith("published " + STEPS + " under plan 1");
  }

  private static int leavesOf(long step) {
    Job job = ShardRig.JOB;
    return job.microBatches().leaves(job.epochs().sampler().rowsOf(step));
  }

  @Test
  void completesAnEvaluationOnceWhateverComesTwice() {
    ShardRig rig = started();
    int units = Evaluation.TEST.units(ShardRig.JOB);
    assertThat(units).isEqualTo(3);
    rig.step(0);
    rig.take();
    evaluate(rig, 1, 0);
    evaluate(rig, 1, 0);
    evaluate(rig, 1, 1);
    assertThat(rig.take()).isEmpty();
    evaluate(rig, 1, 2);
    assertThat(rig.take()).containsExactly("TEST of 1: loss 6.0", "TEST of 1 is in");
    evaluate(rig, 1, 1);
    evaluate(rig, 0, 1);
    assertThat(rig.take()).isEmpty();
  }

  @Test
  void forgetsAnEvaluationThatWasBrokenOff() {
    ShardRig rig = started();
    evaluate(rig, 1, 0);
    evaluate(rig, 2, 2);
    evaluate(rig, 2, 1);
    evaluate(rig, 1, 1);
    assertThat(rig.take()).isEmpty();
    evaluate(rig, 2, 0);

    assertThat(rig.take()).containsExactly("TEST of 2: loss 6.0", "TEST of 2 is in");
  }

  private static void evaluate(ShardRig rig, long version, int unit) {
    rig.host.evaluation(Evaluation.TEST, version, 0, unit, 3, ShardRig.sumsOf(unit, Sums.NONE));
  }

  @Test
  void tellsWhatTheOpenEvaluationWaitsFor() {
    ShardRig rig = started();
    long arrived = rig.host.evaluationsArrived();
    evaluate(rig, 5, 1);
    assertThat(rig.host.openStep()).isEqualTo(new OpenStep(5, 3, List.of(0, 2)));
    evaluate(rig, 5, 0);
    assertThat(rig.host.openStep()).isEqualTo(new OpenStep(5, 3, List.of(2)));
    evaluate(rig, 5, 2);

    assertThat(rig.host.openStep().step()).isZero();
    assertThat(rig.host.evaluationsArrived() - arrived).isEqualTo(3);
  }

  @Test
  void refusesAnEvaluationThatIsNotItsOwn() {
    ShardRig rig = started();
    ShardRig second = new ShardRig(2, 1);
    Sums sums = ShardRig.sumsOf(0, Sums.NONE);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> rig.host.evaluation(Evaluation.TEST, 0, 0, 3, 3, sums))
        .withMessageContaining("found (0, 3) over 3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rig.host.evaluation(Evaluation.TEST, 0, 0, 0, 4, sums))
        .withMessageContaining("found (0, 0) over 4");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> second.host.evaluation(Evaluation.TEST, 0, 0, 0, 3, sums))
        .withMessageContaining("at the leading shard");
  }

  @Test
  void copiesEachBucketAsItCommitsTheVersionAndGoesOn() {
    ShardRig rig = started();
    assertThat(rig.host.keeping().snapshotAt(2)).isTrue();
    rig.step(0);
    rig.take();
    rig.step(1);
    assertThat(rig.take())
        .containsExactly("copied at 2", "step 1 done, loss 21.0", "published 2 under plan 1");
    float[] weights = rig.weights(2).clone();
    rig.step(2);
    rig.step(3); // Stands where version 2 stood.

    assertThat(rig.host.keeping().snapshot(2, 0)).isEqualTo(weights);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rig.host.keeping().snapshot(3, 0))
        .withMessageContaining("expected one of version 3 as a whole, found version 2");
  }

  @Test
  void copiesOnlyWhatWasNotReadBeforeTheNextUpdate() {
    ShardRig rig = started();
    rig.host.keeping().snapshotAt(1);
    rig.step(0);
    for (int bucket = 1; bucket < rig.buckets.count(); bucket++) {
      rig.host.keeping().doneWith(1, bucket);
    }
    assertThat(rig.host.keeping().copies()).isZero();

    rig.step(1);

    assertThat(rig.buckets.count()).isGreaterThan(2);
    assertThat(rig.host.keeping().copies()).isEqualTo(1);
    rig.host.keeping().snapshot(1, 0, 1, (values, at) -> assertThat(at).isZero());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rig.host.keeping().snapshot(1, 1, 0, (values, at) -> {}))
        .withMessage(
            "snapshot: expected bucket 1 of version 1, which was read already, found version 2");
  }

  @Test
  void usesCopiesAgain() {
    ShardRig rig = started();
    for (long step = 0; step < 3; step++) {
      rig.host.keeping().snapshotAt(step);
      rig.step(step);
      float[] late = rig.host.keeping().snapshot(step, 0);
      assertThat(late).isEqualTo(rig.weights(step));
    }
    assertThat(rig.host.keeping().copies()).isEqualTo(rig.buckets.count());
  }

  @Test
  void keepsTheStateOfTheOptimizerThatBelongsToTheVersion() {
    ShardRig rig = started();
    ShardRig same = started();
    same.step(0);
    same.host.keeping().snapshotAt(1);
    float[] expected = same.host.keeping().snapshot(1, 1);
    rig.host.keeping().snapshotAt(1);
    rig.step(0);
    rig.step(1);

    assertThat(rig.host.keeping().snapshot(1, 1)).isEqualTo(expected);
    assertThat(expected).isNotEqualTo(new float[expected.length]);
  }

  @Test
  void givesTheWeightsOfTheVersionThatItHasOrHasHaltedAfter() {
    ShardRig rig = started();
    rig.step(0);
    rig.step(1);
    float[] before = rig.weights(1).clone();
    assertThat(weights(rig, 2)).isEqualTo(rig.weights(2));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> weights(rig, 1))
        .withMessage("weights: expected version 1 of bucket 0, found version 2");

    rig.host.halt();

    assertThat(weights(rig, 1)).isEqualTo(before);
    assertThatIllegalArgumentException().isThrownBy(() -> weights(rig, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> weights(rig, 3));
  }

  private static float[] weights(ShardRig rig, long version) {
    float[] all = new float[rig.buckets.parameters()];
    for (int bucket = 0; bucket < rig.buckets.count(); bucket++) {
      int from = rig.buckets.from(bucket);
      int length = rig.buckets.to(bucket) - from;
      rig.host
          .keeping()
          .weights(
              version, bucket, (values, at) -> System.arraycopy(values, at, all, from, length));
    }
    return all;
  }

  @Test
  void copiesAtOnceWhereTheVersionStandsStill() {
    ShardRig rig = started();
    rig.step(0);
    rig.take();

    assertThat(rig.host.keeping().snapshotAt(1)).isTrue();

    assertThat(rig.take()).containsExactly("copied at 1");
    assertThat(rig.host.keeping().snapshot(1, 0)).isEqualTo(rig.weights(1));
  }

  @Test
  void saysThatItHasGoneOn() {
    ShardRig rig = started();
    rig.step(0);
    rig.step(1);

    assertThat(rig.host.keeping().snapshotAt(1)).isFalse();
    assertThat(rig.host.keeping().snapshotAt(2)).isTrue();
  }

  @Test
  void whatFellBackHasNoStateToCopy() {
    ShardRig rig = started();
    rig.step(0);
    rig.step(1);
    rig.host.halt();
    rig.host.settle(1);

    assertThat(rig.host.keeping().snapshotAt(1)).isFalse();
  }

  @Test
  void goesOnFromWhatAnotherCutOfShardsCopied() {
    ShardRig one = started();
    one.step(0);
    one.step(1);
    one.host.keeping().snapshotAt(2);
    one.step(2);
    ShardRig two = new ShardRig(2, 1);
    int first = two.buckets.firstBucket(1);
    boolean whole = false;
    for (int bucket = first; bucket < two.buckets.count(); bucket++) {
      for (int array = 0; array < two.host.keeping().stateArrays(); array++) {
        assertThat(whole).isFalse();
        float[] values = one.host.keeping().snapshot(2, array);
        whole = two.host.keeping().restore(2, bucket, array, values, two.buckets.from(bucket));
      }
    }
    assertThat(whole).isTrue();
    two.take();

    two.step(2);

    float[] all = one.weights(3);
    assertThat(two.weights(3))
        .isEqualTo(Arrays.copyOfRange(all, two.buckets.from(first), all.length));
  }

  @Test
  void hasNoSnapshotOfAVersionThatCannotBe() {
    ShardRig rig = started();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> rig.host.keeping().snapshot(-1, 0))
        .withMessageContaining("expected a version from 0 on, found -1");
  }

  @Test
  void takesNoStateOnceItWasStarted() {
    takesNoStateAnyMore(started());
  }

  @Test
  void takesNoStateOnceItTookTheSumsOfALeaf() {
    ShardRig rig = new ShardRig(1, 0);
    rig.sums(0, 0);
    takesNoStateAnyMore(rig);
  }

  @Test
  void takesNoStateOnceItTookAGradientOfALeaf() {
    ShardRig rig = new ShardRig(1, 0);
    rig.gradient(0, 0, 0);
    takesNoStateAnyMore(rig);
  }

  private static void takesNoStateAnyMore(ShardRig rig) {
    float[] weights = rig.weights(0);
    float[] late = new float[rig.buckets.parameters()];

    assertThatIllegalArgumentException()
        .isThrownBy(() -> rig.host.keeping().restore(2, 0, 0, late, 0))
        .withMessageContaining("expected a shard that has not begun, found one at step 0");

    assertThat(rig.weights(0)).isEqualTo(weights);
  }
}
