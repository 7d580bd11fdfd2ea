package org.cairn.api;

import java.io.IOException;
import org.cairn.platform.Outage;
import org.jspecify.annotations.Nullable;

/**
 * An answer cannot be brought to its end. Where some of it was sent, the connection is closed;
 * where nothing was, the client is told to come again.
 */
public final class BrokenAnswerException extends IOException implements Outage {

  public BrokenAnswerException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  @Override
  public boolean retryable() {
    return true;
  }

  @Override
  public boolean full() {
    return false;
  }
}
