package io.lockstep.kernels;

import static io.lockstep.kernels.Panels.WIDTH;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Arithmetic on vectors of 512 bits. What is left over of a length that fills no whole vectors is
 * given to the scalar twin. Each operation has a loop of its own, as in {@link Vector512Maps}.
 */
final class Vector512Arithmetic implements Arithmetic {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_512;
  private static final int LANES = SPECIES.length();
  private static final VectorShuffle<Float> BY_8 = rotation(8);
  private static final VectorShuffle<Float> BY_4 = rotation(4);
  private static final VectorShuffle<Float> BY_2 = rotation(2);
  private static final VectorShuffle<Float> BY_1 = rotation(1);

  private final ScalarArithmetic scalar = new ScalarArithmetic();

  private static VectorShuffle<Float> rotation(int distance) {
    return VectorShuffle.fromOp(SPECIES, lane -> (lane + distance) % LANES);
  }

  @Override
  public void combine(
      Operator operator, float[] x, int xAt, float[] y, int yAt, float[] z, int zAt, int length) {
    int whole = SPECIES.loopBound(length);
    switch (operator) {
      case ADD -> add(x, xAt, y, yAt, z, zAt, whole);
      case SUBTRACT -> subtract(x, xAt, y, yAt, z, zAt, whole);
      case MULTIPLY -> multiply(x, xAt, y, yAt, z, zAt, whole);
      case DIVIDE -> divide(x, xAt, y, yAt, z, zAt, whole);
    }
    scalar.combine(operator, x, xAt + whole, y, yAt + whole, z, zAt + whole, length - whole);
  }

  private static void add(float[] x, int xAt, float[] y, int yAt, float[] z, int zAt, int length) {
    for (int i = 0; i < length; i += LANES) {
      FloatVector.fromArray(SPECIES, x, xAt + i)
          .add(FloatVector.fromArray(SPECIES, y, yAt + i))
          .intoArray(z, zAt + i);
    }
  }

  private static void subtract(
      float[] x, int xAt, float[] y, int yAt, float[] z, int zAt, int length) {
    for (int i = 0; i < length; i += LANES) {
      FloatVector.fromArray(SPECIES, x, xAt + i)
          .sub(FloatVector.fromArray(SPECIES, y, yAt + i))
          .intoArray(z, zAt + i);
    }
  }

  private static void multiply(
      float[] x, int xAt, float[] y, int yAt, float[] z, int zAt, int length) {
    for (int i = 0; i < length; i += LANES) {
      FloatVector.fromArray(SPECIES, x, xAt + i)
          .mul(FloatVector.fromArray(SPECIES, y, yAt + i))
          .intoArray(z, zAt + i);
    }
  }

  private static void divide(
      float[] x, int xAt, float[] y, int yAt, float[] z, int zAt, int length) {
    for (int i = 0; i < length; i += LANES) {
      FloatVector.fromArray(SPECIES, x, xAt + i)
          .div(FloatVector.fromArray(SPECIES, y, yAt + i))
          .intoArray(z, zAt + i);
    }
  }

  @Override
  public void affine(
      float factor, float shift, float[] x, int xAt, float[] y, int yAt, int length) {
    int whole = SPECIES.loopBound(length);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector.fromArray(SPECIES, x, xAt + i)
          .fma(FloatVector.broadcast(SPECIES, factor), FloatVector.broadcast(SPECIES, shift))
          .intoArray(y, yAt + i);
    }
    scalar.affine(factor, shift, x, xAt + whole, y, yAt + whole, length - whole);
  }

  @Override
  public void squareRoot(float[] x, int xAt, float[] y, int yAt, int length) {
    int whole = SPECIES.loopBound(length);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector.fromArray(SPECIES, x, xAt + i).sqrt().intoArray(y, yAt + i);
    }
    scalar.squareRoot(x, xAt + whole, y, yAt + whole, length - whole);
  }

  @Override
  public void reciprocal(float[] x, int xAt, float[] y, int yAt, int length) {
    int whole = SPECIES.loopBound(length);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector.broadcast(SPECIES, 1f)
          .div(FloatVector.fromArray(SPECIES, x, xAt + i))
          .intoArray(y, yAt + i);
    }
    scalar.reciprocal(x, xAt + whole, y, yAt + whole, length - whole);
  }

  @Override
  public void sumColumns(int rows, int columns, float[] x, int xAt, float[] y, int yAt) {
    for (int row = 0; row < rows; row++) {
      int to = yAt + row * WIDTH;
      y[to] = sum(rows, columns, x, xAt + row * WIDTH);
      Arrays.fill(y, to + 1, to + WIDTH, 0f);
    }
  }

  /** As in {@link Vector512Losses}. */
  private static float sum(int rows, int columns, float[] x, int at) {
    FloatVector from0 = FloatVector.zero(SPECIES);
    FloatVector from4 = FloatVector.zero(SPECIES);
    FloatVector from8 = FloatVector.zero(SPECIES);
    FloatVector from12 = FloatVector.zero(SPECIES);
    int panel = at;
    for (int column = 0; column < columns; column += WIDTH, panel += rows * WIDTH) {
      from0 = from0.add(FloatVector.fromArray(SPECIES, x, panel));
      if (LANES <= 8) {
        from8 = from8.add(FloatVector.fromArray(SPECIES, x, panel + 8));
      }
      if (LANES <= 4) {
        from4 = from4.add(FloatVector.fromArray(SPECIES, x, panel + 4));
        from12 = from12.add(FloatVector.fromArray(SPECIES, x, panel + 12));
      }
    }
    FloatVector sum = LANES > 8 ? from0.add(from0.rearrange(BY_8)) : from0.add(from8);
    sum = LANES > 4 ? sum.add(sum.rearrange(BY_4)) : sum.add(from4.add(from12));
    sum = sum.add(sum.rearrange(BY_2));
    return sum.add(sum.rearrange(BY_1)).lane(0);
  }
}
