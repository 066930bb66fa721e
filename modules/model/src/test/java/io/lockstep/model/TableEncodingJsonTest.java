package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.lockstep.data.CodeColumn;
import io.lockstep.data.Partition;
import io.lockstep.data.formula.EncodedTable;
import io.lockstep.data.formula.EncodingOptions;
import io.lockstep.data.formula.FactorCoding;
import io.lockstep.data.formula.Formula;
import io.lockstep.data.formula.NaAction;
import io.lockstep.data.formula.TableEncoding;
import io.lockstep.data.formula.UnseenLevels;
import io.lockstep.data.table.Column;
import io.lockstep.data.table.Table;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableEncodingJsonTest {

  private static final Table TABLE =
      Table.of(
          "t.csv",
          Column.texts("kind", "p", "q", "p", "q"),
          Column.numbers("x", 0.1, 1 / 3.0, 2e-7, Double.NaN),
          Column.dates("day", 15005, 15006, 15009, 15007),
          Column.texts("a", "u", "v", null, "u"));

  @Test
  void travelsWithTheModelToTheLastBit() throws JsonProcessingException {
    TableEncoding fitted =
        TableEncoding.fit(
            Formula.parse("kind ~ ns(x, df = 2) * a + . - x"),
            TABLE,
            new EncodingOptions(NaAction.IMPUTE, UnseenLevels.OTHER, FactorCoding.TREATMENT));
    int inputs = fitted.columns().size();
    Encoding encoding =
        new Encoding(
            inputs,
            2,
            List.of("p", "q"),
            0,
            0,
            new float[inputs],
            new float[inputs],
            fitted,
            true,
            List.of());

    Encoding read = Json.read(Json.line(encoding), Encoding.class);

    assertThat(read.table()).isEqualTo(fitted);
    assertThat(read.offsets()).isTrue();
    Table later =
        Table.of(
            "later.csv",
            Column.numbers("x", 0.2, Double.NaN),
            Column.dates("day", 15010, 15011),
            Column.texts("a", "new", "v"));
    assertThat(inputs(read.table().encodeUnlabelled(later)))
        .containsExactly(inputs(fitted.encodeUnlabelled(later)));
  }

  @Test
  void codesOfEmbeddedFactorsTravelToo() throws JsonProcessingException {
    TableEncoding fitted =
        TableEncoding.fit(
            Formula.parse("kind ~ x + a"),
            TABLE,
            new EncodingOptions(NaAction.DROP, UnseenLevels.OTHER, FactorCoding.ONE_HOT)
                .withEmbedded(List.of("a")));
    List<CodeColumn> codes = fitted.codeColumns(Partition.all(fitted.encode(TABLE).dataset()));
    Encoding encoding =
        new Encoding(
            2, 2, List.of("p", "q"), 0, 0, new float[2], new float[2], fitted, false, codes);

    Encoding read = Json.read(Json.line(encoding), Encoding.class);

    assertThat(read.table()).isEqualTo(fitted);
    assertThat(read.codes()).containsExactly(new CodeColumn("a", 1, List.of(1, 1)));
    Table later = Table.of("later", Column.numbers("x", 1, 2), Column.texts("a", "v", "new"));
    assertThat(inputs(read.table().encodeUnlabelled(later))).containsExactly(1, 1, 2, -1);
  }

  private static double[] inputs(EncodedTable encoded) {
    double[] x = new double[encoded.rows() * encoded.encoding().columns().size()];
    encoded.inputs(0, encoded.rows(), x);
    return x;
  }

  @Test
  void isAbsentFromOlderEncodings() throws JsonProcessingException {
    String older =
        """
        {"inputs":1,"outputs":1,"classNames":[],"imageWidth":0,"imageHeight":0,"scale":[1.0],"shift":[0.0]}
        """;
    assertThat(Json.read(older, Encoding.class).table()).isNull();
    assertThat(Json.read(older, Encoding.class).offsets()).isFalse();
    assertThat(Json.read(older, Encoding.class).codes()).isEmpty();
    String olderOptions =
        """
        {"na":"DROP","unseen":"FAIL","coding":"TREATMENT"}
        """;
    assertThat(Json.read(olderOptions, EncodingOptions.class)).isEqualTo(EncodingOptions.DEFAULT);
  }
}
