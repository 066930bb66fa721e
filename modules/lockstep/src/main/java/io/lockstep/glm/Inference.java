package io.lockstep.glm;

import io.lockstep.model.CoefficientTable.Coefficient;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Score and information of a generalized linear model at given coefficients, and what follows from
 * them. With K linear predictors of P coefficients each:
 *
 * <pre>
 *   U = −Σ w (∂(−log p)/∂η) z,   I = Σ w E(∂²(−log p)/∂η²) z zᵀ,   Cov(γ) = φ I⁻¹
 * </pre>
 *
 * over standardized columns z of which none is made up by others ({@link Design}), with the
 * dispersion φ of Pearson's statistic by the residual degrees of freedom where it is not 1.
 * McCullagh and Nelder, Generalized Linear Models (1989).
 */
final class Inference {

  /** Below this part of a diagonal element a pivot is made of rounding errors. */
  private static final double TOLERANCE = 1e-13;

  private final RowLikelihood likelihood;
  private final CaseRows rows;
  private final Design design;
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
    this.design = new Design(rows);
    this.perPredictor = design.width();
    this.gamma = Arrays.stream(beta).map(design::toStandardized).toArray(double[][]::new);
    this.score = new double[beta.length * perPredictor];
    double[][] matrix = CholeskyFactor.lowerTriangle(score.length);
    addRows(matrix);
    this.information = new CholeskyFactor(matrix, TOLERANCE);
  }

  private void addRows(double[][] matrix) {
    int predictors = gamma.length;
    double[] z = new double[perPredictor];
    double[] eta = new double[predictors];
    double[] gradient = new double[predictors];
    double[][] fisher = new double[predictors][predictors];
    for (int row = 0; row < rows.count(); row++) {
      design.row(row, z);
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

  int rank() {
    return gamma.length * design.rank();
  }

  /** The columns of each predictor. */
  Design design() {
    return design;
  }

  double deviance() {
    return deviance;
  }

  /** Whether all rows have the class that the linear predictors give them; of classes only. */
  boolean allRight() {
    double[] z = new double[perPredictor];
    double[] eta = new double[gamma.length];
    for (int row = 0; row < rows.count(); row++) {
      design.row(row, z);
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
      design.row(row, z);
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
    double[] beta = design.toOriginal(gamma[predictor]);
    List<Coefficient> all = new ArrayList<>();
    for (int j = 0; j < perPredictor; j++) {
      if (!design.isKept(j)) {
        all.add(new Coefficient(output, names.get(j), null, null, null, null));
        continue;
      }
      double error = Math.sqrt(dispersion()) * unitError(predictor, j);
      double statistic = Double.isFinite(error) ? beta[j] / error : Double.NaN;
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
    return Double.isFinite(value) ? value : null;
  }

  /** The standard error for a dispersion of 1; infinite if no information is left. */
  private double unitError(int predictor, int j) {
    double[] t = new double[score.length];
    design.weightsOf(j, t, predictor * perPredictor);
    return information.inverseLength(t);
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
      double[] beta = design.toOriginal(own);
      for (int j = 0; j < perPredictor; j++) {
        if (design.isKept(j)) {
          double size = Math.abs(beta[j]) / (Math.sqrt(dispersion()) * unitError(k, j));
          largest = size > largest.size() ? new Step(size, k, j) : largest;
        }
      }
    }
    return largest;
  }
}
