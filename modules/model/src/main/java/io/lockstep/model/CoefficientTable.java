package io.lockstep.model;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a statistician reads of a fitted generalized linear model: the content of {@code
 * coefficients.json}. Numbers are those of R's {@code summary.glm}, and of {@code MASS::glm.nb} and
 * {@code nnet::multinom}; of the rows that were learned from.
 *
 * @param family as in configurations
 * @param statistic {@code z}, or {@code t} where the dispersion is estimated
 * @param reference the first class, to which coefficients of classes are differences; else null
 * @param coefficients of one output after the other
 * @param rows number of rows
 * @param rank coefficients that are not NA
 * @param dispersion 1 unless it is estimated
 * @param shapeName of the family's second parameter; empty if it has none
 * @param shape its value; null if there is none
 * @param nullDeviance of the model with an intercept and the offsets alone
 * @param nullDegreesOfFreedom of that
 * @param deviance of the model
 * @param degreesOfFreedom residual
 * @param logLikelihood with the dispersion at its estimate, as R has it
 * @param aic Akaike's criterion
 * @param newtonStep the largest change of a coefficient by one more step of Fisher's scoring, in
 *     units of its standard error: near 0 where training has converged
 * @param warnings what a person should know before believing the numbers
 */
public record CoefficientTable(
    String family,
    String statistic,
    String reference,
    List<Coefficient> coefficients,
    int rows,
    int rank,
    double dispersion,
    String shapeName,
    Double shape,
    double nullDeviance,
    int nullDegreesOfFreedom,
    double deviance,
    int degreesOfFreedom,
    double logLikelihood,
    double aic,
    double newtonStep,
    List<String> warnings) {

  private static final String NA = "NA";

  /**
   * A coefficient; all numbers are null (R's NA) where its column is a linear combination of those
   * before it.
   *
   * @param output the class; null unless the response has classes
   * @param name as R has it
   * @param estimate on the scale of the data
   * @param standardError from Fisher's information
   * @param statistic estimate by standard error
   * @param pValue two-sided
   */
  public record Coefficient(
      String output,
      String name,
      Double estimate,
      Double standardError,
      Double statistic,
      Double pValue) {}

  /** Makes the lists unmodifiable. */
  public CoefficientTable {
    coefficients = List.copyOf(coefficients);
    warnings = List.copyOf(warnings);
  }

  /** The same with one more warning, the first. */
  public CoefficientTable withWarning(String warning) {
    List<String> all = Stream.concat(Stream.of(warning), warnings.stream()).toList();
    return new CoefficientTable(
        family,
        statistic,
        reference,
        coefficients,
        rows,
        rank,
        dispersion,
        shapeName,
        shape,
        nullDeviance,
        nullDegreesOfFreedom,
        deviance,
        degreesOfFreedom,
        logLikelihood,
        aic,
        newtonStep,
        all);
  }

  /** Whether the response has classes. */
  public boolean ofClasses() {
    return reference != null;
  }

  /**
   * As CSV with the column names of R's {@code broom::tidy}: {@code term}, {@code estimate}, {@code
   * std.error}, {@code statistic}, {@code p.value}, of classes with {@code y.level} before them.
   */
  public String toCsv() {
    StringBuilder csv = new StringBuilder(ofClasses() ? "y.level," : "");
    csv.append("term,estimate,std.error,statistic,p.value\n");
    for (Coefficient one : coefficients) {
      if (ofClasses()) {
        csv.append(quoted(one.output())).append(',');
      }
      csv.append(quoted(one.name())).append(',').append(number(one.estimate()));
      csv.append(',').append(number(one.standardError()));
      csv.append(',').append(number(one.statistic()));
      csv.append(',').append(number(one.pValue())).append('\n');
    }
    return csv.toString();
  }

  private static String number(Double value) {
    return value == null || value.isNaN() ? NA : value.toString();
  }

  private static String quoted(String cell) {
    return cell.matches("[^,\"\\r\\n]*") ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }
}
