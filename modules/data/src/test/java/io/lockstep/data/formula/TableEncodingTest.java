package io.lockstep.data.formula;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.DataException;
import io.lockstep.data.Dataset;
import io.lockstep.data.table.Column;
import io.lockstep.data.table.CsvTable;
import io.lockstep.data.table.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableEncodingTest {

  private static final double NA = Double.NaN;

  private static final Table GAPS =
      Table.of(
          "gaps",
          Column.numbers("y", 1, 2, NA, 4, 5, 6),
          Column.numbers("x", 1, NA, 30, 2, 6, 3),
          Column.texts("a", "u", "v", "u", null, "v", "v"));

  private static EncodingOptions options(NaAction na, UnseenLevels unseen) {
    return new EncodingOptions(na, unseen, FactorCoding.TREATMENT);
  }

  private static TableEncoding fit(String formula, Table table, NaAction na) {
    return TableEncoding.fit(Formula.parse(formula), table, options(na, UnseenLevels.FAIL));
  }

  private static double[] row(EncodedTable encoded, int row) {
    double[] x = new double[encoded.encoding().columns().size()];
    encoded.inputs(row, row + 1, x);
    return x;
  }

  @Test
  void leavesOutRowsWithMissingCellsAndCountsThem() {
    EncodedTable encoded = fit("y ~ x + a", GAPS, NaAction.DROP).encode(GAPS);
    assertThat(encoded.rows()).isEqualTo(3);
    assertThat(encoded.tableRow(1)).isEqualTo(4);
    assertThat(encoded.response(1)).isEqualTo(5);
    assertThat(row(encoded, 1)).containsExactly(6, 1);
    assertThat(encoded.notes())
        .containsExactly("3 of 6 rows left out, since cells are missing: 1 in x, 1 in a, 1 in y");
  }

  @Test
  void refusesMissingCellsWhenToldTo() {
    assertThatThrownBy(() -> fit("y ~ x + a", GAPS, NaAction.FAIL))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "gaps: row 1: column x: the cell is missing (rows with missing cells: 3); na = drop leaves such rows out, na = impute fills the cells");
  }

  @Test
  void fillsWithTheMeanOrTheMostFrequentOfLabelledRows() {
    TableEncoding encoding = fit("y ~ x + a", GAPS, NaAction.IMPUTE);
    EncodedTable encoded = encoding.encode(GAPS);
    assertThat(encoded.rows()).isEqualTo(5);
    assertThat(row(encoded, 1)).containsExactly(3, 1); // The mean of 1, 2, 6, 3, without 30.
    assertThat(row(encoded, 2)).containsExactly(2, 1); // v, as three have it.
    assertThat(encoded.notes())
        .containsExactly(
            "1 missing cells of x set to 3.0",
            "1 missing cells of a set to v",
            "1 of 6 rows left out, since cells are missing: 1 in y");
    Table later = Table.of("later", Column.numbers("x", NA, 7), Column.texts("a", "u", null));
    EncodedTable unlabelled = encoding.encodeUnlabelled(later);
    assertThat(row(unlabelled, 0)).containsExactly(3, 0);
    assertThat(row(unlabelled, 1)).containsExactly(7, 1);
  }

  @Test
  void fillsNumbersThatAreLevelsWithOneOfThem() {
    Table table =
        Table.of("hours", Column.numbers("y", 1, 2, 3, 4), Column.numbers("hr", 9, NA, 12, 12));
    EncodedTable encoded = fit("y ~ factor(hr)", table, NaAction.IMPUTE).encode(table);
    assertThat(row(encoded, 1)).containsExactly(1);
  }

  private static double[] codedAs(UnseenLevels unseen, String coding) {
    Table fitted = Table.of("f", Column.numbers("y", 1, 2, 3), Column.texts("a", "u", "v", "w"));
    TableEncoding encoding =
        TableEncoding.fit(Formula.parse("y ~ a" + coding), fitted, options(NaAction.DROP, unseen));
    return row(encoding.encodeUnlabelled(Table.of("later", Column.texts("a", "new", "w"))), 0);
  }

  @Test
  void handlesUnseenLevelsAsTold() {
    assertThat(codedAs(UnseenLevels.REFERENCE, "")).containsExactly(0, 0);
    assertThat(codedAs(UnseenLevels.REFERENCE, " - 1")).containsExactly(1, 0, 0);
    assertThat(codedAs(UnseenLevels.OTHER, " - 1")).containsExactly(0, 0, 0);
    assertThat(codedAs(UnseenLevels.MISSING, " - 1")).containsExactly(0, 0, 1); // The next row.
    assertThatThrownBy(() -> codedAs(UnseenLevels.FAIL, ""))
        .hasMessage(
            "later: row 0: column a: 'new' is none of the levels that the formula was fitted to: u, v, w");
  }

  @Test
  void refusesAnUnseenClass() {
    Table fitted = Table.of("f", Column.texts("kind", "p", "q", "p"), Column.numbers("x", 1, 2, 4));
    TableEncoding encoding =
        TableEncoding.fit(
            Formula.parse("kind ~ x"), fitted, options(NaAction.DROP, UnseenLevels.OTHER));
    Table later = Table.of("later", Column.texts("kind", "r"), Column.numbers("x", 1));
    assertThatThrownBy(() -> encoding.encode(later).dataset())
        .hasMessageStartingWith("later: row 0: column kind: 'r' is none of the levels");
    assertThat(encoding.encodeUnlabelled(later).dataset().classes()).isZero();
  }

  @Test
  void makesClassesOfATextResponse() {
    Table fitted = Table.of("f", Column.texts("kind", "q", "p", "q"), Column.numbers("x", 1, 2, 4));
    Dataset data = fit("kind ~ x", fitted, NaAction.DROP).encode(fitted).dataset();
    assertThat(data.classNames()).containsExactly("p", "q");
    assertThat(data.label(0)).isEqualTo(1);
    assertThat(data.feature(2, 0)).isEqualTo(4);
  }

  @Test
  void codesAllLevelsWhenOneHot() {
    Table table =
        Table.of(
            "f",
            Column.numbers("y", 1, 2, 3),
            Column.texts("a", "u", "v", "u"),
            Column.texts("b", "k", "k", "l"));
    TableEncoding encoding =
        TableEncoding.fit(
            Formula.parse("y ~ a + b + a:b"),
            table,
            new EncodingOptions(NaAction.DROP, UnseenLevels.FAIL, FactorCoding.ONE_HOT));
    assertThat(encoding.columns())
        .containsExactly("au", "av", "bk", "bl", "au:bk", "av:bk", "au:bl", "av:bl");
  }

  @Test
  void refusesNumbersThatCannotBeComputedWithTheirRow() {
    Table table = Table.of("f", Column.numbers("y", 1, 2, 3), Column.numbers("x", 1, -2, 5));
    assertThatThrownBy(() -> fit("y ~ sqrt(x)", table, NaAction.DROP))
        .hasMessage(
            "f: row 1: sqrt(x) is NaN where x is -2 (sqrt is of numbers from 0 on), expected a finite number");
    assertThatThrownBy(() -> fit("log(x + y) ~ x", table, NaAction.DROP).encode(table).response(1))
        .hasMessage(
            "f: row 1: log(x + y) is -Infinity where x is -2, y is 2 (log is of numbers above 0), expected a finite number");
  }

  @Test
  void refusesDecimalCommasUnlessTheyAreMeantAsTexts() {
    Table table =
        Table.of(
            "f", Column.texts("y", "1,5", "2", "-2,25"), Column.texts("x", "1,2", "3,4", "a,b"));
    assertThatThrownBy(() -> fit("y ~ x", table, NaAction.DROP))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "f: column y looks like numbers with decimal commas, such as '1,5'; write them with points, or factor(y) takes them as texts");
    assertThat(fit("factor(y) ~ x", table, NaAction.DROP).columns())
        .containsExactly("x3,4", "xa,b");
  }

  @Test
  void takesConstantNumbersButNoFactorOfOneLevel() {
    Table table =
        Table.of(
            "f",
            Column.numbers("y", 1, 2, 3),
            Column.numbers("x", 4, 4, 4),
            Column.texts("a", "u", "u", "u"));
    assertThat(fit("y ~ x", table, NaAction.DROP).columns()).containsExactly("x");
    assertThatThrownBy(() -> fit("y ~ a", table, NaAction.DROP))
        .hasMessageContaining("a: expected at least two levels but found only 'u' in f");
  }

  private static Table seconds(double origin) {
    double[] x = new double[100];
    double[] y = new double[100];
    for (int i = 0; i < x.length; i++) {
      x[i] = origin + i;
      y[i] = i % 7;
    }
    return Table.of("log", Column.numbers("y", y), Column.numbers("x", x));
  }

  @Test
  void refusesNumbersThatFloatsCannotTellApart() {
    Table table = seconds(1_300_000_000);
    String refusal =
        ": training computes in single precision, which rounds numbers such as 1.3E9 by up to 64, too much for their standard deviation of 29; take a number near their mean away, as I(x - 1000) does";
    assertThatThrownBy(() -> fit("y ~ x", table, NaAction.DROP))
        .isInstanceOf(DataException.class)
        .hasMessage("log: column x" + refusal);
    assertThatThrownBy(() -> fit("x ~ y", table, NaAction.DROP))
        .hasMessage("log: the response" + refusal);
    assertThatThrownBy(() -> fit("y ~ log(x + 1 - 1300000000) + offset(x)", table, NaAction.DROP))
        .hasMessage("log: the offset" + refusal);
    assertThat(fit("y ~ I(x - 1300000050)", table, NaAction.DROP).encode(table).dataset().rows())
        .isEqualTo(100);
    Table exact = seconds(10_000_000);
    assertThat(fit("y ~ x", exact, NaAction.DROP).columns()).containsExactly("x");
  }

  @Test
  void doesNotCheckWhatAMinusTakesAway(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("f.csv");
    Files.writeString(
        file, "y,same,z,level,odd\n" + "1,4,7,u,2\n2,4,9,u,3\n".repeat(10) + "3,4,8,u,4o\n");
    Table table = CsvTable.read(file);
    String without = "y ~ . - same - level - odd - ns(same, df = 3)";
    TableEncoding encoding = fit(without, table, NaAction.DROP);
    assertThat(encoding.columns()).containsExactly("z");
    assertThat(encoding.factors()).isEmpty();
    assertThat(encoding.splines()).isEmpty();
    assertThat(row(encoding.encode(table), 1)).containsExactly(9);
  }

  @Test
  void leavesOutRowsWithoutARemovedCellAsR() {
    assertThat(fit("y ~ x + a - a", GAPS, NaAction.DROP).encode(GAPS).rows()).isEqualTo(3);
  }

  @Test
  void refusesColumnsOfAnotherType() {
    TableEncoding encoding = fit("y ~ a", GAPS, NaAction.DROP);
    Table later = Table.of("later", Column.numbers("a", 1, 2));
    assertThatThrownBy(() -> encoding.encodeUnlabelled(later))
        .hasMessage(
            "later: column a: expected TEXT, as in the data that the formula was fitted to, but found NUMBER");
    assertThatThrownBy(() -> encoding.encodeUnlabelled(Table.of("later", Column.texts("A", "u"))))
        .hasMessage("later: there is no column 'a'; did you mean 'A'?");
  }

  @Test
  void refusesOneTextAmongNumbersUnlessItIsALevel(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("f.csv");
    Files.writeString(file, "y,x\n" + "1,2\n2,3\n".repeat(10) + "3,4o\n");
    Table table = CsvTable.read(file);
    assertThatThrownBy(() -> fit("y ~ x", table, NaAction.DROP))
        .hasMessage(
            file
                + ":22: column x: expected a number, as in almost all its cells, but found '4o'; factor(x) takes them as texts");
    assertThatThrownBy(() -> fit("x ~ y", table, NaAction.DROP)).hasMessageContaining("'4o'");
    assertThatThrownBy(() -> fit("y ~ log(x)", table, NaAction.DROP))
        .hasMessageEndingWith("is text, as line 22 has '4o'");
    assertThat(fit("y ~ factor(x)", table, NaAction.DROP).columns())
        .containsExactly("factor(x)3", "factor(x)4o");
  }

  @Test
  void needsNoResponseToPredict() {
    TableEncoding encoding = fit("log(y) ~ x", GAPS, NaAction.DROP);
    assertThat(encoding.predictorTypes()).containsOnlyKeys("x");
    assertThat(encoding.encode(GAPS).response(0)).isZero();
    assertThat(encoding.encodeUnlabelled(Table.of("new", Column.numbers("x", 3))).rows())
        .isEqualTo(1);
  }

  @Test
  void leavesOutAllRowsOnlyOfThoseToPredict() {
    TableEncoding encoding = fit("y ~ x", GAPS, NaAction.DROP);
    Table empty = Table.of("new", Column.numbers("y", 1, 2), Column.numbers("x", NA, NA));
    EncodedTable encoded = encoding.encodeUnlabelled(empty);
    assertThat(encoded.rows()).isZero();
    assertThat(encoded.tableRows()).isEqualTo(2);
    assertThatThrownBy(() -> encoding.encode(empty))
        .hasMessage(
            "new: no row is complete in the columns that the formula needs; 2 of 2 rows left out, since cells are missing: 2 in x");
    assertThatThrownBy(() -> fit("y ~ x", empty, NaAction.DROP))
        .hasMessageStartingWith("new: no row is complete");
  }

  @Test
  void refusesTooManyColumns() {
    double[] ids = IntStream.range(0, 50_000).asDoubleStream().toArray();
    Table table =
        Table.of(
            "ids", Column.numbers("y", ids), Column.numbers("id", ids), Column.numbers("id2", ids));
    assertThatThrownBy(() -> fit("y ~ id + factor(id):factor(id2)", table, NaAction.DROP))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "the design matrix has too many columns, expected at most 100000, but a term is the product of factor(id) (50000 columns) and factor(id2) (50000 columns)");
  }

  @Test
  void computesRangesOfRows() {
    EncodedTable encoded = fit("y ~ x", GAPS, NaAction.DROP).encode(GAPS);
    double[] two = new double[2];
    encoded.inputs(2, 4, two);
    assertThat(two).containsExactly(6, 3);
    assertThatThrownBy(() -> encoded.inputs(2, 5, new double[3]))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
