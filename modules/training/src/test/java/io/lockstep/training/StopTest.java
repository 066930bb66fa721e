package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Sums;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StopTest {

  private static final int STOP_AFTER = 9;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void aStoppedRunKeepsTheLastCommittedVersion(int workers) {
    List<Kernels> kernels = List.of(Kernels.select(Kernels.Choice.AUTO));
    ThreadedRun run =
        new ThreadedRun(SmallJob.of(6, 7, 0.01, 1_000_000), workers, 2, 1, kernels) {
          @Override
          public void stepDone(long step, int layer, Sums sums) {
            super.stepDone(step, layer, sums);
            if (step + 1 == STOP_AFTER) {
              exchange.stop();
            }
          }
        };

    run.train();

    // The step is committed when it is told; another may still complete before every replica has
    // left.
    int steps = (int) run.version();
    assertThat(steps).isBetween(STOP_AFTER, STOP_AFTER + 1);
    ThreadedRun whole = new ThreadedRun(SmallJob.of(6, 7, 0.01, 2), 1, 1, 1 << 20, kernels).train();
    assertThat(run.losses).isEqualTo(whole.losses.subList(0, steps));
    assertThat(run.evaluations.get(Evaluation.TEST)).hasSize(1);
  }
}
