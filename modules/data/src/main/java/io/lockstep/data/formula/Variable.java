package io.lockstep.data.formula;

import io.lockstep.data.DataException;
import io.lockstep.data.formula.Expression.Call;
import io.lockstep.data.formula.Expression.Name;
import io.lockstep.data.table.Table;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** A predictor before terms are multiplied out: a fitted column or call. Immutable. */
sealed interface Variable permits Variable.Numeric, FactorVariable, LevelCodes, Variable.Spline {

  /** As R writes it. */
  String label();

  /**
   * Names of its columns.
   *
   * @param full whether a factor has one for each level
   */
  List<String> names(boolean full);

  /** Its values over a table that has its columns. */
  Values over(Table table);

  /** The values of a variable over a table; thread-safe. */
  @FunctionalInterface
  interface Values {

    /**
     * Writes the values of a row without missing cells.
     *
     * @param out [names(full)], overwritten
     * @throws DataException if they are not finite, or a level is unseen
     */
    void of(int row, boolean full, double[] out);
  }

  /** A number: a column, or what is computed from some. */
  record Numeric(Formula formula, Expression expression) implements Variable {

    @Override
    public String label() {
      return expression.toString();
    }

    @Override
    public List<String> names(boolean full) {
      return List.of(label());
    }

    @Override
    public Values over(Table table) {
      Arithmetic.OfRow number = finite(formula, expression, table);
      return (row, full, out) -> out[0] = number.at(row);
    }
  }

  /** A spline of a number. */
  record Spline(Formula formula, String label, Expression expression, SplineBasis basis)
      implements Variable {

    @Override
    public List<String> names(boolean full) {
      if (basis.columns() == 1) {
        return List.of(label);
      }
      return IntStream.rangeClosed(1, basis.columns()).mapToObj(i -> label + i).toList();
    }

    @Override
    public Values over(Table table) {
      Arithmetic.OfRow number = finite(formula, expression, table);
      return (row, full, out) -> basis.values(number.at(row), out, 0);
    }
  }

  /** The numbers of an expression, checked to be finite. */
  static Arithmetic.OfRow finite(Formula formula, Expression expression, Table table) {
    Arithmetic.OfRow number = Arithmetic.over(table, formula, expression);
    return row -> {
      double value = number.at(row);
      if (!Double.isFinite(value)) {
        throw new DataException(
            "%s: %s is %s%s, expected a finite number"
                .formatted(
                    table.place(row), expression, value, cells(formula, expression, table, row)));
      }
      return value;
    };
  }

  /**
   * What a computed number comes from, such as {@code where x is -2 (log is of numbers above 0)}.
   */
  private static String cells(Formula formula, Expression expression, Table table, int row) {
    if (expression instanceof Name) {
      return "";
    }
    Set<String> cells = new LinkedHashSet<>();
    Arithmetic.columns(
        formula,
        expression,
        name -> cells.add("%s is %s".formatted(name, table.column(name.name()).label(row))));
    String domain =
        expression instanceof Call call ? Functions.DOMAINS.getOrDefault(call.function(), "") : "";
    return " where " + String.join(", ", cells) + domain;
  }
}
