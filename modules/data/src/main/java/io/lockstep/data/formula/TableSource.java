package io.lockstep.data.formula;

import io.lockstep.data.DataException;
import io.lockstep.data.DataRequest;
import io.lockstep.data.Dataset;
import io.lockstep.data.TrainTest;
import io.lockstep.data.table.CsvFormat;
import io.lockstep.data.table.CsvTable;
import io.lockstep.data.table.NumberText;
import io.lockstep.data.table.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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
 */
public record TableSource(
    String file,
    String test,
    Formula formula,
    String group,
    CsvFormat format,
    EncodingOptions options) {

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
    Table table = CsvTable.read(trainFile, formatOf(trainFile), Map.of());
    TableEncoding encoding = TableEncoding.fit(formula, table, options);
    EncodedTable rows = encoding.encode(table);
    RowGroups groups = group.isEmpty() ? RowGroups.none(rows) : RowGroups.by(group, table, rows);
    Dataset train = rows.dataset();
    List<String> notes = new ArrayList<>(notes(rows));
    notes.addAll(constants(train, encoding.columns()));
    Dataset tested = null;
    if (!test.isEmpty()) {
      EncodedTable testRows = testRows(encoding, find(test, request));
      tested = testRows.dataset();
      notes.addAll(notes(testRows));
    }
    TrainTest sets = new TrainTest(train, tested, trainFile.toString());
    return new Loaded(sets, encoding, groups, List.copyOf(notes));
  }

  /**
   * Reads the file of the rows to learn from, as it is.
   *
   * @throws DataException if it is missing or damaged
   */
  public Table readTable(DataRequest request) {
    Path trainFile = find(file, request);
    return CsvTable.read(trainFile, formatOf(trainFile), Map.of());
  }

  private CsvFormat formatOf(Path path) {
    return format == null ? CsvFormat.sniff(path) : format;
  }

  private EncodedTable testRows(TableEncoding encoding, Path path) {
    return encoding.encode(CsvTable.read(path, formatOf(path), encoding.columnTypes()));
  }

  private static List<String> notes(EncodedTable rows) {
    return rows.notes().stream().map(note -> rows.name() + ": " + note).toList();
  }

  private static List<String> constants(Dataset data, List<String> columns) {
    if (data.rows() == 1) {
      return List.of();
    }
    List<String> notes = new ArrayList<>();
    int constant = 0;
    for (int c = 0; c < columns.size(); c++) {
      if (isConstant(data, c) && ++constant <= MOST_CONSTANTS) {
        notes.add(
            "%s: %s is %s in all rows, and cannot be told from the intercept"
                .formatted(data.name(), columns.get(c), NumberText.of(data.feature(0, c))));
      }
    }
    if (constant > MOST_CONSTANTS) {
      notes.add("%s: and so are %d more".formatted(data.name(), constant - MOST_CONSTANTS));
    }
    return notes;
  }

  private static boolean isConstant(Dataset data, int column) {
    float first = data.feature(0, column);
    return IntStream.range(1, data.rows()).allMatch(row -> data.feature(row, column) == first);
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
