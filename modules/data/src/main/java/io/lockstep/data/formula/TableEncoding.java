package io.lockstep.data.formula;

import io.lockstep.data.CodeColumn;
import io.lockstep.data.DataException;
import io.lockstep.data.Partition;
import io.lockstep.data.table.ColumnType;
import io.lockstep.data.table.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A formula that was fitted to a table: all that it takes to turn another table with such columns
 * into the same design matrix. A plain value, which travels with a model as JSON.
 *
 * @param formula as it was given
 * @param dot the columns that {@code .} stood for
 * @param options what the formula leaves open
 * @param sources the columns that the formula reads
 * @param factors levels of each factor, the response among them if it is one
 * @param splines knots of each spline
 * @param columns names of the design matrix's columns as R has them, without the intercept
 * @param intercept whether the formula has one
 */
public record TableEncoding(
    String formula,
    List<String> dot,
    EncodingOptions options,
    List<Source> sources,
    List<Levels> factors,
    List<Knots> splines,
    List<String> columns,
    boolean intercept) {

  /** The name of R's constant column. */
  public static final String INTERCEPT = "(Intercept)";

  /**
   * A column that the formula reads.
   *
   * @param name in the header
   * @param type of its cells
   * @param response whether only the response needs it
   * @param number what a missing number becomes, or null
   * @param text what a missing text becomes, or null
   */
  public record Source(
      String name, ColumnType type, boolean response, Double number, String text) {}

  /**
   * A factor.
   *
   * @param variable as R writes it: {@code factor(hr)} or a text column's name
   * @param levels in order; the first is the reference
   */
  public record Levels(String variable, List<String> levels) {

    /** Keeps a copy. */
    public Levels {
      levels = List.copyOf(levels);
    }
  }

  /**
   * A spline.
   *
   * @param variable as R writes it: {@code ns(temp, df = 5)}
   * @param interior ascending
   * @param low boundary knot
   * @param high boundary knot
   */
  public record Knots(String variable, List<Double> interior, double low, double high) {

    /** Keeps a copy. */
    public Knots {
      interior = List.copyOf(interior);
    }
  }

  /** Keeps copies. */
  public TableEncoding {
    dot = List.copyOf(dot);
    sources = List.copyOf(sources);
    factors = List.copyOf(factors);
    splines = List.copyOf(splines);
    columns = List.copyOf(columns);
  }

  /**
   * Fits a formula: finds levels, knots and the values for missing cells.
   *
   * @throws DataException if the table lacks a column, a column does not have the type that it
   *     needs, a factor has one level, or is to be embedded and cannot be, no complete row is left,
   *     cells are missing that must not be, or numbers lie too close to one another for float
   */
  public static TableEncoding fit(Formula formula, Table table, EncodingOptions options) {
    return new EncodingFit(formula, table, options).run();
  }

  /** The types that the columns of another table's file must have. */
  public Map<String, ColumnType> columnTypes() {
    return types(sources);
  }

  /** The types of the predictors' columns, for rows to predict. */
  public Map<String, ColumnType> predictorTypes() {
    return types(sources.stream().filter(source -> !source.response()).toList());
  }

  private static Map<String, ColumnType> types(List<Source> sources) {
    Map<String, ColumnType> types = new LinkedHashMap<>();
    sources.forEach(source -> types.put(source.name(), source.type()));
    return types;
  }

  /** The response as the formula has it; empty without one. */
  public String responseName() {
    return Formula.parse(formula).responseName();
  }

  /**
   * Names of the coefficients of a linear function of the columns, as R has them: with the
   * intercept, if there is one.
   */
  public List<String> coefficientNames() {
    if (!intercept) {
      return columns;
    }
    List<String> names = new ArrayList<>(List.of(INTERCEPT));
    names.addAll(columns);
    return List.copyOf(names);
  }

  /**
   * The columns of the design matrix that hold codes of levels, ascending.
   *
   * @param learned the rows learned from, of {@link EncodedTable#dataset}
   */
  public List<CodeColumn> codeColumns(Partition learned) {
    List<CodeColumn> codes = new ArrayList<>();
    Design.of(Formula.parse(formula), this)
        .embedded()
        .forEach(
            (column, factor) ->
                codes.add(
                    CodeColumn.count(factor.column(), column, factor.levels().size(), learned)));
    return List.copyOf(codes);
  }

  /**
   * Encodes a table with its response.
   *
   * @throws DataException if the table lacks a column, a cell is missing that must not be, a level
   *     is unseen, or a number cannot be computed, naming the line
   */
  public EncodedTable encode(Table table) {
    return EncodedTable.of(this, table, true);
  }

  /**
   * Encodes rows to predict; the response's column may be missing.
   *
   * @throws DataException as {@link #encode}
   */
  public EncodedTable encodeUnlabelled(Table table) {
    return EncodedTable.of(this, table, false);
  }
}
