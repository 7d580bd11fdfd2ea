package org.cairn.importer;

/** A file is no listing of the form that it is said to be. */
final class UnreadableListingException extends RuntimeException {

  private static final long serialVersionUID = 1;

  UnreadableListingException(String message) {
    super(message);
  }
}
