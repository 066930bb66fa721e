package io.lockstep.data.formula;

import io.lockstep.data.DataException;
import io.lockstep.data.NearestName;
import io.lockstep.data.formula.Expression.Call;
import io.lockstep.data.formula.Expression.Name;
import io.lockstep.data.table.Table;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Which columns a formula reads. Stateless. */
final class FormulaColumns {

  private FormulaColumns() {}

  /**
   * Which columns a formula may read, whatever its table has: those that it names, and all where
   * {@code .} stands for many.
   */
  static Predicate<String> named(Formula formula) {
    Set<String> names = new HashSet<>();
    if (formula.response() != null) {
      collect(formula.response(), names);
    }
    collect(formula.predictors(), names);
    return names.contains(".") ? name -> true : names::contains;
  }

  private static void collect(Expression expression, Set<String> names) {
    switch (expression) {
      case Name name -> names.add(name.name());
      case Expression.Number number -> {}
      case Expression.Text text -> {}
      case Expression.Group group -> collect(group.inner(), names);
      case Expression.Unary unary -> collect(unary.operand(), names);
      case Expression.Binary binary -> {
        collect(binary.left(), names);
        collect(binary.right(), names);
      }
      case Call call -> call.arguments().forEach(argument -> collect(argument.value(), names));
    }
  }

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
    List<String> known = table.columnNames();
    if (!known.contains(name.name())) {
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
