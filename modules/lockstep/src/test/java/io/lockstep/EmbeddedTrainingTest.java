package io.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.config.Configuration;
import io.lockstep.config.ConfigurationBuilder;
import io.lockstep.config.ConfigurationException;
import io.lockstep.config.OptimizerSettings;
import io.lockstep.data.DataRequest;
import io.lockstep.data.Partitions;
import io.lockstep.kernels.Activation;
import io.lockstep.model.RunSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A CSV file with a column of codes, each with a mean of its own. */
@Timeout(60)
class EmbeddedTrainingTest {

  @TempDir Path temp;

  @BeforeEach
  void writeTables() throws IOException {
    Files.writeString(temp.resolve("train.csv"), csv(0, 800));
    Files.writeString(temp.resolve("test.csv"), csv(800, 900));
  }

  private static String csv(int from, int to) {
    StringBuilder text = new StringBuilder("y,x,station\n");
    for (int i = from; i < to; i++) {
      int station = i * 17 % 40;
      double x = i * 7 % 11 / 10.0;
      double y = (station * 29 % 13) / 4.0 + x;
      text.append(String.format(Locale.ROOT, "%.4f,%.2f,%d%n", y, x, station));
    }
    return text.toString();
  }

  private ConfigurationBuilder embedded() {
    return Configuration.builder()
        .data("table")
        .dataDir(temp)
        .set("data.table.file", "train.csv")
        .set("data.table.test", "test.csv")
        .set("data.table.formula", "y ~ x + station")
        .set("data.scaling", "none")
        .embedding(1, 40, 3, false)
        .dense(16, Activation.TANH)
        .set("network.output.family", "squared-error")
        .optimizer(OptimizerSettings.Name.ADAM, 0.01)
        .batch(64)
        .microBatches(16)
        .epochs(40);
  }

  private static Partitions data(ConfigurationBuilder configuration) {
    return configuration.build().loadData(DataRequest.ofProcess().offline());
  }

  private static Training training(ConfigurationBuilder configuration) {
    return Training.create(configuration.build(), data(configuration));
  }

  @Test
  void embeddingsGiveTheSameWeightsWithAnyNumberOfWorkers() throws IOException {
    Path folder = temp.resolve("run");
    RunSummary one = training(embedded().workers(1)).run().summary();

    RunSummary three = training(embedded().workers(3).servers(3)).run(folder).summary();

    assertThat(three.weightsSha256()).isEqualTo(one.weightsSha256());
    assertThat(one.test().loss()).isLessThan(0.1); // The variance of y is about 1.
    Model model = Model.load(folder);
    assertThat(model.evaluate(data(embedded()).test())).isEqualTo(one.test());
    Files.writeString(temp.resolve("new.csv"), "station,x\n1,0.5\n4,0.5\n");
    float[] means = model.predict(model.read(temp.resolve("new.csv")).dataset());
    assertThat(means[0]).isBetween(0.5f, 1.5f); // 3 / 4 + 0.5, rounded off by training
    assertThat(means[1]).isBetween(2.8f, 3.7f); // 12 / 4 + 0.5
  }

  @Test
  void refusesScaledCodes() {
    assertThatThrownBy(() -> training(embedded().set("data.scaling", "standardize")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("data.scaling: expected none, since an embedding in network.layers");
  }
}
