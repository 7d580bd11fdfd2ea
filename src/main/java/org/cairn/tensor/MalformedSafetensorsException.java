package org.cairn.tensor;

import java.io.Serial;

/** Bytes that are no safetensors file; the message says why in a user's words. */
final class MalformedSafetensorsException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  MalformedSafetensorsException(String reason) {
    super(reason);
  }
}
