package io.lockstep.data.formula;

import io.lockstep.data.DataException;

/**
 * A model formula: {@code response ~ predictors}. Immutable and thread-safe.
 *
 * <p>Known are columns, {@code .} (all columns but the response's), {@code + - * : ^}, parentheses,
 * {@code 1} and {@code 0} for the intercept, {@code factor}, {@code bs}, {@code ns}, {@code
 * offset}, {@code I} with arithmetic, and {@code log log2 log10 log1p exp sqrt abs sin cos}. {@code
 * docs/formula.md} explains them.
 */
public final class Formula {

  private final String text;
  private final Expression response;
  private final Expression predictors;

  Formula(String text, Expression response, Expression predictors) {
    this.text = text;
    this.response = response;
    this.predictors = predictors;
  }

  /**
   * Parses a formula.
   *
   * @throws DataException if it is none, naming what is wrong and its position, counted from 1
   */
  public static Formula parse(String text) {
    return Parser.parse(text);
  }

  /** Whether there is no response to the left of the {@code ~}. */
  public boolean isOneSided() {
    return response == null;
  }

  /** What is left of the {@code ~}, as R writes it; empty without a response. */
  public String responseName() {
    return isOneSided() ? "" : response.toString();
  }

  /** What is left of the {@code ~}; null for a formula without a response. */
  Expression response() {
    return response;
  }

  /** What is right of the {@code ~}. */
  Expression predictors() {
    return predictors;
  }

  /** A problem at a position of this formula. */
  DataException problem(int position, String what) {
    return problem(text, position, what);
  }

  /** A problem at a position of a formula, counted from 1. */
  static DataException problem(String formula, int position, String what) {
    return new DataException("formula '%s', position %d: %s".formatted(formula, position, what));
  }

  /** The text that was parsed. */
  @Override
  public String toString() {
    return text;
  }
}
