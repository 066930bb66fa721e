package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.kernels.Kernels;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DivergenceTest {

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 1", "3, 2"})
  void aLossThatIsNotFiniteEndsTheRunAtThatStepWithTheLastGoodWeights(int workers, int shards) {
    Job job = SmallJob.of(6, 7, 1e37, 2);
    List<Kernels> kernels = List.of(Kernels.select(Kernels.Choice.AUTO));

    ThreadedRun run = new ThreadedRun(job, workers, shards, 1, kernels).train();

    assertThat(run.divergedStep).isPositive();
    assertThat(run.divergedLayer).isBetween(0, job.network().layers().size() - 1);
    assertThat(run.steps).hasSizeBetween((int) run.divergedStep, (int) run.divergedStep + 1);
    assertThat(run.version()).isEqualTo(run.divergedStep);
    for (float weight : run.weights()) {
      assertThat(weight).isFinite();
    }
  }
}
