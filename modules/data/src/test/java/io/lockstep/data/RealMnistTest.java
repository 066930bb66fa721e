package io.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * MNIST itself, where {@code LOCKSTEP_DATA} has it. Without it these tests are skipped, visibly and
 * with a reason.
 */
class RealMnistTest {

  private final MnistSource source = MnistSource.published();
  private final DataRequest request = DataRequest.ofProcess().offline();

  /** Absent data are no fault of the code; data that are there but damaged are not skipped. */
  @BeforeEach
  void needsTheData() {
    Path folder = request.environment().dataFolder("mnist");
    if (folder == null || !Files.isDirectory(folder)) {
      Assumptions.abort(
          "needs MNIST: set LOCKSTEP_DATA to a folder that holds mnist/ with its four files");
    }
  }

  @Test
  void hasThePublishedSums() {
    assertThat(source.verify(request)).isEmpty();
  }

  @Test
  void isRead() {
    TrainTest mnist = source.load(request);
    assertThat(mnist.train().rows()).isEqualTo(source.trainRows());
    assertThat(mnist.test().rows()).isEqualTo(source.testRows());
    int[] firstLabels = new int[8];
    mnist.train().gatherLabels(new int[] {0, 1, 2, 3, 4, 5, 6, 7}, 0, 8, firstLabels, 0);
    assertThat(firstLabels).containsExactly(5, 0, 4, 1, 9, 2, 1, 3);
    Partitions partitions =
        Partitions.of(
            mnist.train(),
            mnist.test(),
            new Split(0.2, SplitMethod.LAST, 0),
            Scaling.Kind.STANDARDIZE);
    assertThat(partitions.train().size()).isEqualTo(48_000);
    assertThat(partitions.validation().row(0)).isEqualTo(48_000);
    assertThat(partitions.scaling().scale()[0]).as("a pixel of the corner, never inked").isZero();
  }
}
