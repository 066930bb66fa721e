package io.lockstep.forecast.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.forecast.ClusterSpec;
import io.lockstep.forecast.Failures;
import io.lockstep.forecast.Failures.Checkpoints;
import io.lockstep.forecast.Forecaster;
import io.lockstep.forecast.Hardware;
import io.lockstep.forecast.Link;
import io.lockstep.forecast.Losses;
import io.lockstep.forecast.PassCosts;
import io.lockstep.forecast.Prediction;
import io.lockstep.forecast.Scenario;
import io.lockstep.forecast.Simulator.Size;
import io.lockstep.forecast.SmallestCluster;
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

  private static Forecaster forecaster(int spareCores) {
    Losses losses = OneLayer.free().simulator(9).remembered();
    Failures failures = new Failures(0.01, 60e9, new Checkpoints(0, 0), losses);
    return new Forecaster(
        new Scenario(OneLayer.free()::simulator, 5, WORK, failures, 8, SpareCores.of(spareCores)));
  }

  private static ClusterSpec cluster(int nodes) {
    Stragglers drawn = new Stragglers.LogNormal(0.2);
    return new ClusterSpec(nodes, 1, 2, true, new Hardware(2, false, new Link(2e9, 50_000), drawn));
  }

  /** What failures cost is simulated, too. */
  private static List<Prediction> predictions(int spareCores) {
    Forecaster forecaster = forecaster(spareCores);
    return forecaster.together(
        Stream.of(4, 2, 1).map(AllCoresTest::cluster).toList(), forecaster::predict);
  }

  @Test
  void aForecastIsTheSameByAnyNumberOfThreads() {
    List<Prediction> serial = predictions(0);

    assertThat(predictions(3)).isEqualTo(serial);
    assertThat(serial).allMatch(prediction -> prediction.training().lostNanos() > 0);
  }

  @Test
  void searchesFindTheSameByAnyNumberOfThreads() {
    double most = 1.02 * predictions(0).get(1).training().nanos();

    SmallestCluster serial = forecaster(0).within(cluster(1), true, most);

    assertThat(forecaster(3).within(cluster(1), true, most)).isEqualTo(serial);
    assertThat(serial.prediction().cluster().servers()).isGreaterThan(2);
  }
}
