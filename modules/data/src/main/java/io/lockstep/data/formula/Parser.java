package io.lockstep.data.formula;

import io.lockstep.data.DataException;
import io.lockstep.data.formula.Expression.Argument;
import io.lockstep.data.formula.Expression.Binary;
import io.lockstep.data.formula.Expression.Call;
import io.lockstep.data.formula.Expression.Group;
import io.lockstep.data.formula.Expression.Name;
import io.lockstep.data.formula.Expression.Text;
import io.lockstep.data.formula.Expression.Unary;
import java.util.ArrayList;
import java.util.List;

/**
 * From a formula to its syntax tree, by recursive descent. Signs bind as in R, the tightest first:
 * {@code ^} (from the right), a sign before an operand, {@code :}, {@code * /}, {@code + -}, {@code
 * ~}.
 */
final class Parser {

  /** From loose to tight; all from the left. */
  private static final List<String> LEVELS = List.of("+-", "*/", ":");

  /** Deep enough for any formula that a person writes, and far from the end of the stack. */
  private static final int DEEPEST = 200;

  /** Of the tree: a chain of operands is as high as it is long, and costs little of the stack. */
  private static final int HIGHEST = 1600;

  private final String text;
  private final List<Token> tokens;
  private int at;
  private int depth;
  private int height; // of the tree that was built last

  private Parser(String text) {
    this.text = text;
    this.tokens = Lexer.tokens(text);
  }

  /**
   * Parses a formula with its {@code ~}.
   *
   * @throws DataException if it is none, with the position
   */
  static Formula parse(String text) {
    return new Parser(text).formula();
  }

  private Formula formula() {
    Expression response = peek().isSign("~") ? null : binary(0);
    if (!peek().isSign("~")) {
      throw unexpected("a ~ between the response and its predictors");
    }
    at++;
    Expression predictors = binary(0);
    if (peek().kind() != Token.Kind.END) {
      throw unexpected("an operator or the end of the formula");
    }
    return new Formula(text, response, predictors);
  }

  private Expression binary(int level) {
    if (level == LEVELS.size()) {
      return unary();
    }
    Expression left = binary(level + 1);
    while (isSignOf(LEVELS.get(level))) {
      Token sign = next();
      int leftHeight = height;
      left = new Binary(sign.text().charAt(0), left, binary(level + 1), sign.position());
      grow(leftHeight, sign);
    }
    return left;
  }

  private boolean isSignOf(String signs) {
    return peek().kind() == Token.Kind.SIGN && signs.contains(peek().text());
  }

  private Expression unary() {
    if (isSignOf("+-")) {
      Token sign = next();
      enter(sign);
      Expression operand = unary();
      depth--;
      grow(0, sign);
      return new Unary(sign.text().charAt(0), operand, sign.position());
    }
    return power();
  }

  private Expression power() {
    Expression base = primary();
    if (!peek().isSign("^")) {
      return base;
    }
    Token sign = next();
    int baseHeight = height;
    enter(sign);
    Expression exponent = unary();
    depth--;
    grow(baseHeight, sign);
    return new Binary('^', base, exponent, sign.position());
  }

  private Expression primary() {
    Token token = next();
    height = 1;
    return switch (token.kind()) {
      case NUMBER -> new Expression.Number(Double.parseDouble(token.text()), token.position());
      case TEXT -> new Text(token.text(), token.position());
      case NAME -> peek().isSign("(") ? call(token) : new Name(token.text(), token.position());
      case SIGN, END -> group(token);
    };
  }

  private Expression group(Token open) {
    if (!open.isSign("(")) {
      at--;
      throw unexpected("a column, a function, a number or a parenthesis");
    }
    enter(open);
    Expression inner = binary(0);
    depth--;
    grow(0, open);
    close(open);
    return new Group(inner, open.position());
  }

  private Expression call(Token function) {
    Token open = next();
    enter(open);
    List<Argument> arguments = new ArrayList<>();
    int highest = 0;
    if (!peek().isSign(")")) {
      arguments.add(argument());
      while (peek().isSign(",")) {
        at++;
        highest = Math.max(highest, height);
        arguments.add(argument());
      }
    }
    depth--;
    grow(highest, open);
    close(open);
    return new Call(function.text(), List.copyOf(arguments), function.position());
  }

  private Argument argument() {
    if (peek().kind() == Token.Kind.NAME && tokens.get(at + 1).isSign("=")) {
      String name = next().text();
      at++;
      return new Argument(name, binary(0));
    }
    return new Argument(null, binary(0));
  }

  private void close(Token open) {
    if (!peek().isSign(")")) {
      throw unexpected("')' for the '(' at position " + open.position());
    }
    at++;
  }

  private void enter(Token token) {
    require(++depth <= DEEPEST, token);
  }

  /** A node stands on the last tree and one of another height. */
  private void grow(int other, Token token) {
    height = 1 + Math.max(height, other);
    require(height <= HIGHEST, token);
  }

  private void require(boolean shallow, Token token) {
    if (!shallow) {
      throw Formula.problem(text, token.position(), "the formula is nested too deeply");
    }
  }

  private Token peek() {
    return tokens.get(at);
  }

  private Token next() {
    return tokens.get(at++);
  }

  private DataException unexpected(String expected) {
    return Formula.problem(
        text,
        peek().position(),
        "expected %s but found %s".formatted(expected, peek().described()));
  }
}
