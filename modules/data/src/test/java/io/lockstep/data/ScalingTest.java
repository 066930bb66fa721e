package io.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScalingTest {

  private static Dataset floats(int width, float... features) {
    int rows = features.length / width;
    return Dataset.ofFloats("d", rows, width, features, new int[rows], 1);
  }

  @Test
  void leavesFeaturesAsTheyAre() {
    assertThat(Scaling.none(2).scale()).containsExactly(1, 1);
    assertThat(Scaling.none(2).shift()).containsExactly(0, 0);
  }

  @Test
  void mapsBytesToTheUnitInterval() {
    Scaling unit = Scaling.unit(1);
    assertThat(Math.fma(255f, unit.scale()[0], unit.shift()[0])).isEqualTo(1f);
    assertThat(Math.fma(0f, unit.scale()[0], unit.shift()[0])).isEqualTo(0f);
  }

  @Test
  void standardizesEachColumn() {
    Dataset data = floats(2, 1, 10, 2, 30, 3, 20, 6, 60);
    Scaling scaling = Scaling.standardize(Partition.all(data));
    for (int c = 0; c < 2; c++) {
      double sum = 0;
      double squares = 0;
      for (int row = 0; row < 4; row++) {
        double x = data.feature(row, c) * scaling.scale()[c] + scaling.shift()[c];
        sum += x;
        squares += x * x;
      }
      assertThat(sum / 4).isCloseTo(0, within(1e-6));
      assertThat(squares / 4).isCloseTo(1, within(1e-6));
    }
  }

  @Test
  void standardizesFromTheGivenRowsAlone() {
    Dataset data = floats(1, 1, 3, 1000, -5000);
    Scaling scaling = Scaling.standardize(Partition.range(data, 0, 2));
    assertThat(scaling.scale()).containsExactly(1);
    assertThat(scaling.shift()).containsExactly(-2);
    assertThat(Scaling.standardize(Partition.of(data, new int[] {1, 0})).shift())
        .containsExactly(-2);
  }

  @Test
  void turnsAConstantColumnIntoZeros() {
    Dataset data = floats(2, 0.1f, 1, 0.1f, 3, 0.1f, 2);
    Scaling scaling = Scaling.standardize(Partition.all(data));
    assertThat(scaling.scale()[0]).isZero();
    assertThat(scaling.shift()[0]).isZero();
    assertThat(scaling.scale()[1]).isPositive();
  }

  @Test
  void staysFiniteForExtremeColumns() {
    Dataset data = floats(3, 1e38f, 1e-45f, 1, -1e38f, 0, Math.nextUp(1f));
    Scaling scaling = Scaling.standardize(Partition.all(data));
    for (int c = 0; c < 3; c++) {
      assertThat(scaling.scale()[c]).isFinite();
      assertThat(scaling.shift()[c]).isFinite();
    }
  }

  @Test
  void refusesToDivideFloatsBy255() {
    Partition train = Partition.all(floats(1, 1, 2));
    assertThatThrownBy(() -> Scaling.of(Scaling.Kind.UNIT, train))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "data.scaling: 'unit' divides bytes by 255, but the features of d are floats;"
                + " use 'standardize' or 'none'");
    assertThat(Scaling.of(Scaling.Kind.NONE, train).scale()).containsExactly(1);
  }

  @Test
  void keepsGivenNumbers() {
    Scaling scaling = Scaling.of(new float[] {2}, new float[] {3});
    assertThat(scaling.width()).isEqualTo(1);
    assertThat(scaling.scale()).containsExactly(2);
    assertThat(scaling.shift()).containsExactly(3);
    assertThatThrownBy(() -> Scaling.of(new float[2], new float[3]))
        .hasMessage("scale has 2 columns, shift 3");
  }
}
