package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.Training;
import io.lockstep.config.Configuration;
import io.lockstep.data.DataRequest;
import io.lockstep.data.Partitions;
import io.lockstep.kernels.Kernels;
import io.lockstep.model.RunSummary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The promise on the lecture's network and data: 450 steps of {@code conf/mnist.conf}, with
 * dropout, an epoch's end, a short last batch, a reshuffle and an evaluation inside, end in the
 * same weights whatever computes them.
 */
class EqualWeightsTest {

  private static final int STEPS = 450;

  private static Partitions data;
  private static String reference;

  @BeforeAll
  static void trainTheReference() {
    Mnist.require();
    Configuration configuration = Mnist.configuration(STEPS, 16);
    data = configuration.loadData(DataRequest.ofProcess().offline());
    assertThat(data.train().size() % configuration.train().batch()).isPositive();
    assertThat(data.train().size() / configuration.train().batch()).isLessThan(STEPS);
    reference = train(16, 1, 1).weightsSha256();
  }

  @ParameterizedTest
  @CsvSource({"2, 1", "3, 1", "5, 1", "8, 1", "1, 3", "3, 3", "8, 3"})
  void anyNumberOfBusyWorkersAndOfServers(int workers, int servers) {
    RunSummary summary = train(16, workers, servers);

    assertThat(summary.weightsSha256()).isEqualTo(reference);
    assertThat(summary.microBatchesPerWorker()).hasSize(workers).allMatch(count -> count > 0);
    assertThat(summary.validation()).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"scalar", "vector128", "vector256", "vector512"})
  void anyKernels(String kernels, TestReporter reporter) {
    boolean supported = supported(kernels);
    reporter.publishEntry(kernels, supported ? "trained" : "refused: this CPU lacks it");
    if (supported) {
      assertThat(train(16, 2, 1, "kernels=" + kernels).weightsSha256()).isEqualTo(reference);
    }
  }

  /** A width that this CPU lacks is refused by name; that is what can be tested of it here. */
  static boolean supported(String kernels) {
    try {
      Kernels.select(Kernels.Choice.parse(kernels));
      return true;
    } catch (IllegalArgumentException refused) {
      assertThat(refused).hasMessageContaining(kernels + " needs");
      return false;
    }
  }

  @Test
  void bucketsOfAnySize() {
    assertThat(train(16, 3, 2, "cluster.bucketBytes=16384").weightsSha256()).isEqualTo(reference);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 6, 7})
  void microBatchesThatAreNoPowerOfTwo(int microBatches) {
    String one = train(microBatches, 1, 1).weightsSha256();

    assertThat(train(microBatches, 3, 2).weightsSha256()).isEqualTo(one);
    assertThat(train(microBatches, 8, 1).weightsSha256()).isEqualTo(one);
    assertThat(one).isNotEqualTo(reference);
  }

  @Test
  void anotherSeedGivesOtherWeights() {
    assertThat(train(16, 2, 1, "train.seed=2").weightsSha256()).isNotEqualTo(reference);
  }

  @Test
  void codeOfTheFirstCompilerAlone(@TempDir Path folder) throws Exception {
    Configuration twenty = Mnist.configuration(20, 16, "cluster.workers=2");
    Path file = Files.writeString(folder.resolve("twenty.conf"), twenty.toHocon());
    String expected = Training.create(twenty, data).run().summary().weightsSha256();

    List<String> flags = List.of("--add-modules=jdk.incubator.vector", "-XX:TieredStopAtLevel=1");
    LockstepProcess.Ended ended =
        LockstepProcess.start(folder, flags, "train", file.toString(), "--quiet", "--out", "run")
            .await();

    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(Files.readString(folder.resolve("run/run.json"))).contains(expected);
  }

  private static RunSummary train(int microBatches, int workers, int servers, String... more) {
    String[] overrides = new String[more.length + 2];
    overrides[0] = "cluster.workers=" + workers;
    overrides[1] = "cluster.servers=" + servers;
    System.arraycopy(more, 0, overrides, 2, more.length);
    return Training.create(Mnist.configuration(STEPS, microBatches, overrides), data)
        .run()
        .summary();
  }
}
