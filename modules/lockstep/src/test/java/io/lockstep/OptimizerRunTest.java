package io.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.config.ConfigurationBuilder;
import io.lockstep.config.ConfigurationException;
import io.lockstep.config.OptimizerSettings.Name;
import io.lockstep.model.RunSummary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Optimizers whose shards keep or change more than the others' do. */
@Timeout(60)
class OptimizerRunTest {

  @ParameterizedTest
  @CsvSource({
    "SGD, 0.1, 0.01, 0",
    "ADAM, 0.01, 0, 1e-4",
    "ADAM, 0.01, 0.001, 1e-4",
    "ADAGRAD, 0.05, 0, 0",
    "ADADELTA, 1, 0, 0",
    "NADAM, 0.01, 0, 0"
  })
  void givesTheSameWeightsWithAnyNumberOfWorkersAndServers(
      Name name, double rate, double clipValue, double l1) {
    RunSummary one = run(configuration(name, rate, clipValue, l1).workers(1).servers(1));
    RunSummary three = run(configuration(name, rate, clipValue, l1).workers(3).servers(2));
    assertThat(three.weightsSha256()).isEqualTo(one.weightsSha256());
    assertThat(three.test()).isEqualTo(one.test());
    assertThat(one.train().loss()).isFinite();
  }

  /** The norm is summed over all servers, and in one tree however many these are. */
  @Test
  void clipsByTheNormOfTheWholeGradientWithAnyNumberOfWorkersAndServers() {
    RunSummary one = run(clipped(0.1).workers(1).servers(1));
    RunSummary three = run(clipped(0.1).workers(3).servers(3));
    assertThat(three.weightsSha256()).isEqualTo(one.weightsSha256());
    assertThat(three.test()).isEqualTo(one.test());
    assertThat(run(clipped(0).workers(1).servers(1)).weightsSha256())
        .isNotEqualTo(one.weightsSha256());
  }

  /** Its dot products are summed over all servers, in one tree however many these are. */
  @Test
  void descendsOnAllRowsByLbfgsWithAnyNumberOfWorkersAndServers() {
    RunSummary one = run(wholeBatch().workers(1).servers(1));
    RunSummary three = run(wholeBatch().workers(3).servers(3));
    assertThat(three.weightsSha256()).isEqualTo(one.weightsSha256());
    assertThat(three.test()).isEqualTo(one.test());
    assertThat(one.train().loss()).isLessThan(0.01);
  }

  private static ConfigurationBuilder wholeBatch() {
    return SmallData.configuration()
        .set("optimizer.name", "lbfgs")
        .batch(540)
        .epochs(40)
        .set("cluster.bucketBytes", 16384);
  }

  @ParameterizedTest
  @CsvSource({
    "train.batch, 64, 'train.batch: expected at least 540, all training rows, with optimizer.name = lbfgs but found 64'",
    "train.gradients, bfloat16, 'train.gradients: expected float32 with optimizer.name = lbfgs but found bfloat16'",
    "optimizer.l1, 0.1, 'optimizer.l1: expected 0 with optimizer.name = lbfgs but found 0.1'",
    "optimizer.clipNorm, 2, 'optimizer.clipNorm: expected 0 with optimizer.name = lbfgs but found 2'",
  })
  void lbfgsRefusesWhatItsLossCannotHave(String key, String value, String message) {
    assertThatThrownBy(() -> run(wholeBatch().set(key, value)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(message);
  }

  @Test
  void lbfgsRefusesDropout() {
    assertThatThrownBy(() -> run(wholeBatch().dropout(0.5)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("expected neither dropout nor batch-norm with optimizer.name = lbfgs")
        .hasMessageContaining("but found dropout1");
  }

  private static ConfigurationBuilder clipped(double norm) {
    return configuration(Name.SGD, 0.1, 0, 0)
        .set("optimizer.clipNorm", norm)
        .set("cluster.bucketBytes", 16384);
  }

  private static ConfigurationBuilder configuration(
      Name name, double rate, double clipValue, double l1) {
    return SmallData.configuration()
        .optimizer(name, rate)
        .set("optimizer.clipValue", clipValue)
        .set("optimizer.l1", l1);
  }

  private static RunSummary run(ConfigurationBuilder configuration) {
    return SmallData.training(configuration).run().summary();
  }
}
