package io.lockstep.glm;

import io.lockstep.data.Partition;
import io.lockstep.glm.Inference.Step;
import io.lockstep.model.CoefficientTable;
import io.lockstep.model.CoefficientTable.Coefficient;
import io.lockstep.nn.Bernoulli;
import io.lockstep.nn.NegativeBinomial;
import io.lockstep.nn.OutputFamily;
import io.lockstep.nn.Poisson;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Makes the table of coefficients of a fitted model. */
public final class GlmSummary {

  /** A matrix of so many rows and columns is still quick to factor. */
  static final int MOST_COEFFICIENTS = 1000;

  /** Multiplications of the information matrix: some seconds. */
  private static final double MOST_WORK = 2e10;

  /** Columns without a coefficient that are named. */
  private static final int MOST_ALIASED = 10;

  /** Newton steps that show, in units of the standard error. */
  private static final double CONVERGED = 0.01;

  /**
   * What was fitted.
   *
   * @param family of the response
   * @param shape value of the family's second parameter; 1 if it has none
   * @param names of the intercept and the columns
   * @param outputs the classes but the first; of numbers one name that does not matter
   * @param classNames of the response; empty for numbers
   * @param beta [outputs][names] on the scale of the rows
   */
  public record Fit(
      OutputFamily family,
      double shape,
      List<String> names,
      List<String> outputs,
      List<String> classNames,
      double[][] beta) {

    private boolean ofClasses() {
      return !classNames.isEmpty();
    }
  }

  private final Fit fit;
  private final CaseRows rows;
  private final RowLikelihood likelihood;
  private final Inference inference;

  private GlmSummary(Fit fit, CaseRows rows, RowLikelihood likelihood) {
    this.fit = fit;
    this.rows = rows;
    this.likelihood = likelihood;
    this.inference = new Inference(likelihood, rows, fit.beta());
  }

  /**
   * Computes the table.
   *
   * @param rows that were learned from, unscaled
   * @return empty if the family is none of generalized linear models, there are several responses,
   *     or so many coefficients that it would take long
   */
  public static Optional<CoefficientTable> of(Fit fit, Partition rows) {
    return of(fit, CaseRows.of(rows));
  }

  static Optional<CoefficientTable> of(Fit fit, CaseRows rows) {
    double length = (double) fit.beta().length * fit.names().size();
    if (length > MOST_COEFFICIENTS || rows.count() * length * length > MOST_WORK) {
      return Optional.empty();
    }
    int outputs = fit.ofClasses() ? fit.classNames().size() : fit.outputs().size();
    return RowLikelihood.of(fit.family(), outputs, fit.shape())
        .map(likelihood -> new GlmSummary(fit, rows, likelihood).table());
  }

  private CoefficientTable table() {
    List<Coefficient> all = new ArrayList<>();
    for (int k = 0; k < fit.beta().length; k++) {
      String output = fit.ofClasses() ? fit.outputs().get(k) : null;
      all.addAll(inference.coefficients(k, output, fit.names()));
    }
    boolean two = fit.family() instanceof NegativeBinomial && fit.family().shape().learned();
    int parameters = inference.rank() + (likelihood.hasDispersion() || two ? 1 : 0);
    double logLikelihood = inference.logLikelihood();
    Step step = inference.newtonStep();
    return new CoefficientTable(
        fit.family().name(),
        likelihood.hasDispersion() ? "t" : "z",
        fit.ofClasses() ? fit.classNames().getFirst() : null,
        all,
        rows.count(),
        inference.rank(),
        inference.dispersion(),
        fit.family().shape().name(),
        fit.family().shape().name().isEmpty() ? null : fit.shape(),
        new NullModel(likelihood, rows).deviance(),
        (rows.count() - 1) * fit.beta().length,
        inference.deviance(),
        inference.degreesOfFreedom(),
        logLikelihood,
        2 * parameters - 2 * logLikelihood,
        step.size(),
        warnings(step));
  }

  private List<String> warnings(Step step) {
    List<String> warnings = new ArrayList<>();
    int length = fit.beta().length * fit.names().size();
    if (length > rows.count()) {
      warnings.add(
          "more coefficients (%d) than rows (%d): they are not determined"
              .formatted(length, rows.count()));
    }
    warnings.addAll(aliased());
    List<String> separation = separation();
    warnings.addAll(separation);
    if (separation.isEmpty() && !(step.size() <= CONVERGED)) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "not converged: one more step of Fisher's scoring would change %s%s by %.2g standard errors; more epochs help (train.epochs)",
              fit.names().get(step.column()),
              fit.ofClasses() ? " of " + fit.outputs().get(step.predictor()) : "",
              step.size()));
    }
    return warnings;
  }

  private List<String> aliased() {
    List<String> named = new ArrayList<>();
    int count = 0;
    for (int j = 1; j < fit.names().size(); j++) {
      if (!inference.design().isKept(j) && ++count <= MOST_ALIASED) {
        named.add(
            "%s %s: it has no coefficient (NA)"
                .formatted(
                    fit.names().get(j),
                    inference.design().isConstant(j)
                        ? "is constant"
                        : "is a linear combination of the columns before it"));
      }
    }
    if (count > MOST_ALIASED) {
      named.add("%d more columns have no coefficient (NA)".formatted(count - MOST_ALIASED));
    }
    return named;
  }

  private List<String> separation() {
    List<String> columns = fit.names().subList(1, fit.names().size());
    if (fit.family() instanceof Poisson || fit.family() instanceof NegativeBinomial) {
      return Separation.ofCounts(rows, columns);
    }
    if (!fit.ofClasses() && !(fit.family() instanceof Bernoulli)) {
      return List.of();
    }
    List<String> classes = fit.ofClasses() ? fit.classNames() : List.of("0", "1");
    List<String> all = new ArrayList<>(Separation.ofClasses(rows, columns, classes));
    if (inference.allRight()) {
      all.add(
          "perfect separation: all rows are predicted right, so that no coefficients are the most likely; these and their standard errors say how long was trained");
    }
    return all;
  }
}
