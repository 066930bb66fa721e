package io.lockstep.data.formula;

import io.lockstep.data.DataException;
import io.lockstep.data.formula.Expression.Call;
import io.lockstep.data.formula.Expression.Name;
import io.lockstep.data.formula.TableEncoding.Knots;
import io.lockstep.data.formula.TableEncoding.Levels;
import io.lockstep.data.formula.TableEncoding.Source;
import io.lockstep.data.table.Column;
import io.lockstep.data.table.ColumnType;
import io.lockstep.data.table.Table;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Fits a formula to a table. Used once, by one thread. */
final class EncodingFit {

  /** Numbers as they are written where a comma is the decimal sign, whole ones among them. */
  private static final Pattern DECIMAL_COMMA = Pattern.compile("[-+]?\\d+(,\\d+)?");

  private final Formula formula;
  private final Table table;
  private final EncodingOptions options;
  private final Set<String> responseColumns;
  private final List<String> dot;
  private final Terms terms;
  private final Set<String> predictorColumns;
  private final Map<String, ColumnType> types = new HashMap<>();

  EncodingFit(Formula formula, Table table, EncodingOptions options) {
    this.formula = formula;
    this.table = table;
    this.options = options;
    FormulaColumns.requireResponse(formula, table);
    this.responseColumns = FormulaColumns.ofResponse(formula);
    this.dot =
        table.columnNames().stream().filter(name -> !responseColumns.contains(name)).toList();
    this.terms = TermExpansion.of(formula, dot);
    this.predictorColumns = FormulaColumns.ofPredictors(formula, terms, table);
    table.columns().forEach(column -> types.put(column.name(), column.type()));
  }

  TableEncoding run() {
    requirePredictors();
    List<Source> sources = sources();
    Table filled =
        options.na() == NaAction.IMPUTE ? Imputation.fill(table, sources).table() : table;
    Set<String> needed = new LinkedHashSet<>(predictorColumns);
    needed.addAll(responseColumns);
    BitSet complete = new BitSet();
    IntStream.of(CompleteRows.of(filled, needed, options.na()).requireSome(filled).rows())
        .forEach(complete::set);
    List<Levels> factors = factors(filled, complete);
    List<Knots> splines = splines(filled);
    TableEncoding fitted =
        new TableEncoding(
            formula.toString(),
            dot,
            options,
            sources,
            factors,
            splines,
            List.of(),
            terms.intercept());
    TableEncoding encoding =
        new TableEncoding(
            fitted.formula(),
            dot,
            options,
            sources,
            factors,
            splines,
            Design.of(formula, fitted).names(),
            terms.intercept());
    requireSinglePrecision(encoding);
    return encoding;
  }

  private void requireSinglePrecision(TableEncoding encoding) {
    boolean labelled = formula.response() != null;
    boolean numeric = labelled && factorColumn(formula.response()).isEmpty();
    SinglePrecision.require(EncodedTable.of(encoding, table, labelled), numeric);
  }

  private void requirePredictors() {
    if (terms.terms().isEmpty()) {
      throw formula.problem(
          formula.predictors().position(),
          "there is no predictor to the right of the ~; an intercept alone takes no training: it is the link of the mean response, and its deviance the null deviance of any other formula");
    }
    EmbeddedFactors.require(formula, terms, types, options.embedded());
    terms.variables().forEach(this::requireNoOddCell);
    if (formula.response() != null) {
      requireNoOddCell(formula.response());
    }
  }

  /** A text among numbers would silently make a factor with as many levels as there are numbers. */
  private void requireNoOddCell(Expression variable) {
    if (!(variable instanceof Name name)) {
      return;
    }
    Column column = table.column(name.name());
    requireNoDecimalCommas(column);
    column
        .oddCell()
        .ifPresent(
            odd -> {
              throw new DataException(
                  "%s:%d: column %s: expected a number, as in almost all its cells, but found '%s'; factor(%s) takes them as texts"
                      .formatted(table.name(), odd.line(), name.name(), odd.text(), name));
            });
  }

  private void requireNoDecimalCommas(Column column) {
    List<String> texts = column.texts();
    if (texts.stream().anyMatch(text -> text.contains(","))
        && texts.stream().allMatch(DECIMAL_COMMA.asMatchPredicate())) {
      throw new DataException(
          "%s: column %s looks like numbers with decimal commas, such as '%s'; write them with points, or factor(%s) takes them as texts"
              .formatted(table.name(), column.name(), texts.getFirst(), column.name()));
    }
  }

  private List<Source> sources() {
    List<Source> sources = new ArrayList<>();
    Set<String> factors = new TreeSet<>();
    terms.variables().forEach(v -> factorColumn(v).ifPresent(factors::add));
    BitSet labelled = new BitSet();
    IntStream.range(0, table.rows()).filter(this::hasResponse).forEach(labelled::set);
    for (String name : predictorColumns) {
      sources.add(
          options.na() == NaAction.IMPUTE
              ? Imputation.source(table, name, labelled::get, factors.contains(name))
              : new Source(name, types.get(name), false, null, null));
    }
    for (String name : responseColumns) {
      if (!predictorColumns.contains(name)) {
        sources.add(new Source(name, types.get(name), true, null, null));
      }
    }
    return sources;
  }

  private boolean hasResponse(int row) {
    return responseColumns.stream().noneMatch(name -> table.column(name).isMissing(row));
  }

  private Optional<String> factorColumn(Expression variable) {
    return Design.factorColumn(formula, variable, types);
  }

  private List<Levels> factors(Table filled, BitSet complete) {
    List<Levels> factors = new ArrayList<>();
    List<Expression> all = new ArrayList<>(terms.variables());
    if (formula.response() != null) {
      all.add(formula.response());
    }
    for (Expression variable : all) {
      factorColumn(variable)
          .ifPresent(
              name -> {
                Column column = filled.column(name);
                List<String> levels = FactorVariable.levels(column, complete::get);
                requireLevels(variable, levels);
                factors.add(new Levels(variable.toString(), levels));
              });
    }
    return factors;
  }

  private void requireLevels(Expression variable, List<String> levels) {
    if (levels.size() < 2) {
      throw formula.problem(
          variable.position(),
          "%s: expected at least two levels but found only '%s' in %s"
              .formatted(variable, levels.getFirst(), table.name()));
    }
  }

  /**
   * As R does, from all rows that have a value, also those that are left out for another column.
   */
  private List<Knots> splines(Table filled) {
    List<Knots> splines = new ArrayList<>();
    for (Expression variable : terms.variables()) {
      if (variable instanceof Call call && SplineCall.is(call)) {
        SplineCall spline = SplineCall.of(formula, call);
        splines.add(spline.fit(values(filled, spline.variable())));
      }
    }
    return splines;
  }

  private double[] values(Table filled, Expression expression) {
    Set<String> columns = new LinkedHashSet<>();
    Arithmetic.columns(formula, expression, name -> columns.add(name.name()));
    Arithmetic.OfRow number = Variable.finite(formula, expression, filled);
    int[] rows = CompleteRows.of(filled, columns, NaAction.DROP).requireSome(filled).rows();
    return IntStream.of(rows).mapToDouble(number::at).toArray();
  }
}
