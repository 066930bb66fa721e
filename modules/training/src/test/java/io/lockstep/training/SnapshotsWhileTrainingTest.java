package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whichever steps are done while a snapshot is taken and read, it is of its version. */
@Timeout(60)
class SnapshotsWhileTrainingTest {

  private static final Job JOB = SmallJob.of(6, 7, 0.01, 20);
  private static final long STEPS = JOB.epochs().steps();

  /** Of each version, while the steps wait. */
  private static List<float[][]> expected() {
    SteppedRun run = new SteppedRun(JOB);
    List<float[][]> states = new ArrayList<>();
    for (long version = 0; version <= STEPS; version++) {
      assertThat(run.shard.keeping().snapshotAt(version)).isTrue();
      states.add(
          Arrays.stream(run.fetch(version).arrays()).map(float[]::clone).toArray(float[][]::new));
      if (version < STEPS) {
        run.train(version, version + 1);
      }
    }
    return states;
  }

  @Test
  void areOfTheirVersionWhateverGoesOnMeanwhile() throws Exception {
    List<float[][]> expected = expected();
    SteppedRun run = new SteppedRun(JOB);
    CompletableFuture<Void> training = CompletableFuture.runAsync(() -> run.train(0, STEPS));
    long last = 0;
    while (last < STEPS) {
      long version = Math.min(run.shard.step() + 1, STEPS);
      if (run.shard.keeping().snapshotAt(version)) { // Else it has gone on.
        last = run.taken.poll(30, TimeUnit.SECONDS);
        assertThat(last).isEqualTo(version);
        assertThat(run.fetch(version).arrays())
            .as("version %d", version)
            .isDeepEqualTo(expected.get((int) version));
      }
    }
    training.join();
  }
}
