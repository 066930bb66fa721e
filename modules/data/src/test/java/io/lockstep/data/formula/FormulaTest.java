package io.lockstep.data.formula;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.data.DataException;
import io.lockstep.data.table.Column;
import io.lockstep.data.table.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormulaTest {

  private static final Table TABLE =
      Table.of(
          "t.csv",
          Column.numbers("y", 1, 2, 4, 3),
          Column.numbers("x", 0, 1, 2, 3),
          Column.numbers("temp", 5, 3, 8, 1),
          Column.texts("a", "u", "v", "w", "u"));

  private static TableEncoding fit(String formula) {
    return TableEncoding.fit(Formula.parse(formula), TABLE, EncodingOptions.DEFAULT);
  }

  @Test
  void writesWhatRWouldDeparse() {
    Formula formula =
        Formula.parse("y~ns( x,df=5,knots=c(1,2) )+I(x ^2/ 3)*`my col`+log(x+1):-z-(1+0.50)");
    assertThat(formula.predictors().toString())
        .isEqualTo(
            "ns(x, df = 5, knots = c(1, 2)) + I(x^2/3) * `my col` + log(x + 1):-z - (1 + 0.5)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "-x^2; -x^2; (-(x^2))",
        "a:b*c; a:b * c; ((a:b) * c)",
        "a+b*c; a + b * c; (a + (b * c))",
        "a-b-c; a - b - c; ((a - b) - c)",
        "2^3^2; 2^3^2; (2^(3^2))",
        "2^-1; 2^-1; (2^(-1))"
      })
  void bindsSignsAsR(String text, String written, String tree) {
    Expression predictors = Formula.parse("~" + text).predictors();
    assertThat(predictors.toString()).isEqualTo(written);
    assertThat(tree(predictors)).isEqualTo(tree);
  }

  private static String tree(Expression expression) {
    return switch (expression) {
      case Expression.Binary b -> {
        String sign = "+-*".indexOf(b.sign()) < 0 ? "" + b.sign() : " " + b.sign() + " ";
        yield "(" + tree(b.left()) + sign + tree(b.right()) + ")";
      }
      case Expression.Unary u -> "(" + u.sign() + tree(u.operand()) + ")";
      default -> expression.toString();
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '$',
      value = {
        "y # 2 # expected a ~ between the response and its predictors but found the end of the formula",
        "y ~ # 4 # expected a column, a function, a number or a parenthesis but found the end of the formula",
        "y ~ x +  # 8 # expected a column, a function, a number or a parenthesis but found the end of the formula",
        "y ~ (x + a # 11 # expected ')' for the '(' at position 5 but found the end of the formula",
        "y ~ x a # 7 # expected an operator or the end of the formula but found 'a'",
        "y ~ x %in% a # 7 # '%in%' is not known; known are + - * : ^ ( ) and ~",
        "y ~ x | a # 7 # '|' is not known; known are + - * : ^ ( ) and ~",
        "y ~ `x # 5 # the quote ` is not closed",
        "y ~ x ~ a # 7 # expected an operator or the end of the formula but found '~'"
      })
  void refusesWhatIsNoFormula(String formula, int position, String problem) {
    String text = formula.equals("y ~ x +") ? "y ~ x +" : formula;
    assertThatThrownBy(() -> Formula.parse(text))
        .isInstanceOf(DataException.class)
        .hasMessage("formula '%s', position %d: %s".formatted(text, position, problem));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '$',
      value = {
        "y ~ poly(x, 2) # 5 # the function 'poly' is not known here; known are I, abs, bs, cos, exp, factor, log, log10, log1p, log2, ns, offset, sin, sqrt",
        "y ~ Log(x) # 5 # the function 'Log' is not known here; known are I, abs, bs, cos, exp, factor, log, log10, log1p, log2, ns, offset, sin, sqrt; did you mean 'log'?",
        "y ~ x/a # 6 # '/' is not known between predictors; write a + a:b, or I(a/b) for a quotient",
        "y ~ x + 2 # 9 # the number 2 is no predictor; 1 and 0 stand for the intercept",
        "y ~ x + y # 9 # the response y cannot be a predictor",
        "y ~ x:1 # 7 # the number 1 is no predictor",
        "y ~ (x + a)^b # 13 # expected a whole number from 1 to 10 behind '^', or I(...) around a power, but found 'b'",
        "y ~ tmep # 5 # t.csv has no column 'tmep'; did you mean 'temp'?",
        "y ~ offset(x, a) # 5 # offset takes one argument",
        "y ~ temp - offset(x) # 12 # an offset cannot be taken away; leave offset(x) out",
        "y ~ temp - (a + offset(x)) # 17 # an offset cannot be taken away; leave offset(x) out",
        "y ~ offset(x) + a:(temp + offset(x)) # 19 # an intercept or an offset cannot be part of an interaction",
        "y ~ a:offset(x) # 7 # an offset cannot be part of an interaction",
        "y ~ factor(x + 1) # 5 # factor takes the name of one column, but found 'factor(x + 1)'",
        "y ~ log(a) # 9 # expected a column of numbers but 'a' of t.csv is text",
        "y ~ log(poly(x)) # 9 # the function 'poly' is not known here; known are I, abs, cos, exp, log, log10, log1p, log2, sin, sqrt",
        "y ~ log(x, 2, 3) # 5 # log takes at most 2 arguments but has 3",
        "y ~ log(base = 2) # 5 # log needs its argument x",
        "y ~ exp(base = x) # 16 # exp has no argument 'base'; it has x",
        "y ~ I(base = x) # 14 # I has no argument 'base'; it has x",
        "y ~ bs(x, df = 4, df = 5) # 24 # bs is given df twice",
        "y ~ I(x:temp) # 8 # ':' is no arithmetic; it stands between predictors",
        "y ~ I(.) # 7 # '.' stands for many columns and cannot be computed with",
        "y ~ ns(x, dg = 3) # 16 # ns has no argument 'dg'; it has x, df, knots, intercept, Boundary.knots",
        "y ~ ns(x, df = 2.5) # 16 # df of ns: expected a whole number from 1 to 10000 but found '2.5'",
        "y ~ bs(x, df = 2) # 16 # df of bs: expected a whole number from 3 to 10000 but found '2'",
        "y ~ bs(x, df = temp) # 16 # df of bs: expected a number, or several as c(1, 2) but found 'temp'",
        "y ~ bs(x, df = 4, knots = 2) # 5 # bs takes df or knots, not both",
        "y ~ ns(x, df = 5) # 16 # df of ns: expected at most 4, as x has 4 different values, but found '5'",
        "y ~ bs(x, knots = 7) # 5 # bs(x, knots = 7): expected its knots between 0.0 and 3.0 but found 7.0; give other ones by knots = c(...)",
        "y ~ 1 # 5 # there is no predictor to the right of the ~; an intercept alone takes no training: it is the link of the mean response, and its deviance the null deviance of any other formula"
      })
  void refusesWhatItCannotFitByNameAndPosition(String formula, int position, String problem) {
    assertThatThrownBy(() -> fit(formula))
        .isInstanceOf(DataException.class)
        .hasMessage("formula '%s', position %d: %s".formatted(formula, position, problem));
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "-", "2^", "log("})
  void refusesDepthsThatWouldOverflowTheStack(String opening) {
    String formula = "y ~ " + opening.repeat(100_000);
    assertThatThrownBy(() -> Formula.parse(formula))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("nested too deeply");
  }

  @Test
  void refusesDeepTreesOfNestedChains() {
    String formula = "x";
    for (int i = 0; i < 150; i++) {
      formula = "(" + formula + ")" + " + x".repeat(1000);
    }
    String nested = "y ~ " + formula;
    assertThatThrownBy(() -> Formula.parse(nested))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("nested too deeply");
    String wide = "y ~ I((x" + " + x".repeat(700) + ") * (x" + " + x".repeat(700) + "))";
    assertThat(fit(wide).columns()).hasSize(1);
  }

  private static Table wide(int columns) {
    Column[] all = new Column[columns + 1];
    all[0] = Column.numbers("y", 1, 2);
    for (int i = 1; i <= columns; i++) {
      all[i] = Column.numbers("a" + i, 0, 1);
    }
    return Table.of("wide", all);
  }

  @ParameterizedTest
  @CsvSource({
    "y ~ (.)^10, 8, '^'",
    "y ~ (.)^2:(.)^2, 10, ':'",
    "y ~ a1*a2*a3*a4*a5*a6*a7*a8*a9*a10*a11*a12*a13*a14*a15*a16*a17*a18*a19*a20, 47, '*'",
  })
  @Timeout(20)
  void refusesTooManyTerms(String formula, int position, String sign) {
    assertThatThrownBy(
            () -> TableEncoding.fit(Formula.parse(formula), wide(60), EncodingOptions.DEFAULT))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "formula '%s', position %d: '%s' makes too many terms, expected at most 10000"
                .formatted(formula, position, sign));
  }

  @Test
  @Timeout(20)
  void takesThousandsOfTerms() {
    assertThat(
            TableEncoding.fit(Formula.parse("y ~ (.)^2"), wide(140), EncodingOptions.DEFAULT)
                .columns())
        .hasSize(140 + 140 * 139 / 2);
  }

  @Test
  void matchesArgumentsAsR() {
    Table table = Table.of("t", Column.numbers("y", 1, 2), Column.numbers("x", 8, 16));
    TableEncoding logs =
        TableEncoding.fit(
            Formula.parse("y ~ log(base = 2, x) + log(x = x, 4)"), table, EncodingOptions.DEFAULT);
    double[] row = new double[2];
    logs.encode(table).inputs(0, 1, row);
    assertThat(row).containsExactly(new double[] {3, 1.5}, within(1e-15));
    assertThat(logs.columns()).containsExactly("log(base = 2, x)", "log(x = x, 4)");
    assertThat(fit("y ~ bs(temp, degree = 2, 5)").columns()).hasSize(5);
    assertThat(fit("y ~ bs(df = 4, temp)").columns()).hasSize(4);
  }

  @Test
  void countsAnOffsetOnceAsR() {
    EncodedTable encoded =
        fit("y ~ temp + offset(x) + offset( x ) + offset(temp) - (-offset(x))").encode(TABLE);
    assertThat(encoded.offset(3)).isEqualTo(3 + 1);
  }

  @Test
  void takesLongSums() {
    assertThat(fit("y ~ x" + " + x".repeat(1000)).columns()).containsExactly("x");
  }
}
