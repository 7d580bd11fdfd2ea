package org.cairn.artifact;

import java.io.IOException;

/** Bytes that a client sent cannot be what it says they are; the message is for the client. */
public final class MalformedContentException extends IOException {

  public MalformedContentException(String message) {
    super(message);
  }
}
