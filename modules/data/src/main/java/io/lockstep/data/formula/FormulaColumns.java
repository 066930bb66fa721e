package io.lockstep.data.formula;

import io.lockstep.data.DataException;
import io.lockstep.data.NearestName;
import io.lockstep.data.formula.Expression.Call;
import io.lockstep.data.formula.Expression.Name;
import io.lockstep.data.table.Table;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Which columns a formula reads. Stateless. */
final class FormulaColumns {

  private FormulaColumns() {}

  /** The columns of the response, none without one. */
  static Set<String> ofResponse(Formula formula) {
    Set<String> columns = new LinkedHashSet<>();
    if (formula.response() != null) {
      visit(formula, formula.response(), name -> columns.add(name.name()));
    }
    return columns;
  }

  /**
   * The columns of the predictors and offsets.
   *
   * @throws DataException if the table lacks one, naming the nearest
   */
  static Set<String> ofPredictors(Formula formula, Terms terms, Table table) {
    Set<String> columns = new LinkedHashSet<>();
    Consumer<Name> add =
        name -> {
          require(formula, name, table);
          columns.add(name.name());
        };
    terms.variables().forEach(variable -> visit(formula, variable, add));
    terms.removed().forEach(variable -> visit(formula, variable, add));
    terms.offsets().forEach(offset -> Arithmetic.columns(formula, offset, add));
    return columns;
  }

  /** Refuses a response whose columns a table lacks. */
  static void requireResponse(Formula formula, Table table) {
    if (formula.response() != null) {
      visit(formula, formula.response(), name -> require(formula, name, table));
    }
  }

  private static void require(Formula formula, Name name, Table table) {
    if (table.find(name.name()).isEmpty()) {
      List<String> known = table.columnNames();
      String hint =
          NearestName.of(name.name(), known)
              .map(near -> "; did you mean '" + near + "'?")
              .orElse("; its columns are " + String.join(", ", known));
      throw formula.problem(
          name.position(), "%s has no column '%s'%s".formatted(table.name(), name.name(), hint));
    }
  }

  private static void visit(Formula formula, Expression variable, Consumer<Name> columns) {
    Optional<Name> factor = factorColumn(formula, variable);
    if (factor.isPresent()) {
      columns.accept(factor.get());
    } else if (variable instanceof Call call && SplineCall.is(call)) {
      Arithmetic.columns(formula, SplineCall.of(formula, call).variable(), columns);
    } else {
      Arithmetic.columns(formula, variable, columns);
    }
  }

  /**
   * The column of {@code factor(column)}.
   *
   * @throws DataException if something else is in the parentheses
   */
  static Optional<Name> factorColumn(Formula formula, Expression variable) {
    if (!(variable instanceof Call call) || !call.function().equals("factor")) {
      return Optional.empty();
    }
    if (call.arguments().size() == 1
        && call.arguments().getFirst().name() == null
        && call.arguments().getFirst().value() instanceof Name name
        && !name.name().equals(".")) {
      return Optional.of(name);
    }
    throw formula.problem(
        call.position(), "factor takes the name of one column, but found '%s'".formatted(call));
  }
}
