package io.lockstep.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.Dataset;
import io.lockstep.data.formula.EncodingOptions;
import io.lockstep.data.formula.Formula;
import io.lockstep.data.formula.TableEncoding;
import io.lockstep.data.table.Column;
import io.lockstep.data.table.Table;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class PartialDependenceTest {

  private static final int ROWS = 2000;

  /** x from 0 to 99, hour from 0 to 3, kind a or b. */
  private static Table table() {
    return Table.of(
        "table",
        Column.numbers("y", new double[ROWS]),
        Column.numbers("x", IntStream.range(0, ROWS).mapToDouble(i -> i % 100).toArray()),
        Column.numbers("hour", IntStream.range(0, ROWS).mapToDouble(i -> i / 7 % 4).toArray()),
        Column.texts(
            "kind",
            IntStream.range(0, ROWS).mapToObj(i -> i % 3 == 0 ? "b" : "a").toArray(String[]::new)));
  }

  private static TableEncoding fit(Table table) {
    return TableEncoding.fit(
        Formula.parse("y ~ x + factor(hour) + kind"), table, EncodingOptions.DEFAULT);
  }

  private static List<Effect> effects() {
    TableEncoding encoding = fit(table());
    return new PartialDependence(
            encoding,
            PartialDependence.sampleOf(table(), encoding),
            PartialDependenceTest::predict,
            1)
        .effects(table());
  }

  /** 2 x + 100 where the hour is 3 + 10 where the kind is b; columns x, hour 1 to 3, kind b. */
  private static float[] predict(Dataset rows) {
    float[] means = new float[rows.rows()];
    for (int row = 0; row < means.length; row++) {
      means[row] =
          2 * rows.feature(row, 0) + 100 * rows.feature(row, 3) + 10 * rows.feature(row, 4);
    }
    return means;
  }

  @Test
  void ordersColumnsByTheirEffect() {
    assertThat(effects()).extracting(Effect::column).containsExactly("x", "hour", "kind");
  }

  @Test
  void findsTheEffectOfEachValue() {
    Effect x = effects().get(0);
    assertThat(x.positions()).hasSize(PartialDependence.MOST_VALUES).startsWith(0.0).endsWith(99.0);
    List<Double> means = x.means().getFirst();
    for (int i = 1; i < means.size(); i++) {
      double slope = (means.get(i) - means.get(0)) / (x.positions().get(i) - x.positions().get(0));
      assertThat(slope).isCloseTo(2, Offset.offset(1e-4));
    }
    Effect hour = effects().get(1);
    assertThat(hour.labels()).containsExactly("0", "1", "2", "3");
    assertThat(hour.numeric()).isFalse();
    assertThat(x.numeric()).isTrue();
    assertThat(hour.means().getFirst().get(3) - hour.means().getFirst().get(0))
        .isCloseTo(100, Offset.offset(1e-3));
    Effect kind = effects().get(2);
    assertThat(kind.numeric()).isFalse();
    assertThat(kind.labels()).containsExactly("a", "b");
    assertThat(kind.range()).isCloseTo(10, Offset.offset(1e-3));
  }

  @Test
  void leavesOutValuesThatAlmostNoRowHas() {
    double[] hours = IntStream.range(0, ROWS).mapToDouble(i -> i / 7 % 4).toArray();
    hours[77] = 9;
    Table table = table().with(Column.numbers("hour", hours));
    TableEncoding encoding =
        TableEncoding.fit(Formula.parse("y ~ hour + kind"), table, EncodingOptions.DEFAULT);
    Effect effect =
        new PartialDependence(
                encoding,
                PartialDependence.sampleOf(table, encoding),
                rows -> new float[rows.rows()],
                1)
            .effect(table.column("hour"));
    assertThat(effect.labels()).containsExactly("0", "1", "2", "3");
  }

  private static Effect effectOfSellers(int levels) {
    String[] sellers =
        IntStream.range(0, ROWS)
            .mapToObj(i -> "s%04d".formatted(i % 3 == 0 ? i % levels : levels - 1 - i % 14))
            .toArray(String[]::new);
    Table table = table().with(Column.texts("kind", sellers));
    TableEncoding encoding =
        TableEncoding.fit(
            Formula.parse("y ~ hour + kind"),
            table,
            EncodingOptions.DEFAULT.withEmbedded(List.of("kind")));
    return new PartialDependence(
            encoding,
            PartialDependence.sampleOf(table, encoding),
            rows -> new float[rows.rows()],
            1)
        .effect(table.column("kind"));
  }

  @Test
  void showsTheMostFrequentOfManyLevels() {
    assertThat(effectOfSellers(300).labels())
        .hasSize(PartialDependence.MOST_LEVELS)
        .isSorted()
        .allMatch(label -> label.compareTo("s0286") >= 0);
  }

  @Test
  void showsSomeLevelsWhereAllAreRare() {
    double[] zeros = new double[2 * ROWS];
    String[] ids =
        IntStream.range(0, 2 * ROWS).mapToObj("id%05d"::formatted).toArray(String[]::new);
    Table table = Table.of("t", Column.numbers("y", zeros), Column.texts("id", ids));
    TableEncoding encoding =
        TableEncoding.fit(
            Formula.parse("y ~ id"), table, EncodingOptions.DEFAULT.withEmbedded(List.of("id")));
    Effect effect =
        new PartialDependence(
                encoding,
                PartialDependence.sampleOf(table, encoding),
                rows -> new float[rows.rows()],
                1)
            .effect(table.column("id"));
    assertThat(effect.labels()).hasSize(PartialDependence.MOST_LEVELS).startsWith("id00000");
  }

  @Test
  void samplesNoRowsThatTheFormulaCannotRead() {
    double[] x = IntStream.range(0, ROWS).mapToDouble(i -> i % 2 == 0 ? 7 : Double.NaN).toArray();
    Table table = table().with(Column.numbers("x", x));
    Table sample = PartialDependence.sampleOf(table, fit(table));
    assertThat(IntStream.range(0, sample.rows()).mapToDouble(sample.column("x")::number))
        .hasSize(PartialDependence.SAMPLE_ROWS)
        .containsOnly(7.0);
  }

  @Test
  void twoNumbersAreKinds() {
    double[] x = IntStream.range(0, ROWS).mapToDouble(i -> i % 2).toArray();
    Table table = table().with(Column.numbers("x", x));
    TableEncoding encoding = fit(table);
    Table sample = PartialDependence.sampleOf(table, encoding);
    PartialDependence dependence =
        new PartialDependence(encoding, sample, rows -> new float[rows.rows()], 1);
    assertThat(dependence.effect(table.column("x")).numeric()).isFalse();
  }

  @Test
  void samplesRowsEvenly() {
    Table sample = PartialDependence.sampleOf(table(), fit(table()));
    assertThat(sample.rows()).isEqualTo(PartialDependence.SAMPLE_ROWS);
    assertThat(sample.column("kind").label(0)).isEqualTo("b");
    assertThat(sample.column("x").number(1)).isEqualTo(4);
  }
}
