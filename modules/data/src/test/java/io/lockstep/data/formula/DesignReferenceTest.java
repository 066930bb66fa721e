package io.lockstep.data.formula;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.table.CsvTable;
import io.lockstep.data.table.Table;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds design matrices to R's: names of columns, and numbers, for the rows that a formula was
 * fitted to and for others. {@code formula/reference.R} made the reference.
 */
class DesignReferenceTest {

  private static final double TOLERANCE = 1e-11;
  private static final String OFFSET = "(offset)";

  /** A design matrix of R's. */
  private record Block(String file, String formula, List<String> names, List<double[]> rows) {}

  @ParameterizedTest(name = "{0}")
  @MethodSource("blocks")
  void equalsDesignMatrixOfR(Block block) {
    Table fitted = read(block.file().equals("new.csv") ? "data.csv" : block.file());
    TableEncoding encoding =
        TableEncoding.fit(Formula.parse(block.formula()), fitted, EncodingOptions.DEFAULT);
    EncodedTable encoded =
        block.file().equals("new.csv")
            ? encoding.encodeUnlabelled(read("new.csv"))
            : encoding.encode(fitted);
    List<String> names = new ArrayList<>(encoding.coefficientNames());
    if (encoded.hasOffset()) {
      names.add(OFFSET);
    }
    assertThat(names).isEqualTo(block.names());
    assertThat(encoded.rows()).isEqualTo(block.rows().size());
    for (int row = 0; row < encoded.rows(); row++) {
      assertRow(encoded, row, block);
    }
  }

  private static void assertRow(EncodedTable encoded, int row, Block block) {
    int columns = encoded.encoding().columns().size();
    double[] x = new double[columns];
    encoded.inputs(row, row + 1, x);
    double[] expected = block.rows().get(row);
    int first = encoded.encoding().intercept() ? 1 : 0;
    for (int column = 0; column < columns; column++) {
      assertClose(
          x[column], expected[first + column], row, encoded.encoding().columns().get(column));
    }
    if (encoded.hasOffset()) {
      assertClose(encoded.offset(row), expected[first + columns], row, OFFSET);
    }
  }

  private static void assertClose(double found, double expected, int row, String name) {
    assertThat(Math.abs(found - expected))
        .as("row %d, column %s: expected=%s, actual=%s", row, name, expected, found)
        .isLessThanOrEqualTo(TOLERANCE * Math.max(1, Math.abs(expected)));
  }

  private static Table read(String file) {
    return CsvTable.read(resource(file));
  }

  private static Path resource(String file) {
    try {
      return Path.of(DesignReferenceTest.class.getResource("/formula/" + file).toURI());
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static Stream<Arguments> blocks() throws IOException {
    String text = Files.readString(resource("designs.txt"));
    return Arrays.stream(text.split("\n\n"))
        .map(DesignReferenceTest::block)
        .map(block -> Arguments.of(Named.of(block.file() + " " + block.formula(), block)));
  }

  private static Block block(String text) {
    List<String> lines = text.strip().lines().toList();
    int space = lines.getFirst().indexOf(' ');
    String names = lines.get(1);
    return new Block(
        lines.getFirst().substring(0, space),
        lines.getFirst().substring(space + 1),
        List.of(names.substring(1, names.length() - 1).split("\",\"")),
        lines.stream()
            .skip(2)
            .map(row -> Arrays.stream(row.split(",")).mapToDouble(Double::parseDouble).toArray())
            .toList());
  }
}
