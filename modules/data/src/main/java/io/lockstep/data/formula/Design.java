package io.lockstep.data.formula;

import io.lockstep.data.DataException;
import io.lockstep.data.formula.Expression.Call;
import io.lockstep.data.formula.Expression.Name;
import io.lockstep.data.table.ColumnType;
import io.lockstep.data.table.Table;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The columns of a design matrix without the intercept: terms of fitted variables. Immutable and
 * thread-safe.
 */
final class Design {

  /** A variable in a term. */
  private record Part(int variable, boolean full, List<String> names) {}

  /** Columns of the matrix; a row of them is computed at once. */
  private static final int MOST_COLUMNS = 100_000;

  private final List<Variable> variables;
  private final List<List<Part>> terms = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final SortedMap<Integer, FactorVariable> embedded = new TreeMap<>();
  private int widest = 1;

  private Design(Terms terms, List<Variable> variables, FactorCoding coding) {
    this.variables = variables;
    BitSet factors = new BitSet();
    for (int v = 0; v < variables.size(); v++) {
      factors.set(v, variables.get(v) instanceof FactorVariable);
    }
    for (int t = 0; t < terms.terms().size(); t++) {
      List<Part> parts = new ArrayList<>();
      for (int v : terms.terms().get(t).stream().toArray()) {
        boolean full =
            factors.get(v) && (coding == FactorCoding.ONE_HOT || terms.full(t, v, factors));
        parts.add(new Part(v, full, variables.get(v).names(full)));
        widest = Math.max(widest, parts.getLast().names().size());
      }
      requireRoom(parts);
      this.terms.add(parts);
      if (variables.get(parts.getFirst().variable()) instanceof LevelCodes(FactorVariable factor)) {
        embedded.put(names.size(), factor); // Alone in its term.
      }
      addNames(parts);
    }
  }

  private void requireRoom(List<Part> parts) {
    long width = 1;
    for (Part part : parts) {
      width *= part.names().size();
      if (names.size() + width > MOST_COLUMNS) {
        throw tooWide(parts);
      }
    }
  }

  private DataException tooWide(List<Part> parts) {
    return new DataException(
        "the design matrix has too many columns, expected at most %d, but a term is the product of %s"
            .formatted(
                MOST_COLUMNS,
                parts.stream()
                    .map(
                        part ->
                            "%s (%d columns)"
                                .formatted(
                                    variables.get(part.variable()).label(), part.names().size()))
                    .collect(Collectors.joining(" and "))));
  }

  private void addNames(List<Part> parts) {
    List<String> products = List.of("");
    for (Part part : parts) {
      List<String> longer = new ArrayList<>();
      for (String name : part.names()) {
        for (String product : products) {
          longer.add(product.isEmpty() ? name : product + ":" + name);
        }
      }
      products = longer;
    }
    names.addAll(products);
  }

  /**
   * The design of a fitted formula.
   *
   * @throws DataException if its parts do not belong together
   */
  static Design of(Formula formula, TableEncoding encoding) {
    Terms terms = TermExpansion.of(formula, encoding.dot());
    List<Variable> variables = new ArrayList<>();
    for (Expression expression : terms.variables()) {
      variables.add(variable(formula, expression, encoding));
    }
    return new Design(terms, variables, encoding.options().coding());
  }

  private static Variable variable(Formula formula, Expression expression, TableEncoding encoding) {
    Optional<FactorVariable> factor = factor(formula, expression, encoding);
    if (factor.isPresent()) {
      boolean embedded = encoding.options().embedded().contains(factor.get().column());
      return embedded ? new LevelCodes(factor.get()) : factor.get();
    }
    if (expression instanceof Call call && SplineCall.is(call)) {
      SplineCall spline = SplineCall.of(formula, call);
      TableEncoding.Knots knots =
          encoding.splines().stream()
              .filter(k -> k.variable().equals(call.toString()))
              .findFirst()
              .orElseThrow(() -> unfitted(formula, call));
      return new Variable.Spline(formula, call.toString(), spline.variable(), spline.basis(knots));
    }
    return new Variable.Numeric(formula, expression);
  }

  /** The factor that an expression is, if it is one. */
  static Optional<FactorVariable> factor(
      Formula formula, Expression expression, TableEncoding encoding) {
    return factorColumn(formula, expression, encoding.columnTypes())
        .map(
            column ->
                new FactorVariable(
                    expression.toString(),
                    column,
                    encoding.factors().stream()
                        .filter(levels -> levels.variable().equals(expression.toString()))
                        .findFirst()
                        .orElseThrow(() -> unfitted(formula, expression))
                        .levels(),
                    encoding.options().unseen()));
  }

  /** The column of {@code factor(column)}, or a column of text. */
  static Optional<String> factorColumn(
      Formula formula, Expression expression, Map<String, ColumnType> types) {
    if (expression instanceof Name name) {
      return Optional.of(name.name()).filter(column -> types.get(column) == ColumnType.TEXT);
    }
    return FormulaColumns.factorColumn(formula, expression).map(Name::name);
  }

  private static DataException unfitted(Formula formula, Expression expression) {
    return formula.problem(
        expression.position(), "the encoding holds nothing of '%s'".formatted(expression));
  }

  /** Names of the columns as R has them, without the intercept. */
  List<String> names() {
    return names;
  }

  /** The factors among the predictors, embedded ones included. */
  List<FactorVariable> factors() {
    return variables.stream().flatMap(Design::factorOf).toList();
  }

  private static Stream<FactorVariable> factorOf(Variable variable) {
    return switch (variable) {
      case FactorVariable factor -> Stream.of(factor);
      case LevelCodes(FactorVariable embedded) -> Stream.of(embedded);
      case Variable.Numeric number -> Stream.empty();
      case Variable.Spline spline -> Stream.empty();
    };
  }

  /** The embedded factors, by the columns that hold their codes. */
  SortedMap<Integer, FactorVariable> embedded() {
    return embedded;
  }

  /** The columns over a table. */
  Rows over(Table table) {
    return new Rows(variables.stream().map(variable -> variable.over(table)).toList());
  }

  /** Computes rows of the matrix. Thread-safe. */
  final class Rows {

    private final List<Variable.Values> values;

    private Rows(List<Variable.Values> values) {
      this.values = values;
    }

    /**
     * Writes a row.
     *
     * @param out [names] from {@code at}, overwritten
     * @param scratch [{@link #scratch}]
     */
    void write(int row, double[] out, int at, double[] scratch) {
      int next = at;
      for (List<Part> term : terms) {
        next += writeTerm(term, row, out, next, scratch);
      }
    }

    /** Room for {@link #write}. */
    double[] scratch() {
      return new double[widest];
    }

    /** The first variable's columns run fastest. */
    private int writeTerm(List<Part> term, int row, double[] out, int at, double[] scratch) {
      out[at] = 1;
      int width = 1;
      for (Part part : term) {
        values.get(part.variable()).of(row, part.full(), scratch);
        for (int j = part.names().size() - 1; j >= 0; j--) {
          for (int i = 0; i < width; i++) {
            out[at + j * width + i] = out[at + i] * scratch[j];
          }
        }
        width *= part.names().size();
      }
      return width;
    }
  }
}
