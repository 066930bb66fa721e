package io.lockstep.glm;

/** The model with an intercept and the offsets alone, fitted by Fisher's scoring. */
final class NullModel {

  private static final int MOST_STEPS = 100;
  private static final double LONGEST_STEP = 2;
  private static final double PRECISION = 1e-12;

  private final RowLikelihood likelihood;
  private final CaseRows rows;

  NullModel(RowLikelihood likelihood, CaseRows rows) {
    this.likelihood = likelihood;
    this.rows = rows;
  }

  /** Its deviance. */
  double deviance() {
    return likelihood instanceof RowLikelihood.Softmax softmax ? ofClasses(softmax) : ofNumbers();
  }

  /** Each class has its share as its probability. */
  private double ofClasses(RowLikelihood.Softmax softmax) {
    double[] counts = new double[softmax.classes()];
    double total = 0;
    for (int row = 0; row < rows.count(); row++) {
      counts[(int) rows.response(row)] += rows.weight(row);
      total += rows.weight(row);
    }
    double deviance = 0;
    for (double count : counts) {
      deviance -= count > 0 ? 2 * count * Math.log(count / total) : 0;
    }
    return deviance;
  }

  private double ofNumbers() {
    double intercept = start();
    double[] eta = new double[1];
    double[] gradient = new double[1];
    double[][] fisher = new double[1][1];
    double step = 1;
    for (int i = 0; i < MOST_STEPS && Math.abs(step) > PRECISION * (1 + Math.abs(intercept)); i++) {
      double slope = 0;
      double curvature = 0;
      for (int row = 0; row < rows.count(); row++) {
        eta[0] = intercept + rows.offset(row);
        likelihood.gradient(rows.response(row), eta, gradient);
        likelihood.fisher(eta, fisher);
        slope += rows.weight(row) * gradient[0];
        curvature += rows.weight(row) * fisher[0][0];
      }
      step = curvature > 0 ? slope / curvature : 0;
      boolean bounded = !(likelihood instanceof RowLikelihood.Normal);
      intercept -= bounded ? Math.clamp(step, -LONGEST_STEP, LONGEST_STEP) : step;
    }
    double deviance = 0;
    for (int row = 0; row < rows.count(); row++) {
      eta[0] = intercept + rows.offset(row);
      deviance += rows.weight(row) * likelihood.deviance(rows.response(row), eta);
    }
    return deviance;
  }

  /** The link of the weighted mean, less the mean offset. */
  private double start() {
    double sum = 0;
    double offsets = 0;
    double weight = 0;
    for (int row = 0; row < rows.count(); row++) {
      sum += rows.weight(row) * rows.response(row);
      offsets += rows.weight(row) * rows.offset(row);
      weight += rows.weight(row);
    }
    double eta = likelihood.link(sum / weight);
    return (Double.isFinite(eta) ? eta : 0) - offsets / weight;
  }
}
