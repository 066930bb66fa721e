package io.lockstep.benchmarks.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.nn.ParameterLayout;
import io.lockstep.nn.ParameterLayout.Range;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ForecastNetworkTest {

  private static final LayerTimes NONE =
      new LayerTimes(Collections.nCopies(3, new LayerTimes.Layer(1, 1)));

  private record Place(int rows, int columns, int packedAt) {
    static List<Place> all(ParameterLayout layout) {
      return layout.ranges().stream().map(Place::of).toList();
    }

    private static Place of(Range range) {
      return new Place(range.rows(), range.columns(), range.packedAt());
    }
  }

  /** So the same buckets travel. */
  @ParameterizedTest
  @EnumSource
  void theNetworkThatWaitsHasTheParametersOfTheRealOne(ForecastNetwork network) {
    assertThat(Place.all(network.replayed(NONE).parameters()))
        .isEqualTo(Place.all(network.real().parameters()));
  }

  @ParameterizedTest
  @EnumSource
  void everyNumberOfNodesHasWholeSteps(ForecastNetwork network) {
    for (int nodes = 1; nodes <= 16; nodes *= 2) {
      int rows = nodes * network.rows();
      assertThat(network.job(network.real(), nodes).data().train().size() % rows).isZero();
      assertThat(network.microBatches(nodes).count()).isEqualTo(rows / 32);
    }
  }
}
