package io.lockstep.data.formula;

import io.lockstep.data.DataException;
import io.lockstep.data.formula.Expression.Argument;
import io.lockstep.data.formula.Expression.Call;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A call of {@code bs(x, df, knots, degree, intercept, Boundary.knots)} or {@code ns(x, df, knots,
 * intercept, Boundary.knots)}, by name or in this order, as R has them.
 */
final class SplineCall {

  private static final List<String> BS =
      List.of("x", "df", "knots", "degree", "intercept", "Boundary.knots");
  private static final List<String> NS = List.of("x", "df", "knots", "intercept", "Boundary.knots");

  private static final int HIGHEST_DEGREE = 20;
  private static final int MOST_COLUMNS = 10_000;

  private final Formula formula;
  private final Call call;
  private final boolean natural;
  private final Map<String, Expression> arguments;

  private SplineCall(Formula formula, Call call) {
    this.formula = formula;
    this.call = call;
    this.natural = call.function().equals("ns");
    this.arguments = Arguments.match(formula, call, natural ? NS : BS);
  }

  /** Whether a function is one of these. */
  static boolean is(Call call) {
    return call.function().equals("bs") || call.function().equals("ns");
  }

  /**
   * Checks the arguments.
   *
   * @throws DataException if one is not known or has a wrong value, with its position
   */
  static SplineCall of(Formula formula, Call call) {
    return new SplineCall(formula, call);
  }

  /** What the spline is of. */
  Expression variable() {
    return arguments.get("x");
  }

  private boolean intercept() {
    Expression value = arguments.get("intercept");
    if (value == null) {
      return false;
    }
    return switch (value.toString()) {
      case "TRUE", "T", "1" -> true;
      case "FALSE", "F", "0" -> false;
      default -> throw wrong("intercept", "TRUE or FALSE");
    };
  }

  private int degree() {
    return natural ? 3 : arguments.containsKey("degree") ? whole("degree", 1, HIGHEST_DEGREE) : 3;
  }

  private int whole(String name, int least, int most) {
    double[] value = numbers(name);
    if (value.length != 1
        || value[0] != Math.rint(value[0])
        || value[0] < least
        || value[0] > most) {
      throw wrong(name, "a whole number from %d to %d".formatted(least, most));
    }
    return (int) value[0];
  }

  private double[] numbers(String name) {
    Expression value = arguments.get(name);
    List<Expression> elements =
        value instanceof Call list && list.function().equals("c")
            ? list.arguments().stream().map(Argument::value).toList()
            : List.of(value);
    return elements.stream().mapToDouble(element -> number(name, element)).toArray();
  }

  private double number(String name, Expression element) {
    Arithmetic.columns(
        formula,
        element,
        column -> {
          throw wrong(name, "a number, or several as c(1, 2)");
        });
    return Arithmetic.over(null, formula, element).at(0);
  }

  private DataException wrong(String name, String expected) {
    Expression value = arguments.get(name);
    return formula.problem(
        value.position(),
        "%s of %s: expected %s but found '%s'".formatted(name, call.function(), expected, value));
  }

  /**
   * The knots: those given, or quantiles.
   *
   * @param values of the variable, in any order, none missing, at least one; are sorted, since
   *     there may be too many for a copy
   * @throws DataException if they allow no such spline
   */
  TableEncoding.Knots fit(double[] values) {
    Arrays.sort(values);
    double[] boundary = boundary(values);
    double[] interior = interior(values, boundary);
    for (double knot : interior) {
      if (!(knot > boundary[0] && knot < boundary[1])) {
        throw formula.problem(
            call.position(),
            "%s: expected its knots between %s and %s but found %s; give other ones by knots = c(...)"
                .formatted(call, boundary[0], boundary[1], knot));
      }
    }
    return new TableEncoding.Knots(
        call.toString(), Arrays.stream(interior).boxed().toList(), boundary[0], boundary[1]);
  }

  private double[] boundary(double[] sorted) {
    double[] boundary = {sorted[0], sorted[sorted.length - 1]};
    if (arguments.containsKey("Boundary.knots")) {
      boundary = numbers("Boundary.knots");
      Arrays.sort(boundary);
      if (boundary.length != 2 || !(boundary[0] < boundary[1])) {
        throw wrong("Boundary.knots", "two different numbers as c(0, 1)");
      }
    }
    if (boundary[0] == boundary[1]) {
      throw formula.problem(
          call.position(), "%s is %s in all rows".formatted(variable(), boundary[0]));
    }
    return boundary;
  }

  private double[] interior(double[] sorted, double[] boundary) {
    if (arguments.containsKey("knots")) {
      if (arguments.containsKey("df")) {
        throw formula.problem(call.position(), call.function() + " takes df or knots, not both");
      }
      double[] knots = numbers("knots");
      Arrays.sort(knots);
      return knots;
    }
    if (!arguments.containsKey("df")) {
      return new double[0];
    }
    int least = (natural ? 1 : degree()) + (intercept() ? 1 : 0);
    int count = whole("df", least, MOST_COLUMNS) - least;
    requireValues(sorted, count, least);
    int from = 0;
    int to = sorted.length;
    while (from < to && sorted[from] < boundary[0]) {
      from++;
    }
    while (to > from && sorted[to - 1] > boundary[1]) {
      to--;
    }
    if (from == to) {
      throw formula.problem(call.position(), call + ": no row is between its boundary knots");
    }
    return Quantiles.interior(sorted, from, to, count);
  }

  /** As many knots as there are different values, or more, leave columns without any row. */
  private void requireValues(double[] sorted, int count, int least) {
    int different = Math.min(1, sorted.length);
    for (int i = 1; i < sorted.length; i++) {
      different += sorted[i] == sorted[i - 1] ? 0 : 1;
    }
    if (count >= different) {
      throw wrong(
          "df",
          "at most %d, as %s has %d different values,"
              .formatted(different - 1 + least, variable(), different));
    }
  }

  /** The basis over fitted knots. */
  SplineBasis basis(TableEncoding.Knots knots) {
    double[] interior = knots.interior().stream().mapToDouble(Double::doubleValue).toArray();
    return natural
        ? new NaturalSpline(interior, knots.low(), knots.high(), intercept())
        : new SplineBasis.B(
            new BSplines(degree() + 1, interior, knots.low(), knots.high()), intercept());
  }
}
