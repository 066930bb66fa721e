package io.lockstep.data.table;

/** A text that is no CSV; carries where. Within this package only: users see a DataException. */
final class CsvSyntaxException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  CsvSyntaxException(String message) {
    super(message);
  }
}
