package io.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Panels;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DatasetTest {

  private static final Kernels KERNELS = Kernels.select(Kernels.Choice.SCALAR);

  private static final Dataset BYTES =
      Dataset.ofBytes(
          "pixels", 3, 2, new byte[] {0, 1, (byte) 200, 3, 4, (byte) 255}, new int[] {2, 0, 1}, 3);
  private static final Dataset NUMBERS =
      Dataset.ofFloats(
          "numbers", 2, 3, new float[] {1, 2, 3, 4, 5, 6}, new float[] {10, 20, 30, 40}, 2);

  @Test
  void tellsItsShape() {
    assertThat(BYTES.rows()).isEqualTo(3);
    assertThat(BYTES.width()).isEqualTo(2);
    assertThat(BYTES.classes()).isEqualTo(3);
    assertThat(BYTES.outputs()).isEqualTo(3);
    assertThat(BYTES.classNames()).containsExactly("0", "1", "2");
    assertThat(BYTES.image()).isNull();
    assertThat(BYTES.hasByteFeatures()).isTrue();
    assertThat(BYTES.feature(1, 0)).isEqualTo(200);
    assertThat(BYTES.label(0)).isEqualTo(2);
    assertThat(BYTES).hasToString("pixels (3 rows of 2)");
    assertThat(NUMBERS.classes()).isZero();
    assertThat(NUMBERS.outputs()).isEqualTo(2);
    assertThat(NUMBERS.classNames()).isEmpty();
    assertThat(NUMBERS.target(1, 0)).isEqualTo(30);
    assertThat(NUMBERS.hasByteFeatures()).isFalse();
  }

  @Test
  void gathersScaledRowsIntoPanels() {
    float[] x = new float[1 + Panels.size(2, 2)];
    Arrays.fill(x, -1);
    Scaling scaling = Scaling.of(new float[] {2, 1}, new float[] {0, 10});
    BYTES.gather(KERNELS, scaling, new int[] {9, 2, 1}, 1, 2, x, 1);
    assertThat(x[0]).isEqualTo(-1);
    assertThat(Arrays.copyOfRange(x, 1, 4)).containsExactly(8, 265, 0);
    assertThat(Arrays.copyOfRange(x, 17, 20)).containsExactly(400, 13, 0);
  }

  @Test
  void gathersFloats() {
    float[] x = new float[Panels.size(1, 3)];
    NUMBERS.gather(KERNELS, Scaling.none(3), new int[] {1}, 0, 1, x, 0);
    assertThat(Arrays.copyOf(x, 4)).containsExactly(4, 5, 6, 0);
  }

  @Test
  void gathersLabels() {
    int[] labels = {-1, -1, -1, -1};
    BYTES.gatherLabels(new int[] {0, 2, 1, 0}, 1, 2, labels, 1);
    assertThat(labels).containsExactly(-1, 1, 0, -1);
  }

  @Test
  void gathersTargetsIntoPanels() {
    float[] targets = new float[1 + Panels.size(2, 2)];
    Arrays.fill(targets, -1);
    NUMBERS.gatherTargets(new int[] {1, 0}, 0, 2, targets, 1);
    assertThat(targets[0]).isEqualTo(-1);
    assertThat(Arrays.copyOfRange(targets, 1, 4)).containsExactly(30, 40, 0);
    assertThat(Arrays.copyOfRange(targets, 17, 20)).containsExactly(10, 20, 0);
  }

  @Test
  void holdsRowsToPredict() {
    Dataset rows = Dataset.unlabelled("new", 1, 2, new float[] {1, 2});
    assertThat(rows.outputs()).isZero();
    assertThat(rows.classes()).isZero();
    assertThatThrownBy(() -> rows.label(0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("new has no labels");
    assertThatThrownBy(() -> rows.target(0, 0)).hasMessage("new has no targets");
    assertThatThrownBy(() -> Dataset.unlabelled("new", 1, 3, new byte[2]))
        .hasMessage("new: expected 3 features (1 rows with 3 each), but found 2");
  }

  @Test
  void takesImageAndClassNames() {
    Dataset named = BYTES.withImage(new ImageShape(2, 1)).withClassNames(List.of("a", "b", "c"));
    assertThat(named.image()).isEqualTo(new ImageShape(2, 1));
    assertThat(named.classNames()).containsExactly("a", "b", "c");
    assertThatThrownBy(() -> BYTES.withImage(new ImageShape(2, 2)))
        .isInstanceOf(DataException.class)
        .hasMessage("pixels: an image of 2x2 needs rows of width 4, but they have 2");
    assertThatThrownBy(() -> BYTES.withClassNames(List.of("a")))
        .hasMessage("pixels: expected a name for each of 3 classes, but 1 were given");
  }

  @Test
  void namesRowAndColumnOfWhatIsNotFinite() {
    assertThatThrownBy(
            () -> Dataset.ofFloats("d", 2, 2, new float[] {1, 2, 3, Float.NaN}, new int[2], 1))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "d: the feature at row 1, column 1 (counted from 0) is NaN, expected a finite number");
    float[] targets = {1, 2, Float.NEGATIVE_INFINITY};
    assertThatThrownBy(() -> Dataset.ofFloats("d", 3, 1, new float[3], targets, 1))
        .hasMessage(
            "d: the target at row 2, column 0 (counted from 0) is -Infinity, expected a finite number");
  }

  @Test
  void namesRowOfALabelOutOfRange() {
    assertThatThrownBy(() -> Dataset.ofBytes("d", 3, 1, new byte[3], new int[] {0, 9, 10}, 10))
        .isInstanceOf(DataException.class)
        .hasMessage("d: the label of row 2 (counted from 0) is 10, expected 0 to 9");
    assertThatThrownBy(() -> Dataset.ofFloats("d", 1, 1, new float[1], new int[] {-1}, 10))
        .hasMessage("d: the label of row 0 (counted from 0) is -1, expected 0 to 9");
  }

  @Test
  void refusesLengthsThatDoNotMatch() {
    assertThatThrownBy(() -> Dataset.ofBytes("d", 3, 2, new byte[5], new int[3], 2))
        .hasMessage("d: expected 6 features (3 rows with 2 each), but found 5");
    assertThatThrownBy(() -> Dataset.ofBytes("d", 3, 2, new byte[6], new int[2], 2))
        .hasMessage("d: expected 3 labels (3 rows with 1 each), but found 2");
    assertThatThrownBy(() -> Dataset.ofFloats("d", 1, 1, new float[1], new float[1], 2))
        .hasMessage("d: expected 2 targets (1 rows with 2 each), but found 1");
    assertThatThrownBy(() -> Dataset.ofBytes("d", 0, 2, new byte[0], new int[0], 2))
        .hasMessage("d: expected at least one row and one column, but found 0 rows of width 2");
  }

  /**
   * By Python: hashlib.sha256(struct.pack('>iii', 3, 2, 3) + bytes([0, 1, 200, 3, 4, 255]) +
   * struct.pack('<iii', 2, 0, 1))
   */
  @Test
  void hashesItsContent() {
    assertThat(BYTES.sha256())
        .isEqualTo("a0a46ec15abae90ad47b796d65df66e6ba09616a3500fec8df509daad3de1e7d");
    assertThat(NUMBERS.sha256())
        .isEqualTo("90b29a1404ab1ee46f62390fc47e20141d77681657f4cde28e7436a3c329927a");
    assertThat(BYTES.withImage(new ImageShape(1, 2)).sha256()).isEqualTo(BYTES.sha256());
  }

  @Test
  void hashesMoreFloatsThanItsBufferHolds() {
    float[] features = new float[40_000];
    Dataset before = Dataset.ofFloats("d", 40_000, 1, features, new int[40_000], 1);
    String sum = before.sha256();
    float[] changed = features.clone();
    changed[39_999] = 1;
    assertThat(Dataset.ofFloats("d", 40_000, 1, changed, new int[40_000], 1).sha256())
        .isNotEqualTo(sum);
    assertThat(before.sha256()).isEqualTo(sum);
  }

  @Test
  void offsetsAndWeightsGoWithTheirRows() {
    Dataset rows =
        BYTES.withOffsets(new float[] {-1, 0, 2.5f}).withWeights(new float[] {1, 2, 0.5f});
    float[] gathered = new float[2];

    rows.gatherOffsets(new int[] {9, 2, 0}, 1, 2, gathered);
    assertThat(gathered).containsExactly(2.5f, -1);
    rows.gatherWeights(new int[] {9, 2, 0}, 1, 2, gathered);
    assertThat(gathered).containsExactly(0.5f, 1);
    assertThat(rows.label(0)).isEqualTo(2);
    assertThat(BYTES.hasOffsets() || BYTES.hasWeights()).isFalse();
  }

  @Test
  void offsetsAndWeightsAreContent() {
    float[] numbers = {1, 2, 3};

    assertThat(BYTES.withOffsets(numbers).sha256())
        .isNotEqualTo(BYTES.sha256())
        .isNotEqualTo(BYTES.withWeights(numbers).sha256());
  }

  @Test
  void refusesOffsetsAndWeightsThatDoNotFit() {
    assertThatThrownBy(() -> BYTES.withOffsets(new float[2]))
        .hasMessage("pixels: expected 3 offsets (3 rows with 1 each), but found 2");
    assertThatThrownBy(() -> BYTES.withOffsets(new float[] {0, 0, Float.NaN}))
        .hasMessageContaining("the offset at row 2, column 0 (counted from 0) is NaN");
    assertThatThrownBy(() -> BYTES.withWeights(new float[] {1, 0, 1}))
        .hasMessage(
            "pixels: the weight of row 1 (counted from 0) is 0.0, expected a number above 0");
  }

  @Test
  void refusesATestSetWithoutTheOffsetsOfTheTrainingSet() {
    assertThatThrownBy(
            () ->
                Partitions.of(
                    BYTES.withOffsets(new float[3]),
                    BYTES,
                    new Split(0, SplitMethod.LAST, 0),
                    Scaling.Kind.NONE))
        .hasMessage("expected offsets in both pixels and pixels, or in none, but one has them");
    Dataset weighted = BYTES.withWeights(new float[] {1, 2, 1});
    assertThatThrownBy(
            () ->
                Partitions.of(
                    weighted, BYTES, new Split(0, SplitMethod.LAST, 1), Scaling.Kind.NONE))
        .hasMessage("expected weights in both pixels and pixels, or in none, but one has them");
  }
}
