package org.cairn.api;

/**
 * The client went away in the middle of a body. Nobody reads the answer and nobody need act, so it
 * is not logged as a failure.
 */
public final class ClientGoneException extends RuntimeException {

  public ClientGoneException(Throwable cause) {
    super("The client went away", cause);
  }
}
