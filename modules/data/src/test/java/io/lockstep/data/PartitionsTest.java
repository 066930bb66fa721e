package io.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PartitionsTest {

  private static final Dataset TRAIN = numbers("train", 10);
  private static final Dataset TEST = numbers("test", 4);

  private static Dataset numbers(String name, int rows) {
    float[] features = new float[rows];
    for (int row = 0; row < rows; row++) {
      features[row] = row * row;
    }
    return Dataset.ofFloats(name, rows, 1, features, new int[rows], 2);
  }

  private static Partitions split(double share, SplitMethod method, long seed) {
    return Partitions.of(TRAIN, TEST, new Split(share, method, seed), Scaling.Kind.STANDARDIZE);
  }

  private static int[] rows(Partition partition) {
    return IntStream.range(0, partition.size()).map(partition::row).toArray();
  }

  @Test
  void putsTheLastRowsAside() {
    Partitions partitions = split(0.2, SplitMethod.LAST, 0);
    assertThat(rows(partitions.train())).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    assertThat(rows(partitions.validation())).containsExactly(8, 9);
    assertThat(rows(partitions.test())).containsExactly(0, 1, 2, 3);
    assertThat(partitions.test().data()).isSameAs(TEST);
  }

  @Test
  void putsRandomRowsAsideBySeed() {
    Partitions partitions = split(0.3, SplitMethod.RANDOM, 5);
    int[] train = rows(partitions.train());
    int[] validation = rows(partitions.validation());
    assertThat(validation).hasSize(3);
    assertThat(IntStream.concat(IntStream.of(train), IntStream.of(validation)).sorted())
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(rows(split(0.3, SplitMethod.RANDOM, 5).validation())).isEqualTo(validation);
    long different =
        IntStream.range(0, 20)
            .mapToObj(seed -> rows(split(0.3, SplitMethod.RANDOM, seed).validation()))
            .filter(other -> !Arrays.equals(other, validation))
            .count();
    assertThat(different).isGreaterThan(15);
  }

  @Test
  void putsRowsAsideAtEqualDistances() {
    assertThat(rows(split(0.2, SplitMethod.EVENLY, 0).validation())).containsExactly(4, 9);
    assertThat(rows(split(0.3, SplitMethod.EVENLY, 0).validation())).containsExactly(3, 6, 9);
    assertThat(rows(split(0.9, SplitMethod.EVENLY, 0).train())).containsExactly(0);
    Dataset many = numbers("many", 20_000);
    Split tenth = new Split(0.1, SplitMethod.EVENLY, 0);
    int[] held = rows(Partitions.of(many, null, tenth, Scaling.Kind.NONE).validation());
    assertThat(held).isEqualTo(IntStream.range(0, 2000).map(i -> 10 * i + 9).toArray());
  }

  @Test
  void keepsGroupsTogether() {
    int[] groups = {0, 0, 0, 1, 2, 0, 3, 3, 4, 1};
    for (SplitMethod method : SplitMethod.values()) {
      Partitions partitions =
          Partitions.of(TRAIN, TEST, new Split(0.4, method, 3), Scaling.Kind.NONE, groups);
      int[] held = rows(partitions.validation());
      assertThat(IntStream.of(held).map(row -> groups[row]).distinct().count()).isEqualTo(2);
      assertThat(IntStream.of(rows(partitions.train())).map(row -> groups[row]).distinct().count())
          .isEqualTo(3);
    }
    Split evenly = new Split(0.4, SplitMethod.EVENLY, 0);
    assertThat(rows(Partitions.of(TRAIN, TEST, evenly, Scaling.Kind.NONE, groups).validation()))
        .containsExactly(4, 8);
    Split last = new Split(0.4, SplitMethod.LAST, 0);
    assertThat(rows(Partitions.of(TRAIN, TEST, last, Scaling.Kind.NONE, groups).validation()))
        .containsExactly(6, 7, 8);
  }

  @Test
  void allowsNoValidation() {
    for (SplitMethod method : SplitMethod.values()) {
      Partitions partitions = split(0, method, 1);
      assertThat(partitions.validation().isEmpty()).isTrue();
      assertThat(partitions.train().size()).isEqualTo(10);
    }
  }

  @Test
  void scalesByTheTrainingRowsAlone() {
    Scaling scaling = split(0.8, SplitMethod.LAST, 0).scaling();
    assertThat(scaling.scale()).containsExactly(2); // rows 0 and 1 hold 0 and 1
    assertThat(scaling.shift()).containsExactly(-1);
  }

  @Test
  void namesTheDataByOneSum() {
    var digest = Digests.sha256();
    digest.update(
        (TRAIN.sha256() + " " + TEST.sha256() + "\n").getBytes(StandardCharsets.US_ASCII));
    String expected = Digests.hex(digest);
    assertThat(split(0.2, SplitMethod.LAST, 0).sha256()).isEqualTo(expected);
    assertThat(split(0.5, SplitMethod.RANDOM, 9).sha256()).isEqualTo(expected);
  }

  @Test
  void allowsNoTestData() {
    Partitions partitions = Partitions.of(TRAIN, null, Split.NONE, Scaling.Kind.NONE);
    assertThat(partitions.test().isEmpty()).isTrue();
    assertThat(partitions.train().size()).isEqualTo(10);
    assertThat(partitions.sha256())
        .hasSize(64)
        .isNotEqualTo(split(0, SplitMethod.LAST, 0).sha256());
  }

  @Test
  void refusesSharesThatLeaveNothing() {
    assertThatThrownBy(() -> split(0.99, SplitMethod.LAST, 0))
        .isInstanceOf(DataException.class)
        .hasMessage("data.validation: a share of 0.99 of 10 rows leaves none to learn from");
    for (double share : new double[] {-0.1, 1, Double.NaN}) {
      assertThatThrownBy(() -> new Split(share, SplitMethod.LAST, 0))
          .hasMessage(
              "data.validation: expected a share from 0 to less than 1, but found " + share);
    }
  }

  @Test
  void refusesSetsThatDoNotFit() {
    Dataset wide = Dataset.ofFloats("wide", 1, 2, new float[2], new int[1], 2);
    assertThatThrownBy(() -> Partitions.of(TRAIN, wide, Split.NONE, Scaling.Kind.NONE))
        .hasMessage(
            "train has rows of width 1 and 2 outputs, but wide has rows of width 2 and 2 outputs");
  }

  @Test
  void mapsPositionsToRowsInPlace() {
    Partition partition = Partition.of(TRAIN, new int[] {7, 3, 5});
    int[] positions = {2, 2, 0, 1};
    partition.toRows(positions, 1, 3);
    assertThat(positions).containsExactly(2, 5, 7, 3);
    assertThat(Partition.range(TRAIN, 4, 6).row(1)).isEqualTo(5);
    assertThatThrownBy(() -> partition.row(3)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> Partition.of(TRAIN, new int[] {10}))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(partition).hasToString("3 rows of train");
  }
}
