package io.lockstep.data.formula;

import io.lockstep.data.DataException;
import io.lockstep.data.DataRequest;
import io.lockstep.data.Dataset;
import io.lockstep.data.TrainTest;
import io.lockstep.data.store.Storage;
import io.lockstep.data.table.ColumnType;
import io.lockstep.data.table.CsvFormat;
import io.lockstep.data.table.CsvOptions;
import io.lockstep.data.table.CsvTable;
import io.lockstep.data.table.NumberText;
import io.lockstep.data.table.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * CSV files of the user's own, read by a formula. Immutable and thread-safe.
 *
 * @param file of the rows to learn from
 * @param test of the rows to test with, or empty
 * @param formula response and predictors
 * @param group a column by whose value rows are kept together when they are split, or empty
 * @param format null: found from each file
 * @param options what the formula leaves open
 * @param storage of the tables, and of the rows that are made of them
 */
public record TableSource(
    String file,
    String test,
    Formula formula,
    String group,
    CsvFormat format,
    EncodingOptions options,
    Storage storage) {

  private static final int MOST_CONSTANTS = 10;

  /**
   * What was read.
   *
   * @param sets the test set is null without a file
   * @param encoding fitted to the rows to learn from
   * @param groups [training rows], the group of each
   * @param notes for people: rows that were left out, cells that were filled, columns that are
   *     constant
   */
  public record Loaded(
      TrainTest sets, TableEncoding encoding, RowGroups groups, List<String> notes) {}

  /**
   * Reads the files. A relative path is looked for in the folder that the user named, then in the
   * current one, then in {@code LOCKSTEP_DATA}.
   *
   * @throws DataException if a file is missing or damaged, or the formula or the column of groups
   *     does not fit it
   */
  public Loaded load(DataRequest request) {
    Path trainFile = find(file, request);
    Table table = read(trainFile);
    TableEncoding encoding = TableEncoding.fit(formula, table, options);
    EncodedTable rows = encoding.encode(table);
    RowGroups groups = group.isEmpty() ? RowGroups.none(rows) : RowGroups.by(group, table, rows);
    Dataset train = rows.dataset(storage);
    List<String> notes = new ArrayList<>(notes(rows));
    notes.addAll(constants(train, encoding.columns()));
    Dataset tested = null;
    if (!test.isEmpty()) {
      EncodedTable testRows = testRows(encoding, find(test, request));
      tested = testRows.dataset(storage);
      notes.addAll(notes(testRows));
    }
    TrainTest sets = new TrainTest(train, tested, trainFile.toString());
    return new Loaded(sets, encoding, groups, List.copyOf(notes));
  }

  /**
   * Reads the rows to learn from, encoded, but without making a data set of them.
   *
   * @throws DataException as {@link #load}
   */
  public EncodedTable encode(DataRequest request) {
    Table table = readTable(request);
    return TableEncoding.fit(formula, table, options).encode(table);
  }

  /**
   * Reads the file of the rows to learn from, as it is: the columns that the formula may need, and
   * that of the groups.
   *
   * @throws DataException if it is missing or damaged
   */
  public Table readTable(DataRequest request) {
    return read(find(file, request));
  }

  private Table read(Path trainFile) {
    Predicate<String> named = FormulaColumns.named(formula);
    return CsvTable.read(
        trainFile, csv().withColumns(name -> named.test(name) || name.equals(group)));
  }

  private CsvOptions csv() {
    return CsvOptions.automatic().withFormat(format).withStorage(storage);
  }

  private EncodedTable testRows(TableEncoding encoding, Path path) {
    Map<String, ColumnType> types = encoding.columnTypes();
    return encoding.encode(
        CsvTable.read(path, csv().withTypes(types).withColumns(types::containsKey)));
  }

  private static List<String> notes(EncodedTable rows) {
    return rows.notes().stream().map(note -> rows.name() + ": " + note).toList();
  }

  private static List<String> constants(Dataset data, List<String> columns) {
    BitSet constant = new BitSet();
    constant.set(0, data.rows() > 1 ? columns.size() : 0);
    for (int row = 1; row < data.rows() && !constant.isEmpty(); row++) {
      for (int c = constant.nextSetBit(0); c >= 0; c = constant.nextSetBit(c + 1)) {
        constant.set(c, data.feature(row, c) == data.feature(0, c));
      }
    }
    List<String> notes = new ArrayList<>();
    constant.stream()
        .limit(MOST_CONSTANTS)
        .mapToObj(
            c ->
                "%s: %s is %s in all rows, and cannot be told from the intercept"
                    .formatted(data.name(), columns.get(c), NumberText.of(data.feature(0, c))))
        .forEach(notes::add);
    if (constant.cardinality() > MOST_CONSTANTS) {
      notes.add(
          "%s: and so are %d more".formatted(data.name(), constant.cardinality() - MOST_CONSTANTS));
    }
    return notes;
  }

  private static Path find(String name, DataRequest request) {
    Path own = Path.of(name);
    List<Path> candidates = new ArrayList<>();
    Path dir = request.dir();
    Path shared = request.environment().dataFolder(name);
    Stream.of(dir == null ? own : dir.resolve(own), own, shared == null ? own : shared)
        .distinct()
        .forEach(candidates::add);
    return candidates.stream()
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(
            () ->
                new DataException(
                    "data.table: there is no file %s; looked for %s"
                        .formatted(
                            name,
                            String.join(", ", candidates.stream().map(Path::toString).toList()))));
  }
}
