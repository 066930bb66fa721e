package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.nn.Sums;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A shard that holds no weights tells what a whole one tells, whatever happens to it. */
class HollowShardTest {

  private static List<Job> jobs() {
    return List.of(
        ShardRig.JOB,
        SmallJob.clipped(ShardRig.LEAVES, 7),
        SmallJob.of(ShardRig.LEAVES, 7, 0.01, 2, GradientFormat.BFLOAT16));
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void hollowShardTellsWhatAWholeOneTells(Job job) {
    List<String> whole = course(new ShardRig(job, 1, 0));
    List<String> hollow = course(ShardRig.hollow(job, 1, 0));

    assertThat(whole).contains("standby: step 2 done, loss 21.0", "step 3 failed, layer 2");
    assertThat(hollow).isEqualTo(whole);
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void hollowShardHoldsNothing(Job job) {
    ShardRig rig = ShardRig.hollow(job, 1, 0);
    rig.host.keeping().snapshotAt(1);
    rig.step(0);

    assertThat(rig.theta.array(1)).isEmpty();
    assertThat(rig.partial(0, 0).values()).isEmpty();
    for (int array = 0; array < rig.host.keeping().stateArrays(); array++) {
      assertThat(rig.host.keeping().snapshot(1, array)).isEmpty();
    }
  }

  /** Plans, a copy, a standby that is filled and forwarded to, a step that is not finite. */
  private static List<String> course(ShardRig rig) {
    List<String> told = new ArrayList<>();
    rig.host.activate(1);
    rig.host.start();
    rig.step(0);
    rig.host.keeping().snapshotAt(2);
    rig.host.activate(2);
    rig.step(1);
    ShardRig standby = rig.standby();
    Relay relay = new Relay(standby, told);
    rig.host.mirroring().begin(relay, 1);
    while (rig.host.mirroring().fillNext(relay)) {}
    rig.step(2);
    told.add("waits for its standby: " + rig.host.mirroring().isPending());
    for (int bucket = 0; bucket < rig.host.bucketCount(); bucket++) {
      rig.host.mirroring().acknowledged(bucket, 3);
    }
    failingStep(rig, 3);
    told.addAll(rig.take());
    standby.take().forEach(line -> told.add("standby: " + line));
    told.add("halted at " + rig.host.halt());
    return told;
  }

  private static void failingStep(ShardRig rig, long step) {
    for (int leaf = 0; leaf < ShardRig.LEAVES; leaf++) {
      rig.sums(step, leaf, leaf == 4 ? 2 : Sums.NONE);
      for (int bucket = 0; bucket < rig.host.bucketCount(); bucket++) {
        rig.gradient(step, bucket, leaf);
      }
    }
  }

  /** Passes all on to a standby at once, and says so. */
  private record Relay(ShardRig standby, List<String> told) implements Mirror {

    @Override
    public void state(long version, int bucket, int array, float[] values, int at) {
      told.add("state %d of bucket %d at %d".formatted(array, bucket, version));
      standby.host.following().state(version, bucket, array, values, at);
    }

    @Override
    public void sums(long step, Sums sums) {
      told.add("sums of %d: %s".formatted(step, sums.loss));
      standby.host.following().sums(step, sums);
    }

    @Override
    public void totals(long step, double[] totals) {
      told.add("%d totals of %d".formatted(totals.length, step));
      standby.host.following().totals(step, totals);
    }

    @Override
    public void root(long step, int bucket, Partial root) {
      told.add("root of bucket %d of %d".formatted(bucket, step));
      Partial copy = standby.host.take(bucket);
      int length = Math.min(root.values().length, copy.values().length);
      System.arraycopy(root.values(), 0, copy.values(), 0, length);
      standby.host.following().root(step, bucket, copy);
    }

    @Override
    public void evaluated(Evaluation evaluation, long version, Sums sums) {}
  }
}
