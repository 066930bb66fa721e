package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InProcessDataPlaneTest {

  private static final Job JOB = SmallJob.of(6, 7);
  private static final long STEPS = JOB.epochs().steps();

  private final SteppedRun run = new SteppedRun(JOB);

  @Test
  void aSnapshotIsNotTouchedByTheStepsThatFollow() {
    run.shard.keeping().snapshotAt(2);
    run.train(0, 2);
    float[] weights = run.theta.array(2).clone();

    TrainingState fetched = run.fetch(2);
    run.train(2, 4);

    assertThat(fetched.theta()).isEqualTo(weights);
    assertThat(run.shard.keeping().copies()).isZero();
  }

  @Test
  void theNextSnapshotIsFetchedIntoTheSameArrays() {
    run.shard.keeping().snapshotAt(1);
    run.train(0, 2);
    float[] first = run.fetch(1).theta();
    run.shard.keeping().snapshotAt(3);
    run.train(2, 3);

    assertThat(run.fetch(3).theta()).isSameAs(first).isEqualTo(run.theta.array(3));
  }

  @Test
  void theLastStateIsNotCopied() {
    run.train(0, STEPS);
    run.shard.keeping().snapshotAt(STEPS);

    TrainingState last = run.fetch(STEPS);

    assertThat(last.theta()).isSameAs(run.theta.array(STEPS));
    assertThat(last.arrays()).hasNumberOfRows(run.shard.keeping().stateArrays());
    assertThat(IntStream.range(1, last.arrays().length))
        .allSatisfy(
            array ->
                assertThat(last.arrays()[array])
                    .isEqualTo(run.shard.keeping().snapshot(STEPS, array)));
    assertThat(run.weights(STEPS)).isSameAs(last.theta());
  }

  @Test
  void givesNoWeightsThatTheShardsDoNotStandAt() {
    run.train(0, 2);

    assertThat(run.weights(2)).isSameAs(run.theta.array(2));
    for (long other : new long[] {0, 1, 3}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> run.weights(other))
          .withMessage(
              "weights: expected version %d of bucket 0, found version 2".formatted(other));
    }
  }

  @Test
  void whatHasHaltedWithOlderBucketsIsPutTogether() {
    run.shard.keeping().snapshotAt(1);
    run.train(0, 1);
    float[] weights = run.theta.array(1).clone();
    run.train(1, 2);
    run.shard.halt();

    TrainingState fetched = run.fetch(1);

    assertThat(fetched.theta()).isEqualTo(weights).isNotSameAs(run.theta.array(1));
  }
}
