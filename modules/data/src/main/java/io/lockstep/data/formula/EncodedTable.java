package io.lockstep.data.formula;

import io.lockstep.data.DataException;
import io.lockstep.data.Dataset;
import io.lockstep.data.formula.TableEncoding.Source;
import io.lockstep.data.store.NumberStore;
import io.lockstep.data.store.NumberWriter;
import io.lockstep.data.store.Storage;
import io.lockstep.data.table.Column;
import io.lockstep.data.table.ColumnType;
import io.lockstep.data.table.Table;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * A table as a fitted formula reads it: the rows of its design matrix, computed when they are asked
 * for, with offsets and responses. Immutable and thread-safe.
 */
public final class EncodedTable {

  private final TableEncoding encoding;
  private final Table table; // missing cells filled
  private final int[] rows;
  private final List<String> notes;
  private final Design.Rows design;
  private final List<Arithmetic.OfRow> offsets;
  private final FactorVariable classes; // null unless the response is a factor
  private final IntUnaryOperator labels;
  private final Arithmetic.OfRow response; // null unless it is a number
  private final String responseName;

  private EncodedTable(
      TableEncoding encoding, Formula formula, Design design, Table table, boolean labelled) {
    this.encoding = encoding;
    Imputation.Filled filled = filled(encoding, design, table);
    List<String> needed = new ArrayList<>();
    for (Source source : encoding.sources()) {
      if (labelled || !source.response()) {
        needed.add(source.name());
      }
    }
    CompleteRows complete = CompleteRows.of(filled.table(), needed, encoding.options().na());
    if (labelled) {
      complete.requireSome(filled.table());
    }
    this.table = filled.table();
    this.rows = complete.rows();
    this.notes = new ArrayList<>(filled.notes());
    this.notes.addAll(complete.notes());
    this.design = design.over(this.table);
    this.offsets =
        TermExpansion.of(formula, encoding.dot()).offsets().stream()
            .map(offset -> Variable.finite(formula, offset, this.table))
            .toList();
    Expression expression = labelled ? formula.response() : null;
    Optional<FactorVariable> factor =
        expression == null ? Optional.empty() : Design.factor(formula, expression, encoding);
    this.classes = factor.orElse(null);
    this.labels = classes == null ? null : classes.classes(this.table);
    this.responseName = expression == null ? "" : expression.toString();
    this.response =
        expression == null || classes != null
            ? null
            : Variable.finite(formula, expression, this.table);
  }

  static EncodedTable of(TableEncoding encoding, Table table, boolean labelled) {
    Formula formula = Formula.parse(encoding.formula());
    if (labelled && formula.response() == null) {
      throw formula.problem(1, "there is no response to the left of the ~");
    }
    requireSources(encoding, table, labelled);
    Design design = Design.of(formula, encoding);
    if (!design.names().equals(encoding.columns())) {
      throw new DataException(
          "the encoding of formula '%s' is damaged: expected %d columns but found %d, or other names"
              .formatted(formula, design.names().size(), encoding.columns().size()));
    }
    return new EncodedTable(encoding, formula, design, table, labelled);
  }

  private static void requireSources(TableEncoding encoding, Table table, boolean labelled) {
    for (Source source : encoding.sources()) {
      if (source.response() && !labelled) {
        continue;
      }
      Column column = table.column(source.name());
      boolean text = column.type() == ColumnType.TEXT;
      if (text != (source.type() == ColumnType.TEXT)) {
        throw new DataException(
            "%s: column %s: expected %s, as in the data that the formula was fitted to, but found %s"
                .formatted(table.name(), column.name(), source.type(), column.type()));
      }
    }
  }

  private static Imputation.Filled filled(TableEncoding encoding, Design design, Table table) {
    Table known = table;
    List<String> notes = new ArrayList<>();
    if (encoding.options().unseen() == UnseenLevels.MISSING) {
      for (FactorVariable factor : design.factors()) {
        known = known.with(known.column(factor.column()).withMissing(factor.unseenRows(known)));
      }
    }
    if (encoding.options().na() == NaAction.IMPUTE) {
      Imputation.Filled filled = Imputation.fill(known, encoding.sources());
      known = filled.table();
      notes.addAll(filled.notes());
    }
    return new Imputation.Filled(known, notes);
  }

  /** What messages call it. */
  public String name() {
    return table.name();
  }

  /** The formula that it is encoded by. */
  public TableEncoding encoding() {
    return encoding;
  }

  /** Number of rows, without those that were left out; of rows to predict none may be left. */
  public int rows() {
    return rows.length;
  }

  /** Number of rows of the table, those included that were left out. */
  public int tableRows() {
    return table.rows();
  }

  /** The table's row that a row is, counted from 0. */
  public int tableRow(int row) {
    return rows[row];
  }

  /** For people: cells that were filled, rows that were left out, and why. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  /**
   * Computes rows [from, to) of the design matrix, without the intercept.
   *
   * @param x row-major [to − from][columns], overwritten
   * @throws DataException for a number that is not finite, or an unseen level, naming the line
   */
  public void inputs(int from, int to, double[] x) {
    Objects.checkFromToIndex(from, to, rows.length);
    int width = width();
    double[] scratch = design.scratch();
    for (int row = from; row < to; row++) {
      design.write(rows[row], x, (row - from) * width, scratch);
    }
  }

  /** Whether the formula has an offset. */
  public boolean hasOffset() {
    return !offsets.isEmpty();
  }

  /** The sum of a row's offsets; 0 without. */
  public double offset(int row) {
    double sum = 0;
    for (Arithmetic.OfRow offset : offsets) {
      sum += offset.at(rows[row]);
    }
    return sum;
  }

  /** The classes of a response that is a factor; else empty. */
  public List<String> classNames() {
    return classes == null ? List.of() : classes.levels();
  }

  /**
   * The class of a row.
   *
   * @throws DataException if it is none of {@link #classNames}
   * @throws IllegalStateException if the response is no factor
   */
  public int label(int row) {
    if (classes == null) {
      throw new IllegalStateException("the response is no factor");
    }
    return classes.requireClass(labels.applyAsInt(rows[row]), table, rows[row]);
  }

  /**
   * The response of a row.
   *
   * @throws DataException if it is not finite
   * @throws IllegalStateException if the response is no number
   */
  public double response(int row) {
    if (response == null) {
      throw new IllegalStateException("the response is no number");
    }
    return response.at(rows[row]);
  }

  /**
   * As {@link #dataset(Storage)}, in the storage that the memory of this process suggests.
   *
   * @throws DataException as {@link #dataset(Storage)}
   */
  public Dataset dataset() {
    return dataset(Storage.automatic());
  }

  /**
   * The rows as training reads them, with their offsets, rounded to float.
   *
   * @param storage of the design matrix; answers and offsets, four bytes each, are on the heap
   * @throws DataException as {@link #inputs}, if there are no rows, or if a scratch file is needed
   *     and cannot be had
   */
  public Dataset dataset(Storage storage) {
    Dataset data = labelled(matrix(storage));
    return hasOffset() ? data.withOffsets(offsets()) : data;
  }

  private MemorySegment matrix(Storage storage) {
    int width = width();
    long count = (long) rows.length * width;
    try (NumberStore store = storage.open(table.name(), count * Float.BYTES)) {
      NumberWriter matrix = store.floats(count);
      double[] one = new double[width];
      for (int row = 0; row < rows.length; row++) {
        inputs(row, row + 1, one);
        for (double number : one) {
          matrix.putFloat((float) number);
        }
      }
      return matrix.finish();
    }
  }

  private int width() {
    return encoding.columns().size();
  }

  private float[] offsets() {
    float[] all = new float[rows.length];
    for (int row = 0; row < rows.length; row++) {
      all[row] = (float) offset(row);
    }
    return all;
  }

  private Dataset labelled(MemorySegment x) {
    int width = width();
    if (classes != null) {
      int[] values = new int[rows.length];
      for (int row = 0; row < rows.length; row++) {
        values[row] = label(row);
      }
      return Dataset.ofFloats(table.name(), rows.length, width, x, values, classes.levels().size())
          .withClassNames(classes.levels());
    }
    if (response == null) {
      return Dataset.unlabelled(table.name(), rows.length, width, x);
    }
    float[] targets = new float[rows.length];
    for (int row = 0; row < rows.length; row++) {
      targets[row] = (float) response(row);
    }
    return Dataset.ofFloats(table.name(), rows.length, width, x, targets, 1)
        .withPlaces(table.places(rows), responseName);
  }
}
