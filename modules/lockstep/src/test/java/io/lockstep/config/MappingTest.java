package io.lockstep.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.data.DataRequest;
import io.lockstep.data.DigitsSource;
import io.lockstep.data.Partitions;
import io.lockstep.data.Scaling;
import io.lockstep.nn.Network;
import io.lockstep.optim.Adadelta;
import io.lockstep.optim.Adagrad;
import io.lockstep.optim.Adam;
import io.lockstep.optim.Clipped;
import io.lockstep.optim.Lasso;
import io.lockstep.optim.Lbfgs;
import io.lockstep.optim.LearningRateSchedule;
import io.lockstep.optim.Momentum;
import io.lockstep.optim.Nadam;
import io.lockstep.optim.NormClipped;
import io.lockstep.optim.Optimizer;
import io.lockstep.optim.RmsProp;
import io.lockstep.optim.Sgd;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What settings become. */
class MappingTest {

  private static Configuration with(String... overrides) {
    return Configuration.parse(String.join("\n", overrides), "overrides");
  }

  private static Optimizer optimizer(String... overrides) {
    return with(overrides).optimizer().toOptimizer();
  }

  @Test
  void networkHasTheLayersAndTheWidthsOfTheData() {
    Network network =
        Configuration.bundled("mnist", List.of())
            .toNetwork(new DigitsSource(1, 10, 10).load().train());

    assertThat(network.inputWidth()).isEqualTo(784);
    assertThat(network.outputs()).isEqualTo(10);
    assertThat(network.layers()).hasSize(5);
    assertThat(network.parameters().canonicalLength())
        .isEqualTo(784 * 256 + 256 + 256 * 128 + 128 + 128 * 10 + 10);
  }

  @Test
  void eachOptimizerHasItsParameters() {
    assertThat(optimizer("optimizer.name=sgd", "optimizer.weightDecay=0.1"))
        .isEqualTo(new Sgd(0.1));
    assertThat(optimizer("optimizer.name=momentum")).isEqualTo(new Momentum(0.9, false, 0));
    assertThat(optimizer("optimizer.name=nesterov", "optimizer.momentum=0.8"))
        .isEqualTo(new Momentum(0.8, true, 0));
    assertThat(optimizer("optimizer.name=rmsprop")).isEqualTo(new RmsProp(0.9, 1e-7, 0, 0));
    assertThat(optimizer("optimizer.name=rmsprop", "optimizer.momentum=0.5"))
        .isEqualTo(new RmsProp(0.9, 1e-7, 0.5, 0));
    assertThat(optimizer("optimizer.name=adam")).isEqualTo(new Adam(0.9, 0.999, 1e-7, 0, false));
    assertThat(optimizer("optimizer.name=nadam")).isEqualTo(new Nadam(0.9, 0.999, 1e-7, 0));
    assertThat(optimizer("optimizer.name=adagrad", "optimizer.epsilon=1e-10"))
        .isEqualTo(new Adagrad());
    assertThat(optimizer("optimizer.name=adadelta", "optimizer.rho=0.95"))
        .isEqualTo(new Adadelta());
    assertThat(optimizer("optimizer.name=sgd", "optimizer.clipValue=5", "optimizer.l1=0.1"))
        .isEqualTo(new Lasso(new Clipped(new Sgd(), 5), 0.1));
    assertThat(
            optimizer(
                "optimizer.name=sgd",
                "optimizer.clipValue=5",
                "optimizer.clipNorm=2",
                "optimizer.l1=0.1"))
        .isEqualTo(new Lasso(new NormClipped(new Clipped(new Sgd(), 5), 2), 0.1));
    assertThat(optimizer("optimizer.name=lbfgs", "optimizer.memory=5", "optimizer.weightDecay=1"))
        .isEqualTo(new Lbfgs(5, 1));
    assertThat(optimizer("optimizer.name=adamw", "optimizer.weightDecay=0.01"))
        .isEqualTo(new Adam(0.9, 0.999, 1e-7, 0.01, true));
  }

  @Test
  void eachScheduleHasItsParameters() {
    assertThat(with().toSchedule(100)).isEqualTo(new LearningRateSchedule.Constant(0.001));
    assertThat(with("schedule.name=step", "schedule.everySteps=7").toSchedule(100))
        .isEqualTo(new LearningRateSchedule.Step(0.001, 0.5, 7));
    assertThat(with("schedule.name=exponential", "schedule.factor=0.1").toSchedule(100))
        .isEqualTo(new LearningRateSchedule.Exponential(0.001, 0.1, 1000));
    assertThat(with("schedule.name=cosine", "schedule.totalSteps=50").toSchedule(100))
        .isEqualTo(new LearningRateSchedule.Cosine(0.001, 50, 0));
  }

  @Test
  void cosineEndsWithTheRunWarmUpIncluded() {
    LearningRateSchedule schedule =
        with("schedule.name=cosine", "schedule.warmupSteps=10", "schedule.finalRate=0.0001")
            .toSchedule(100);

    assertThat(schedule.rate(0)).isEqualTo(0.0001, within(1e-12));
    assertThat(schedule.rate(9)).isEqualTo(0.001, within(1e-12));
    assertThat(schedule.rate(99)).isGreaterThan(0.0001);
    assertThat(schedule.rate(100)).isEqualTo(0.0001);
  }

  @Test
  void dataAreLoadedSplitAndScaled() {
    Partitions data =
        with(
                "data.digits.train=50",
                "data.digits.test=20",
                "data.validation=0.2",
                "data.scaling=none")
            .loadData(DataRequest.ofProcess().offline());

    assertThat(data.train().size()).isEqualTo(40);
    assertThat(data.validation().size()).isEqualTo(10);
    assertThat(data.test().size()).isEqualTo(20);
    assertThat(data.scaling().scale()).isEqualTo(Scaling.none(784).scale());
  }

  @Test
  void anotherSeedDrawsOtherDigits() {
    String[] few = {"data.digits.train=5", "data.digits.test=5"};
    DataRequest request = DataRequest.ofProcess().offline();
    String first = with(few).loadData(request).sha256();

    assertThat(with(few).loadData(request).sha256()).isEqualTo(first);
    assertThat(with(few[0], few[1], "data.digits.seed=2").loadData(request).sha256())
        .isNotEqualTo(first);
  }
}
