package io.lockstep.data.formula;

import io.lockstep.data.DataException;
import io.lockstep.data.formula.Expression.Binary;
import io.lockstep.data.formula.Expression.Call;
import io.lockstep.data.formula.Expression.Group;
import io.lockstep.data.formula.Expression.Name;
import io.lockstep.data.formula.Expression.Unary;
import io.lockstep.data.table.Column;
import io.lockstep.data.table.ColumnType;
import io.lockstep.data.table.Table;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * Numbers that are computed from columns: {@code + - * / ^} with their usual meaning, parentheses,
 * and {@code log log2 log10 log1p exp sqrt abs sin cos I}; {@code log(x, base)} too. Where a cell
 * is missing, the number is NaN.
 */
final class Arithmetic {

  /** The number of a row. */
  @FunctionalInterface
  interface OfRow {
    double at(int row);
  }

  private Arithmetic() {}

  /**
   * Checks an expression without a table, and names its columns.
   *
   * @throws DataException for what is no arithmetic, with its position
   */
  static void columns(Formula formula, Expression expression, Consumer<Name> columns) {
    switch (expression) {
      case Expression.Number number -> {}
      case Name name -> columns.accept(requireColumn(formula, name));
      case Group group -> columns(formula, group.inner(), columns);
      case Unary unary -> columns(formula, unary.operand(), columns);
      case Binary binary -> {
        if (binary.sign() == ':') {
          throw formula.problem(
              binary.position(), "':' is no arithmetic; it stands between predictors");
        }
        columns(formula, binary.left(), columns);
        columns(formula, binary.right(), columns);
      }
      case Call call -> {
        requireKnown(formula, call);
        call.arguments().forEach(argument -> columns(formula, argument.value(), columns));
      }
      case Expression.Text text ->
          throw formula.problem(
              text.position(), "expected a number or a column but found the text " + text);
    }
  }

  private static Name requireColumn(Formula formula, Name name) {
    if (name.name().equals(".")) {
      throw formula.problem(
          name.position(), "'.' stands for many columns and cannot be computed with");
    }
    return name;
  }

  private static void requireKnown(Formula formula, Call call) {
    boolean known = call.function().equals("I") || Functions.OF_NUMBER.containsKey(call.function());
    if (!known) {
      TreeSet<String> names = new TreeSet<>(Functions.OF_NUMBER.keySet());
      names.add("I");
      throw Functions.unknown(formula, call, names);
    }
    arguments(formula, call);
  }

  private static Map<String, Expression> arguments(Formula formula, Call call) {
    return Arguments.match(
        formula, call, call.function().equals("log") ? List.of("x", "base") : List.of("x"));
  }

  /**
   * The numbers of a checked expression over a table.
   *
   * @throws DataException if a column is missing or text
   */
  static OfRow over(Table table, Formula formula, Expression expression) {
    return switch (expression) {
      case Expression.Number number -> row -> number.value();
      case Name name -> column(table, formula, name);
      case Group group -> over(table, formula, group.inner());
      case Unary unary -> {
        OfRow operand = over(table, formula, unary.operand());
        yield unary.sign() == '-' ? row -> -operand.at(row) : operand;
      }
      case Binary binary -> {
        OfRow left = over(table, formula, binary.left());
        OfRow right = over(table, formula, binary.right());
        DoubleBinaryOperator operator = operator(binary.sign());
        yield row -> operator.applyAsDouble(left.at(row), right.at(row));
      }
      case Call call -> function(table, formula, call);
      case Expression.Text text -> throw new IllegalStateException("unchecked text " + text);
    };
  }

  private static OfRow column(Table table, Formula formula, Name name) {
    Column column = table.column(name.name());
    if (column.type() == ColumnType.TEXT) {
      throw formula.problem(
          name.position(),
          "expected a column of numbers but '%s' of %s is text%s"
              .formatted(
                  name.name(),
                  table.name(),
                  column
                      .oddCell()
                      .map(odd -> ", as line %d has '%s'".formatted(odd.line(), odd.text()))
                      .orElse("")));
    }
    return column::number;
  }

  private static OfRow function(Table table, Formula formula, Call call) {
    Map<String, Expression> arguments = arguments(formula, call);
    OfRow argument = over(table, formula, arguments.get("x"));
    if (call.function().equals("I")) {
      return argument;
    }
    if (!arguments.containsKey("base")) {
      DoubleUnaryOperator function = Functions.OF_NUMBER.get(call.function());
      return row -> function.applyAsDouble(argument.at(row));
    }
    OfRow base = over(table, formula, arguments.get("base"));
    return row -> StrictMath.log(argument.at(row)) / StrictMath.log(base.at(row));
  }

  private static DoubleBinaryOperator operator(char sign) {
    return switch (sign) {
      case '+' -> (a, b) -> a + b;
      case '-' -> (a, b) -> a - b;
      case '*' -> (a, b) -> a * b;
      case '/' -> (a, b) -> a / b;
      case '^' -> (a, b) -> b == 2 ? a * a : StrictMath.pow(a, b);
      default -> throw new IllegalStateException("unchecked sign " + sign);
    };
  }
}
