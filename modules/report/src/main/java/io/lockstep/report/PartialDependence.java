package io.lockstep.report;

import io.lockstep.data.Dataset;
import io.lockstep.data.formula.EncodedTable;
import io.lockstep.data.formula.TableEncoding;
import io.lockstep.data.table.Column;
import io.lockstep.data.table.ColumnType;
import io.lockstep.data.table.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Computes {@link Effect}s of the columns that a formula reads. Only values that the column has
 * anywhere are tried, so each level of a factor is a known one.
 *
 * @param encoding the fitted formula
 * @param sample some of the rows that it was fitted to
 * @param predict gives means row-major [rows][outputs]
 * @param outputs numbers that are predicted for a row
 */
public record PartialDependence(
    TableEncoding encoding, Table sample, Function<Dataset, float[]> predict, int outputs) {

  /** So many rows, evenly spread over a table, are enough for a mean. */
  public static final int SAMPLE_ROWS = 500;

  /** A column with more values is tried at as many quantiles. */
  public static final int MOST_VALUES = 31;

  /** Levels of a text whose names find room in a chart. */
  static final int MOST_LEVELS = 12;

  /** Of the rows that must have a value. */
  private static final double LEAST_SHARE = 0.001;

  /** At most {@link #SAMPLE_ROWS} of the rows that a formula can read, evenly spread. */
  public static Table sampleOf(Table table, TableEncoding encoding) {
    int[] readable =
        IntStream.range(0, table.rows()).filter(row -> isReadable(table, encoding, row)).toArray();
    int count = Math.min(SAMPLE_ROWS, readable.length);
    int[] rows =
        IntStream.range(0, count)
            .map(i -> readable[(int) ((long) i * readable.length / count)])
            .toArray();
    return Table.of(
        table.name(),
        table.columns().stream().map(column -> picked(column, rows)).toArray(Column[]::new));
  }

  /** Whether no cell is missing that nothing takes the place of. */
  private static boolean isReadable(Table table, TableEncoding encoding, int row) {
    return encoding.sources().stream()
        .filter(source -> source.number() == null && source.text() == null)
        .noneMatch(source -> table.column(source.name()).isMissing(row));
  }

  private static Column picked(Column column, int[] rows) {
    return switch (column.type()) {
      case TEXT ->
          Column.texts(
              column.name(), Arrays.stream(rows).mapToObj(column::label).toArray(String[]::new));
      case NUMBER ->
          Column.numbers(column.name(), Arrays.stream(rows).mapToDouble(column::number).toArray());
      case DATE ->
          Column.dates(column.name(), Arrays.stream(rows).mapToDouble(column::number).toArray());
    };
  }

  /**
   * The effects of all columns that are not the response's alone, the strongest first.
   *
   * @param all the table with all rows: what values the columns have
   */
  public List<Effect> effects(Table all) {
    return encoding.sources().stream()
        .filter(source -> !source.response())
        .map(source -> effect(all.column(source.name())))
        .sorted((a, b) -> Double.compare(b.range(), a.range()))
        .toList();
  }

  /** The effect of a column of the full table. */
  Effect effect(Column column) {
    int[] rows = representatives(column);
    boolean numeric = column.type() != ColumnType.TEXT && !isFactor(column) && rows.length > 2;
    List<List<Double>> means = new ArrayList<>();
    for (int output = 0; output < outputs; output++) {
      means.add(new ArrayList<>());
    }
    for (int row : rows) {
      double[] mean = mean(constant(column, row));
      for (int output = 0; output < outputs; output++) {
        means.get(output).add(mean[output]);
      }
    }
    return new Effect(
        column.type() == ColumnType.DATE
            ? column.name() + " (days since 1970-01-01)"
            : column.name(),
        Arrays.stream(rows).mapToObj(column::label).toList(),
        IntStream.range(0, rows.length)
            .mapToObj(i -> numeric ? column.number(rows[i]) : Double.valueOf(i))
            .toList(),
        numeric,
        means);
  }

  private boolean isFactor(Column column) {
    String variable = "factor(%s)".formatted(column.name());
    return encoding.factors().stream().anyMatch(factor -> factor.variable().equals(variable));
  }

  /** A row for each value that is tried, in the values' order. */
  private static int[] representatives(Column column) {
    List<Integer> present =
        IntStream.range(0, column.rows()).filter(row -> !column.isMissing(row)).boxed().toList();
    List<Integer> sorted =
        column.type() == ColumnType.TEXT
            ? present.stream().sorted((a, b) -> column.label(a).compareTo(column.label(b))).toList()
            : present.stream()
                .sorted((a, b) -> Double.compare(column.number(a), column.number(b)))
                .toList();
    List<Integer> distinct = withoutRepeats(column, sorted);
    if (column.type() == ColumnType.TEXT) {
      return toArray(mostFrequent(column, sorted, distinct));
    }
    if (distinct.size() <= MOST_VALUES) {
      return toArray(frequent(column, sorted, distinct));
    }
    List<Integer> quantiles = new ArrayList<>();
    for (int i = 0; i < MOST_VALUES; i++) {
      quantiles.add(sorted.get((int) ((long) i * (sorted.size() - 1) / (MOST_VALUES - 1))));
    }
    return toArray(withoutRepeats(column, quantiles));
  }

  /** Without values that almost no row has: predictions there are no more than guesses. */
  private static List<Integer> frequent(
      Column column, List<Integer> sorted, List<Integer> distinct) {
    Map<String, Long> counts = counts(column, sorted);
    return distinct.stream()
        .filter(row -> counts.get(column.label(row)) >= LEAST_SHARE * sorted.size())
        .toList();
  }

  /** The levels of a text that most rows have, rare ones only where all are. */
  private static List<Integer> mostFrequent(
      Column column, List<Integer> sorted, List<Integer> distinct) {
    Map<String, Long> counts = counts(column, sorted);
    List<Integer> frequent = frequent(column, sorted, distinct);
    return (frequent.isEmpty() ? distinct : frequent)
        .stream()
            .sorted(Comparator.comparing(row -> -counts.get(column.label(row)))) // stable
            .limit(MOST_LEVELS)
            .sorted(Comparator.comparing(column::label))
            .toList();
  }

  private static Map<String, Long> counts(Column column, List<Integer> rows) {
    return rows.stream().collect(Collectors.groupingBy(column::label, Collectors.counting()));
  }

  private static List<Integer> withoutRepeats(Column column, List<Integer> sorted) {
    List<Integer> distinct = new ArrayList<>();
    for (int row : sorted) {
      if (distinct.isEmpty() || !column.label(row).equals(column.label(distinct.getLast()))) {
        distinct.add(row);
      }
    }
    return distinct;
  }

  private static int[] toArray(List<Integer> rows) {
    return rows.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The value of a row in each row of the sample. */
  private Column constant(Column column, int row) {
    if (column.type() == ColumnType.TEXT) {
      String[] texts = new String[sample.rows()];
      Arrays.fill(texts, column.label(row));
      return Column.texts(column.name(), texts);
    }
    double[] numbers = new double[sample.rows()];
    Arrays.fill(numbers, column.number(row));
    return column.type() == ColumnType.DATE
        ? Column.dates(column.name(), numbers)
        : Column.numbers(column.name(), numbers);
  }

  private double[] mean(Column constant) {
    EncodedTable encoded = encoding.encodeUnlabelled(sample.with(constant));
    double[] mean = new double[outputs];
    float[] means = predict.apply(encoded.dataset());
    for (int i = 0; i < means.length; i++) {
      mean[i % outputs] += means[i];
    }
    for (int output = 0; output < outputs; output++) {
      mean[output] /= encoded.rows();
    }
    return mean;
  }
}
