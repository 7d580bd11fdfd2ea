package org.cairn.storage;

import org.cairn.platform.Outage;
import org.jspecify.annotations.Nullable;

/** Why the object store did not do what it was asked. */
public final class ObjectStoreException extends RuntimeException implements Outage {

  /** Kinds of failure that callers tell apart. */
  public enum Kind {
    /** No object has this key, or no upload has this id. */
    NOT_FOUND(false),
    /** An object has this key already. */
    EXISTS(false),
    /** The store refuses the request as it is: a part that is too small, a range beyond the end. */
    INVALID(false),
    /** The store refuses the caller: keys, permissions, clocks. */
    DENIED(false),
    /** The store has no room; the same request may work when somebody has made some. */
    FULL(true),
    /** The store cannot be reached, is overloaded, or failed; the same request may work later. */
    UNAVAILABLE(true);

    private final boolean retryable;

    Kind(boolean retryable) {
      this.retryable = retryable;
    }
  }

  private final Kind kind;

  public ObjectStoreException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /** Whether the same request may work later. */
  @Override
  public boolean retryable() {
    return kind.retryable;
  }

  @Override
  public boolean full() {
    return kind == Kind.FULL;
  }
}
