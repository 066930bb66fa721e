package io.lockstep.forecast.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.forecast.ClusterSpec;
import io.lockstep.forecast.Failures;
import io.lockstep.forecast.Failures.Checkpoints;
import io.lockstep.forecast.Forecaster;
import io.lockstep.forecast.Link;
import io.lockstep.forecast.PassCosts;
import io.lockstep.forecast.PassScript;
import io.lockstep.forecast.Prediction;
import io.lockstep.forecast.Scenario;
import io.lockstep.forecast.Simulator.Size;
import io.lockstep.forecast.SpareCores;
import io.lockstep.forecast.Stragglers;
import io.lockstep.forecast.Work;
import io.lockstep.forecast.Work.Evaluations;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A forecast does not depend on how many threads work at it, nor on which is done first. */
@Timeout(120)
class AllCoresTest {

  private static final Evaluations NOTHING =
      new Evaluations(
          0, 0, new PassCosts(List.of(new PassScript(1, List.of())), 0, List.of(1.0)));
  private static final Work WORK = new Work(new Size(16, 16), false, 1 << 10, 1, 0, NOTHING);

  private static List<Prediction> predictions(int spareCores) {
    OneLayer model = OneLayer.free();
    Failures failures =
        new Failures(1e-3, 60e9, new Checkpoints(100, 0), model.simulator(5).remembered());
    Forecaster forecaster =
        new Forecaster(
            new Scenario(model::simulator, 5, WORK, failures, 65, SpareCores.of(spareCores)));
    ClusterSpec like =
        new ClusterSpec(
            1, 1, 2, 1, true, false, new Link(2e9, 50_000), new Stragglers.LogNormal(0.2));
    return forecaster.together(
        Stream.of(8, 4, 2, 1).map(like::withNodes).toList(),
        cluster -> forecaster.predict(forecaster.withEnoughServers(cluster)));
  }

  @Test
  void aForecastIsTheSameByAnyNumberOfThreads() {
    List<Prediction> alone = predictions(0);

    assertThat(predictions(1)).isEqualTo(alone);
    assertThat(predictions(4)).isEqualTo(alone);
  }
}
