package io.lockstep.data.formula;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.CodeColumn;
import io.lockstep.data.DataException;
import io.lockstep.data.Dataset;
import io.lockstep.data.Partition;
import io.lockstep.data.Partitions;
import io.lockstep.data.Scaling;
import io.lockstep.data.Split;
import io.lockstep.data.SplitMethod;
import io.lockstep.data.table.Column;
import io.lockstep.data.table.Table;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmbeddedFactorsTest {

  private static final Table SALES =
      Table.of(
          "sales",
          Column.numbers("y", 1, 2, 3, 4, 5, 6),
          Column.numbers("x", 1, 5, 2, 8, 3, 9),
          Column.texts("seller", "eve", "bob", null, "eve", "ann", "dan"),
          Column.texts("kind", "u", "v", "u", "v", "u", "u"),
          Column.numbers("hr", 9, 12, 9, 7, 12, 12));

  private static TableEncoding fit(String formula, EncodingOptions options, String... embedded) {
    return TableEncoding.fit(
        Formula.parse(formula), SALES, options.withEmbedded(List.of(embedded)));
  }

  private static TableEncoding fit(String formula, String... embedded) {
    return fit(formula, EncodingOptions.DEFAULT, embedded);
  }

  private static double[] row(EncodedTable encoded, int row) {
    double[] x = new double[encoded.encoding().columns().size()];
    encoded.inputs(row, row + 1, x);
    return x;
  }

  @Test
  void isOneColumnOfCodes() {
    TableEncoding encoding = fit("y ~ kind + seller + x + factor(hr)", "seller", "hr");
    assertThat(encoding.columns()).containsExactly("kindv", "seller", "x", "factor(hr)");
    EncodedTable rows = encoding.encode(SALES);
    assertThat(rows.rows()).isEqualTo(5); // One seller is missing.
    assertThat(row(rows, 0)).containsExactly(0, 3, 1, 1); // Of ann, bob, dan, eve and 7, 9, 12.
    assertThat(row(rows, 2)).containsExactly(1, 3, 8, 0);
    assertThat(row(rows, 4)).containsExactly(0, 2, 9, 2);
  }

  @Test
  void otherFactorsAreCodedAsIfItWereNumber() {
    assertThat(fit("y ~ seller + kind - 1", "seller").columns())
        .containsExactly("seller", "kindu", "kindv");
  }

  @Test
  void fillsMissingCellsWithTheMostFrequentLevel() {
    EncodingOptions options =
        new EncodingOptions(NaAction.IMPUTE, UnseenLevels.FAIL, FactorCoding.ONE_HOT);
    assertThat(row(fit("y ~ seller", options, "seller").encode(SALES), 2)).containsExactly(3);
  }

  private static double[] codedAs(UnseenLevels unseen) {
    EncodingOptions options = new EncodingOptions(NaAction.DROP, unseen, FactorCoding.ONE_HOT);
    Table later = Table.of("later", Column.texts("seller", "zoe", "bob"));
    return row(fit("y ~ seller", options, "seller").encodeUnlabelled(later), 0);
  }

  @Test
  void handlesUnseenLevelsAsTold() {
    assertThat(codedAs(UnseenLevels.REFERENCE)).containsExactly(0);
    assertThat(codedAs(UnseenLevels.OTHER)).containsExactly(CodeColumn.NO_LEVEL);
    assertThat(codedAs(UnseenLevels.MISSING)).containsExactly(1); // The next row.
    assertThatThrownBy(() -> codedAs(UnseenLevels.FAIL))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "later: row 0: column seller: 'zoe' is none of the levels that the formula was fitted to: ann, bob, dan, eve");
  }

  @Test
  void codesAreNotScaledAndCountedOverTheRowsLearnedFrom() {
    TableEncoding encoding = fit("y ~ x + seller", "seller");
    Dataset rows = encoding.encode(SALES).dataset();
    Split lastTwo = new Split(0.4, SplitMethod.LAST, 0);

    Partitions data =
        Partitions.of(rows, null, lastTwo, Scaling.Kind.STANDARDIZE).withEncoding(encoding);

    // Eve, bob and eve are learned from.
    assertThat(data.codes()).containsExactly(new CodeColumn("seller", 1, List.of(0, 1, 0, 2)));
    assertThat(data.scaling().scale()[1]).isEqualTo(1);
    assertThat(data.scaling().shift()[1]).isZero();
    assertThat(data.scaling().scale()[0]).isNotEqualTo(1);
  }

  /** The level er of the factor sell is called like the factor seller. */
  @Test
  void findsItsColumnWhereAnotherIsCalledLikeIt() {
    Table both =
        Table.of(
            "both",
            SALES.column("y"),
            Column.texts("seller", "a", "b", "a", "b", "a", "c"),
            Column.texts("sell", "b", "er", "b", "er", "er", "b"));
    TableEncoding encoding =
        TableEncoding.fit(
            Formula.parse("y ~ sell + seller"),
            both,
            EncodingOptions.DEFAULT.withEmbedded(List.of("seller")));
    assertThat(encoding.columns()).containsExactly("seller", "seller");
    assertThat(encoding.codeColumns(Partition.all(encoding.encode(both).dataset())))
        .containsExactly(new CodeColumn("seller", 1, List.of(3, 2, 1)));
  }

  private static void assertRefused(String message, String formula, String... embedded) {
    assertThatThrownBy(() -> fit(formula, embedded))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesWhatIsNoFactorOfTheFormula() {
    assertRefused(
        "data.table.embeddings: expected a factor of formula 'y ~ x + seller' but found the column of numbers x; wrap it in factor(x)",
        "y ~ x + seller",
        "x");
    assertRefused(
        "formula 'y ~ x + seller' has no factor 'selller'; did you mean 'seller'?",
        "y ~ x + seller",
        "selller");
    assertRefused("has no factor 'kind'; its factors are seller", "y ~ seller", "kind");
    assertRefused("has no factor 'kind'; there is no factor", "kind ~ x", "kind");
  }

  @Test
  void refusesInteractions() {
    assertRefused(
        "formula 'y ~ x * seller', position 9: seller is embedded (data.table.embeddings) and cannot be in the interaction x:seller",
        "y ~ x * seller",
        "seller");
    assertRefused("cannot be in the interaction factor(hr):x", "y ~ factor(hr):x", "hr");
    assertThat(fit("y ~ x * kind + seller", "seller").columns())
        .containsExactly("x", "kindv", "seller", "x:kindv");
  }
}
