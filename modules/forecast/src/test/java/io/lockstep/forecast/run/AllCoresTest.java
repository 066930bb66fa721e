package io.lockstep.forecast.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.forecast.ClusterSpec;
import io.lockstep.forecast.Failures;
import io.lockstep.forecast.Forecaster;
import io.lockstep.forecast.Hardware;
import io.lockstep.forecast.Link;
import io.lockstep.forecast.PassCosts;
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

  private static final PassCosts NOTHING = new PassCosts(List.of(), 0, List.of(1.0));
  private static final Work WORK =
      new Work(new Size(8, 8), false, 1 << 10, 1, 0, new Evaluations(0, 0, NOTHING));

  private static List<Prediction> predictions(int spareCores) {
    Scenario scenario =
        new Scenario(
            OneLayer.free()::simulator, 5, WORK, Failures.NONE, 65, SpareCores.of(spareCores));
    Forecaster forecaster = new Forecaster(scenario);
    Stragglers drawn = new Stragglers.LogNormal(0.2);
    ClusterSpec like =
        new ClusterSpec(1, 1, 2, true, new Hardware(2, false, new Link(2e9, 50_000), drawn));
    return forecaster.together(
        Stream.of(4, 2, 1).map(like::withNodes).toList(), forecaster::predict);
  }

  @Test
  void aForecastIsTheSameByAnyNumberOfThreads() {
    assertThat(predictions(3)).isEqualTo(predictions(0));
  }
}
