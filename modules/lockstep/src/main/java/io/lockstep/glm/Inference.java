package io.lockstep.glm;

import io.lockstep.model.CoefficientTable.Coefficient;
import java.util.ArrayList;
import java.util.List;

/**
 * Score and information of a generalized linear model at given coefficients, and what follows from
 * them. With K linear predictors of P coefficients each:
 *
 * <pre>
 *   U = −Σ w (∂(−log p)/∂η) z,   I = Σ w E(∂²(−log p)/∂η²) z zᵀ,   Cov(γ) = φ I⁻¹
 * </pre>
 *
 * over standardized columns z, with the dispersion φ of Pearson's statistic by the residual degrees
 * of freedom where it is not 1. McCullagh and Nelder, Generalized Linear Models (1989).
 */
final class Inference {

  /**
   * Below this share of its square, what the others leave over of a column counts as nothing: 3e-6
   * of the column itself. R's {@code glm} stops at 1e-11 of it, and {@code lm} at 1e-7, but of
   * columns in double. Those of a data set are float: one that is the sum of others differs from it
   * by its rounding, some 1e-7 of its size, which a stricter limit would take for information.
   */
  private static final double TOLERANCE = 1e-11;

  private final RowLikelihood likelihood;
  private final CaseRows rows;
  private final Standardized columns;
  private final int perPredictor;
  private final double[][] gamma;
  private final double[] score;
  private final CholeskyFactor information;
  private double weight;
  private double logWeights;
  private double deviance;
  private double pearson;

  /**
   * Computes all sums.
   *
   * @param beta [K][1 + width], the intercept first, on the scale of the rows
   */
  Inference(RowLikelihood likelihood, CaseRows rows, double[][] beta) {
    this.likelihood = likelihood;
    this.rows = rows;
    this.columns = new Standardized(rows);
    this.perPredictor = 1 + rows.width();
    this.gamma = new double[beta.length][];
    for (int k = 0; k < beta.length; k++) {
      gamma[k] = columns.toStandardized(beta[k]);
    }
    int length = beta.length * perPredictor;
    this.score = new double[length];
    double[][] matrix = new double[length][];
    for (int i = 0; i < length; i++) {
      matrix[i] = new double[i + 1];
    }
    addRows(matrix);
    this.information = new CholeskyFactor(matrix, TOLERANCE);
    expressAliased();
  }

  private void addRows(double[][] matrix) {
    int predictors = gamma.length;
    double[] z = new double[perPredictor];
    double[] eta = new double[predictors];
    double[] gradient = new double[predictors];
    double[][] fisher = new double[predictors][predictors];
    for (int row = 0; row < rows.count(); row++) {
      columns.row(row, z);
      etaOf(z, rows.offset(row), eta);
      double y = rows.response(row);
      double w = rows.weight(row);
      likelihood.gradient(y, eta, gradient);
      likelihood.fisher(eta, fisher);
      weight += w;
      logWeights += Math.log(w);
      deviance += w * likelihood.deviance(y, eta);
      pearson += likelihood.hasDispersion() ? w * likelihood.pearson(y, eta) : 0;
      for (int k = 0; k < predictors; k++) {
        for (int a = 0; a < perPredictor; a++) {
          score[k * perPredictor + a] -= w * gradient[k] * z[a];
          for (int l = 0; l <= k; l++) {
            int last = l == k ? a : perPredictor - 1;
            add(matrix[k * perPredictor + a], l * perPredictor, last, w * fisher[k][l] * z[a], z);
          }
        }
      }
    }
  }

  private static void add(double[] sums, int at, int last, double factor, double[] z) {
    for (int b = 0; b <= last && factor != 0; b++) {
      sums[at + b] += factor * z[b];
    }
  }

  private void etaOf(double[] z, double offset, double[] eta) {
    for (int k = 0; k < eta.length; k++) {
      double sum = offset;
      for (int a = 0; a < z.length; a++) {
        sum += gamma[k][a] * z[a];
      }
      eta[k] = sum;
    }
  }

  /** Whether the class is the one with the largest predictor, of which the first one's is 0. */
  private static boolean isRight(int label, double[] eta) {
    double own = label == 0 ? 0 : eta[label - 1];
    boolean right = label == 0 || own > 0;
    for (int k = 0; k < eta.length; k++) {
      right &= k + 1 == label || eta[k] < own;
    }
    return right;
  }

  /** A column that others make up has no coefficient of its own: theirs take it over. */
  private void expressAliased() {
    for (int i = 0; i < score.length; i++) {
      double value = gamma[i / perPredictor][i % perPredictor];
      if (!information.kept(i) && value != 0) {
        double[] parts = information.combination(i);
        for (int j = 0; j < i; j++) {
          gamma[j / perPredictor][j % perPredictor] += parts[j] * value;
        }
        gamma[i / perPredictor][i % perPredictor] = 0;
      }
    }
  }

  int rank() {
    return information.rank();
  }

  /** Of the first predictor: whether the column is no combination of those before it. */
  boolean isKept(int j) {
    return information.kept(j);
  }

  /** Whether column {@code j}, counted from 1 after the intercept, is the same in all rows. */
  boolean isConstant(int j) {
    return columns.isConstant(j - 1);
  }

  double deviance() {
    return deviance;
  }

  /** Whether all rows have the class that the linear predictors give them; of classes only. */
  boolean allRight() {
    double[] z = new double[perPredictor];
    double[] eta = new double[gamma.length];
    for (int row = 0; row < rows.count(); row++) {
      columns.row(row, z);
      etaOf(z, rows.offset(row), eta);
      if (!isRight((int) rows.response(row), eta)) {
        return false;
      }
    }
    return true;
  }

  int degreesOfFreedom() {
    return rows.count() * gamma.length - rank();
  }

  /** NaN where no degrees of freedom are left. */
  double dispersion() {
    if (!likelihood.hasDispersion()) {
      return 1;
    }
    return degreesOfFreedom() > 0 ? pearson / degreesOfFreedom() : Double.NaN;
  }

  /** With the dispersion that R's logLik puts in: the deviance by the sum of weights. */
  double logLikelihood() {
    double phi = deviance / weight;
    if (likelihood instanceof RowLikelihood.Normal) {
      return 0.5
          * (logWeights - rows.count() * (Math.log(2 * Math.PI * deviance / rows.count()) + 1));
    }
    double[] z = new double[perPredictor];
    double[] eta = new double[gamma.length];
    double sum = 0;
    for (int row = 0; row < rows.count(); row++) {
      columns.row(row, z);
      etaOf(z, rows.offset(row), eta);
      sum += rows.weight(row) * likelihood.logLikelihood(rows.response(row), eta, phi);
    }
    return sum;
  }

  /**
   * The coefficients of one predictor.
   *
   * @param output the class, or null
   * @param names of the intercept and the columns
   */
  List<Coefficient> coefficients(int predictor, String output, List<String> names) {
    double[] beta = columns.toOriginal(gamma[predictor]);
    List<Coefficient> all = new ArrayList<>();
    for (int j = 0; j < perPredictor; j++) {
      if (!information.kept(predictor * perPredictor + j)) {
        all.add(new Coefficient(output, names.get(j), null, null, null, null));
        continue;
      }
      double error = Math.sqrt(dispersion()) * unitError(predictor, j);
      double statistic = beta[j] / error;
      double p =
          likelihood.hasDispersion()
              ? PValues.student(statistic, degreesOfFreedom())
              : PValues.normal(statistic);
      all.add(
          new Coefficient(
              output, names.get(j), beta[j], finite(error), finite(statistic), finite(p)));
    }
    return all;
  }

  private static Double finite(double value) {
    return Double.isNaN(value) ? null : value;
  }

  /** The standard error for a dispersion of 1. */
  private double unitError(int predictor, int j) {
    double[] t = new double[score.length];
    columns.weightsOf(j, t, predictor * perPredictor);
    information.solveLower(t);
    double sum = 0;
    for (double value : t) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }

  /** A change in units of a standard error, and whose. */
  record Step(double size, int predictor, int column) {}

  /** The largest change by one more step of scoring. */
  Step newtonStep() {
    double[] change = score.clone();
    information.solve(change);
    Step largest = new Step(0, 0, 0);
    for (int k = 0; k < gamma.length; k++) {
      double[] own = new double[perPredictor];
      System.arraycopy(change, k * perPredictor, own, 0, perPredictor);
      double[] beta = columns.toOriginal(own);
      for (int j = 0; j < perPredictor; j++) {
        if (information.kept(k * perPredictor + j)) {
          double size = Math.abs(beta[j]) / (Math.sqrt(dispersion()) * unitError(k, j));
          largest = size > largest.size() ? new Step(size, k, j) : largest;
        }
      }
    }
    return largest;
  }
}
