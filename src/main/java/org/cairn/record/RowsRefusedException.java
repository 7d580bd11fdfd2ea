package org.cairn.record;

/** The database does not take the rows of a record. */
final class RowsRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  RowsRefusedException(Throwable cause) {
    super(String.valueOf(cause.getMessage()), cause);
  }
}
