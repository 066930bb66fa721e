package io.lockstep.data.table;

import io.lockstep.data.store.Storage;
import java.util.Map;
import java.util.function.Predicate;

/**
 * How a CSV file is read.
 *
 * @param format null: found from the file
 * @param types of columns that are known before; those that the file does not have are ignored
 * @param wanted by their names, the columns whose cells are kept
 * @param storage where they are kept
 */
public record CsvOptions(
    CsvFormat format, Map<String, ColumnType> types, Predicate<String> wanted, Storage storage) {

  /** All columns, with whatever format and types the file has. */
  public static CsvOptions automatic() {
    return new CsvOptions(null, Map.of(), name -> true, Storage.automatic());
  }

  /** The same with a format; null: found from the file. */
  public CsvOptions withFormat(CsvFormat known) {
    return new CsvOptions(known, types, wanted, storage);
  }

  /** The same with the types of some columns. */
  public CsvOptions withTypes(Map<String, ColumnType> known) {
    return new CsvOptions(format, known, wanted, storage);
  }

  /** The same, of which the cells of some columns are kept. */
  public CsvOptions withColumns(Predicate<String> names) {
    return new CsvOptions(format, types, names, storage);
  }

  /** The same, with the cells kept elsewhere. */
  public CsvOptions withStorage(Storage place) {
    return new CsvOptions(format, types, wanted, place);
  }
}
