package io.lockstep.data.formula;

import io.lockstep.data.table.NumberText;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A node of a formula's syntax tree. Its text is what R's {@code deparse} writes, and so what R's
 * columns are called after.
 */
sealed interface Expression {

  /** Where it begins in the formula, counted from 1; of a binary operation, where its sign is. */
  int position();

  /** A number as it is written. */
  record Number(double value, int position) implements Expression {
    @Override
    public String toString() {
      return NumberText.of(value);
    }
  }

  /** A text in quotes. */
  record Text(String value, int position) implements Expression {
    @Override
    public String toString() {
      return '"' + value + '"';
    }
  }

  /** A column, {@code .}, or a constant such as {@code TRUE}. */
  record Name(String name, int position) implements Expression {
    @Override
    public String toString() {
      return Lexer.NAME.matcher(name).matches() ? name : '`' + name + '`';
    }
  }

  /** A sign before an operand. */
  record Unary(char sign, Expression operand, int position) implements Expression {
    @Override
    public String toString() {
      return sign + operand.toString();
    }
  }

  /** Two operands with a sign between them. */
  record Binary(char sign, Expression left, Expression right, int position) implements Expression {
    @Override
    public String toString() {
      boolean spaced = sign == '+' || sign == '-' || sign == '*';
      return left + (spaced ? " " + sign + " " : Character.toString(sign)) + right;
    }
  }

  /** What stands in parentheses. */
  record Group(Expression inner, int position) implements Expression {
    @Override
    public String toString() {
      return "(" + inner + ")";
    }
  }

  /** A function with its arguments. */
  record Call(String function, List<Argument> arguments, int position) implements Expression {
    @Override
    public String toString() {
      return arguments.stream()
          .map(Argument::toString)
          .collect(Collectors.joining(", ", function + "(", ")"));
    }
  }

  /**
   * What is handed to a function.
   *
   * @param name null for one without
   */
  record Argument(String name, Expression value) {
    @Override
    public String toString() {
      return name == null ? value.toString() : name + " = " + value;
    }
  }
}
