package io.lockstep.nn;

import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Panels;
import java.util.Arrays;
import java.util.function.DoubleSupplier;

/**
 * A distribution of one response y whose mean is a function of one linear predictor η; with several
 * outputs, independent responses. This is what a family of your own implements.
 *
 * <p>Everything is computed in double precision, one number at a time: what is lost by large |η| is
 * then lost where η itself is rounded. What a method returns must be a function of its arguments
 * alone, with the same bits on every machine: {@link StrictMath} and {@link SpecialFunctions}, but
 * not {@link Math}'s exp, log and powers. For any finite η the results should be finite or grow
 * towards infinity, and not be NaN. Nothing should be allocated.
 *
 * <p>The argument {@code shape} is the value of {@link #shape()}, given or as learned so far.
 * Families without such a parameter ignore it.
 */
public interface UnivariateFamily extends OutputFamily {

  /** −log p(y | η), constants included. */
  double negativeLogLikelihood(double y, double eta, double shape);

  /** The derivative of {@link #negativeLogLikelihood} in η. */
  double gradient(double y, double eta, double shape);

  /** The derivative of {@link #negativeLogLikelihood} in log shape; of families that learn it. */
  default double shapeGradient(double y, double eta, double shape) {
    throw new UnsupportedOperationException(name() + " learns no shape");
  }

  /** E(y | η): the inverse of the link function. */
  double mean(double eta);

  /**
   * Twice the log-likelihood where the mean is y, less the one at η, in units of the dispersion: as
   * R's {@code glm} has it.
   */
  double deviance(double y, double eta, double shape);

  /**
   * Draws y.
   *
   * @param uniforms independent numbers, uniform from 0 to less than 1
   */
  double sample(double eta, double shape, DoubleSupplier uniforms);

  @Override
  boolean supports(double y);

  @Override
  String support();

  @Override
  default boolean classification() {
    return false;
  }

  @Override
  default void loss(
      Kernels kernels,
      int rows,
      int outputs,
      float[] eta,
      int etaAt,
      Targets targets,
      float[] dEta,
      int dEtaAt,
      float[] loss) {
    boolean learned = shape().learned();
    int width = learned ? outputs + 1 : outputs;
    for (int row = 0; row < rows; row++) {
      double shape = shapeOf(rows, outputs, eta, etaAt, row);
      double sum = 0;
      double dShape = 0;
      for (int output = 0; output < outputs; output++) {
        int offset = Panels.index(rows, row, output);
        double y = targets.values()[offset];
        double x = eta[etaAt + offset];
        sum += negativeLogLikelihood(y, x, shape);
        if (dEta != null) {
          dEta[dEtaAt + offset] = (float) gradient(y, x, shape);
          dShape += learned ? shapeGradient(y, x, shape) : 0;
        }
      }
      loss[row] = (float) sum;
      if (dEta != null) {
        if (learned) {
          dEta[dEtaAt + Panels.index(rows, row, outputs)] = (float) dShape;
        }
        int end = dEtaAt + Panels.index(rows, row, Panels.paddedColumns(width) - 1) + 1;
        Arrays.fill(dEta, end - (Panels.paddedColumns(width) - width), end, 0f);
      }
    }
  }

  @Override
  default void deviance(
      int rows,
      int outputs,
      float[] eta,
      int etaAt,
      Targets targets,
      float[] loss,
      double[] deviance) {
    for (int row = 0; row < rows; row++) {
      double shape = shapeOf(rows, outputs, eta, etaAt, row);
      double sum = 0;
      for (int output = 0; output < outputs; output++) {
        int offset = Panels.index(rows, row, output);
        sum += deviance(targets.values()[offset], eta[etaAt + offset], shape);
      }
      deviance[row] = sum;
    }
  }

  private double shapeOf(int rows, int outputs, float[] eta, int etaAt, int row) {
    Shape shape = shape();
    return shape.learned()
        ? StrictMath.exp(eta[etaAt + Panels.index(rows, row, outputs)])
        : shape.value();
  }

  @Override
  default void mean(Kernels kernels, int rows, int outputs, float[] eta, int etaAt) {
    for (int row = 0; row < rows; row++) {
      for (int output = 0; output < outputs; output++) {
        int at = etaAt + Panels.index(rows, row, output);
        eta[at] = (float) mean(eta[at]);
      }
    }
  }

  @Override
  default void sample(double[] eta, double shape, DoubleSupplier uniforms, double[] y) {
    for (int output = 0; output < y.length; output++) {
      y[output] = sample(eta[output], shape, uniforms);
    }
  }
}
