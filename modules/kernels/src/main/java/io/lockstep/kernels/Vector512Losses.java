package io.lockstep.kernels;

import static io.lockstep.kernels.Panels.WIDTH;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.MAX;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Losses on vectors of 512 bits. Lanes run along the columns of a row; sums over lanes are added
 * pairwise by rotations in the order of the scalar twin, since the JDK's reduceLanes has no fixed
 * order. A maximum has the same value in any order.
 *
 * <p>Lanes whose number in {@code IOTA} is at least the number of columns left are padding.
 *
 * <p>Neither loops nor the last steps of a sum are in methods that return or take vectors: such a
 * method may be compiled alone, and then those vectors are put on the heap. The loop over the
 * exponential, which is such a method, is one of {@link LoopsApart}.
 */
final class Vector512Losses implements Losses {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_512;
  private static final int LANES = SPECIES.length();
  private static final FloatVector IOTA =
      (FloatVector) IntVector.zero(IntVector.SPECIES_512).addIndex(1).castShape(SPECIES, 0);
  private static final VectorShuffle<Float> BY_8 = rotation(8);
  private static final VectorShuffle<Float> BY_4 = rotation(4);
  private static final VectorShuffle<Float> BY_2 = rotation(2);
  private static final VectorShuffle<Float> BY_1 = rotation(1);

  private final LoopsApart.Exponentials exponentials =
      LoopsApart.apart(Vector512Losses::exponentials);

  private static VectorShuffle<Float> rotation(int distance) {
    return VectorShuffle.fromOp(SPECIES, lane -> (lane + distance) % LANES);
  }

  @Override
  public void softmaxCrossEntropy(
      int rows,
      int classes,
      float[] eta,
      int etaAt,
      int[] labels,
      int labelsAt,
      float[] dEta,
      int dEtaAt,
      float[] loss,
      int[] predicted,
      int lossAt) {
    float[] terms = dEta == null ? eta : dEta;
    int termsAt = dEta == null ? etaAt : dEtaAt;
    for (int row = 0; row < rows; row++) {
      int at = etaAt + row * WIDTH;
      float max = max(rows, classes, eta, at);
      float labelEta = eta[etaAt + Panels.index(rows, row, labels[labelsAt + row])];
      predicted[lossAt + row] = first(rows, classes, eta, at, max);
      exponentials.apply(rows, classes, eta, at, max, terms, termsAt + row * WIDTH);
      float sum = sum(rows, classes, terms, termsAt + row * WIDTH);
      loss[lossAt + row] = ElementaryFunctions.log(sum) + (max - labelEta);
      if (dEta != null) {
        divide(rows, classes, dEta, dEtaAt + row * WIDTH, sum);
        dEta[dEtaAt + Panels.index(rows, row, labels[labelsAt + row])] -= 1f;
      }
    }
  }

  @Override
  public void softmax(int rows, int classes, float[] eta, int etaAt, float[] p, int pAt) {
    for (int row = 0; row < rows; row++) {
      int at = etaAt + row * WIDTH;
      float max = max(rows, classes, eta, at);
      exponentials.apply(rows, classes, eta, at, max, p, pAt + row * WIDTH);
      float sum = sum(rows, classes, p, pAt + row * WIDTH);
      divide(rows, classes, p, pAt + row * WIDTH, sum);
    }
  }

  /** The largest η of the row that starts at {@code at}, without regard to NaN but in class 0. */
  private static float max(int rows, int classes, float[] eta, int at) {
    FloatVector max = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    int panel = at;
    for (int column = 0; column < classes; column += WIDTH, panel += rows * WIDTH) {
      for (int lane = 0; lane < WIDTH; lane += LANES) {
        FloatVector x = FloatVector.fromArray(SPECIES, eta, panel + lane);
        max =
            max.blend(
                x, x.compare(GT, max).andNot(IOTA.compare(GE, (float) (classes - column - lane))));
      }
    }
    return Float.isNaN(eta[at]) ? Float.NaN : max.reduceLanes(MAX);
  }

  /** The first class whose η is {@code max}; class 0 if that is NaN. */
  private static int first(int rows, int classes, float[] eta, int at, float max) {
    int panel = at;
    for (int column = 0; column < classes; column += WIDTH, panel += rows * WIDTH) {
      for (int lane = 0; lane < WIDTH; lane += LANES) {
        VectorMask<Float> found =
            FloatVector.fromArray(SPECIES, eta, panel + lane).compare(EQ, max);
        if (found.anyTrue()) {
          return column + lane + found.firstTrue();
        }
      }
    }
    return 0;
  }

  /** p = exp(η − max), padding zero. */
  private static void exponentials(
      int rows, int classes, float[] eta, int at, float max, float[] p, int pAt) {
    int panel = 0;
    for (int column = 0; column < classes; column += WIDTH, panel += rows * WIDTH) {
      for (int lane = 0; lane < WIDTH; lane += LANES) {
        FloatVector x = FloatVector.fromArray(SPECIES, eta, at + panel + lane).sub(max);
        FloatVector term = Vector512Functions.exp(x);
        term.blend(FloatVector.zero(SPECIES), IOTA.compare(GE, (float) (classes - column - lane)))
            .intoArray(p, pAt + panel + lane);
      }
    }
  }

  /** The sum over a row: a chain for each lane of the panels, then the lanes pairwise. */
  private static float sum(int rows, int classes, float[] p, int at) {
    FloatVector from0 = FloatVector.zero(SPECIES);
    FloatVector from4 = FloatVector.zero(SPECIES);
    FloatVector from8 = FloatVector.zero(SPECIES);
    FloatVector from12 = FloatVector.zero(SPECIES);
    int panel = at;
    for (int column = 0; column < classes; column += WIDTH, panel += rows * WIDTH) {
      from0 = from0.add(FloatVector.fromArray(SPECIES, p, panel));
      if (LANES <= 8) {
        from8 = from8.add(FloatVector.fromArray(SPECIES, p, panel + 8));
      }
      if (LANES <= 4) {
        from4 = from4.add(FloatVector.fromArray(SPECIES, p, panel + 4));
        from12 = from12.add(FloatVector.fromArray(SPECIES, p, panel + 12));
      }
    }
    // The 16 lanes pairwise: 8, 4, 2, 1 apart.
    FloatVector sum = LANES > 8 ? from0.add(from0.rearrange(BY_8)) : from0.add(from8);
    sum = LANES > 4 ? sum.add(sum.rearrange(BY_4)) : sum.add(from4.add(from12));
    sum = sum.add(sum.rearrange(BY_2));
    return sum.add(sum.rearrange(BY_1)).lane(0);
  }

  private static void divide(int rows, int classes, float[] p, int at, float sum) {
    int panel = at;
    for (int column = 0; column < classes; column += WIDTH, panel += rows * WIDTH) {
      for (int lane = 0; lane < WIDTH; lane += LANES) {
        FloatVector x = FloatVector.fromArray(SPECIES, p, panel + lane).div(sum);
        x.blend(FloatVector.zero(SPECIES), IOTA.compare(GE, (float) (classes - column - lane)))
            .intoArray(p, panel + lane);
      }
    }
  }

  @Override
  public void squaredError(
      int rows,
      int columns,
      float scale,
      float[] eta,
      int etaAt,
      float[] y,
      int yAt,
      float[] dEta,
      int dEtaAt,
      float[] loss,
      int lossAt) {
    for (int row = 0; row < rows; row++) {
      int at = row * WIDTH;
      float sum =
          sumOfSquares(rows, columns, scale, eta, etaAt + at, y, yAt + at, dEta, dEtaAt + at);
      loss[lossAt + row] = scale * sum;
    }
  }

  private static float sumOfSquares(
      int rows,
      int columns,
      float scale,
      float[] eta,
      int at,
      float[] y,
      int yAt,
      float[] dEta,
      int dEtaAt) {
    FloatVector from0 = FloatVector.zero(SPECIES);
    FloatVector from4 = FloatVector.zero(SPECIES);
    FloatVector from8 = FloatVector.zero(SPECIES);
    FloatVector from12 = FloatVector.zero(SPECIES);
    int panel = 0;
    for (int column = 0; column < columns; column += WIDTH, panel += rows * WIDTH) {
      FloatVector error =
          error(columns - column, scale, eta, at + panel, y, yAt + panel, dEta, dEtaAt + panel);
      from0 = error.fma(error, from0);
      if (LANES <= 8) {
        int lane = panel + 8;
        error =
            error(columns - column - 8, scale, eta, at + lane, y, yAt + lane, dEta, dEtaAt + lane);
        from8 = error.fma(error, from8);
      }
      if (LANES <= 4) {
        int lane = panel + 4;
        error =
            error(columns - column - 4, scale, eta, at + lane, y, yAt + lane, dEta, dEtaAt + lane);
        from4 = error.fma(error, from4);
        lane = panel + 12;
        error =
            error(columns - column - 12, scale, eta, at + lane, y, yAt + lane, dEta, dEtaAt + lane);
        from12 = error.fma(error, from12);
      }
    }
    // The 16 lanes pairwise: 8, 4, 2, 1 apart.
    FloatVector sum = LANES > 8 ? from0.add(from0.rearrange(BY_8)) : from0.add(from8);
    sum = LANES > 4 ? sum.add(sum.rearrange(BY_4)) : sum.add(from4.add(from12));
    sum = sum.add(sum.rearrange(BY_2));
    return sum.add(sum.rearrange(BY_1)).lane(0);
  }

  /** One vector of η − y where {@code columns} columns are left; dη, unless null, is stored too. */
  private static FloatVector error(
      int columns, float scale, float[] eta, int at, float[] y, int yAt, float[] dEta, int dEtaAt) {
    FloatVector difference =
        FloatVector.fromArray(SPECIES, eta, at).sub(FloatVector.fromArray(SPECIES, y, yAt));
    FloatVector error =
        difference.blend(FloatVector.zero(SPECIES), IOTA.compare(GE, (float) (columns)));
    if (dEta != null) {
      error.mul(2f * scale).intoArray(dEta, dEtaAt);
    }
    return error;
  }
}
