package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.Training;
import io.lockstep.config.Configuration;
import io.lockstep.data.DataRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the experiments in {@code conf/} reach; equal bits make these figures exact ones. */
class AccuracyTest {

  @Test
  void aHiddenLayerLearnsTheDigitsAndALinearModelStaysBehind() {
    double hidden = accuracy("digits.conf");
    double linear = accuracy("linear.conf");

    assertThat(hidden).isGreaterThanOrEqualTo(0.97);
    assertThat(linear).isBetween(0.8, hidden - 0.03);
  }

  @Test
  void fiveEpochsOfMnistReach97Percent() {
    Mnist.require();

    assertThat(accuracy("mnist-quick.conf")).isGreaterThanOrEqualTo(0.97);
  }

  @Test
  void theLecturesDemoReaches98Percent() {
    Mnist.require();

    assertThat(accuracy("mnist.conf")).isGreaterThanOrEqualTo(0.98);
  }

  private static double accuracy(String name) {
    Configuration configuration = Configuration.load(Mnist.CONF.resolve(name), List.of());
    return Training.create(configuration, DataRequest.ofProcess().offline())
        .run()
        .summary()
        .test()
        .accuracy();
  }
}
