package io.lockstep.cli;

import io.lockstep.model.CoefficientTable;
import io.lockstep.model.CoefficientTable.Coefficient;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A table of coefficients as R's {@code summary} prints it. */
final class CoefficientText {

  private static final String NA = "NA";
  private static final int MOST_AT_END = 40;
  private static final double EPSILON = 2.2e-16;

  private CoefficientText() {}

  static List<String> lines(CoefficientTable table) {
    List<String> lines = new ArrayList<>();
    String output = null;
    List<Coefficient> block = new ArrayList<>();
    for (Coefficient one : table.coefficients()) {
      if (output != null && !output.equals(one.output())) {
        addBlock(table, output, block, lines);
      }
      output = one.output();
      block.add(one);
    }
    addBlock(table, output, block, lines);
    lines.add("Signif. codes:  0 '***' 0.001 '**' 0.01 '*' 0.05 '.' 0.1 ' ' 1");
    lines.add("");
    addFigures(table, lines);
    lines.addAll(warnings(table));
    return lines;
  }

  /** At the end of training: all, or where a table is long what is doubtful, and where it is. */
  static List<String> atEnd(CoefficientTable table, String folder) {
    List<String> lines = new ArrayList<>(List.of(""));
    if (table.coefficients().size() <= MOST_AT_END) {
      lines.addAll(lines(table));
    } else {
      lines.add("coefficients: lockstep coefficients " + folder);
      lines.addAll(warnings(table));
    }
    return lines;
  }

  static List<String> warnings(CoefficientTable table) {
    return table.warnings().stream().map(warning -> "warning: " + warning).toList();
  }

  /** Ends with an empty line; empties the block. */
  private static void addBlock(
      CoefficientTable table, String output, List<Coefficient> block, List<String> lines) {
    if (output != null) {
      lines.add("%s, as against %s:".formatted(output, table.reference()));
    }
    String statistic = table.statistic();
    Table text =
        new Table(
            "", "Estimate", "Std. Error", statistic + " value", "Pr(>|" + statistic + "|)", "");
    for (Coefficient one : block) {
      text.row(
          one.name(),
          figure("%.6g", one.estimate()),
          figure("%.4g", one.standardError()),
          figure("%.3f", one.statistic()),
          probability(one.pValue()),
          stars(one.pValue()));
    }
    lines.addAll(text.lines());
    lines.add("");
    block.clear();
  }

  private static void addFigures(CoefficientTable table, List<String> lines) {
    if (table.shape() != null) {
      lines.add("%s  %s".formatted(table.shapeName(), figure("%.6g", table.shape())));
    }
    lines.add(
        table.statistic().equals("t")
            ? "dispersion of %s estimated as %s"
                .formatted(table.family(), figure("%.6g", table.dispersion()))
            : table.family() + ": no dispersion is estimated, it is 1");
    Table text = new Table("", "value", "degrees of freedom");
    text.row(
        "null deviance",
        figure("%.6g", table.nullDeviance()),
        Integer.toString(table.nullDegreesOfFreedom()));
    text.row(
        "residual deviance",
        figure("%.6g", table.deviance()),
        Integer.toString(table.degreesOfFreedom()));
    lines.addAll(text.lines());
    lines.add(
        String.format(
            Locale.ROOT,
            "log-likelihood %.6g, AIC %.6g, %s",
            table.logLikelihood(),
            table.aic(),
            Figures.count(table.rows(), "row")));
  }

  private static String figure(String format, Double value) {
    return value == null || value.isNaN() ? NA : String.format(Locale.ROOT, format, value);
  }

  private static String probability(Double p) {
    return p != null && p < EPSILON ? "<2e-16" : figure("%.3g", p);
  }

  private static String stars(Double p) {
    if (p == null || p > 0.1) {
      return "";
    }
    return p <= 0.001 ? "***" : p <= 0.01 ? "**" : p <= 0.05 ? "*" : ".";
  }
}
