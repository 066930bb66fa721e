package io.lockstep.it;

import io.lockstep.config.Configuration;
import io.lockstep.data.DataRequest;
import io.lockstep.data.DatasetCatalog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * The lecture's experiment on the real MNIST data, which {@code LOCKSTEP_DATA} or the user's cache
 * holds.
 */
final class Mnist {

  /** The repository's folder of experiments, seen from this module. */
  static final Path CONF = Path.of("..", "conf").toAbsolutePath().normalize();

  private Mnist() {}

  /** Skips the test, saying why, where the data are not on this machine: tests download nothing. */
  static void require() {
    DataRequest here = DataRequest.ofProcess().offline();
    try {
      DatasetCatalog.standard().source("mnist").load(here);
    } catch (io.lockstep.data.DataException absent) {
      Assumptions.abort("needs the MNIST data: " + absent.getMessage());
    }
  }

  /** {@code conf/mnist.conf} with a validation share that leaves a short last batch. */
  static Configuration configuration(long steps, int microBatches, String... more) {
    List<String> overrides = new ArrayList<>();
    overrides.add("data.validation=0.205");
    overrides.add("train.maxSteps=" + steps);
    overrides.add("train.microBatches=" + microBatches);
    overrides.addAll(List.of(more));
    return Configuration.load(CONF.resolve("mnist.conf"), overrides);
  }
}
