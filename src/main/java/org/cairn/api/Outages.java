package org.cairn.api;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.cairn.platform.Outage;
import org.jspecify.annotations.Nullable;

/** Tells failures that pass from faults of this service. */
final class Outages {

  /** Chains of causes are shorter; a longer one is a circle. */
  private static final int DEPTH = 20;

  private Outages() {}

  /** Whether something that this service depends on is away for now. */
  static boolean isOutage(Throwable e) {
    Throwable cause = e;
    for (int i = 0; i < DEPTH && cause != null; i++) {
      if (cause instanceof Outage outage) {
        return outage.retryable();
      }
      if (cause instanceof SQLException sql && isOutage(sql)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  /**
   * Classes of SQLSTATE: 08 connection, 40 rolled back for the sake of another transaction, 53
   * insufficient resources, 57P shutting down.
   */
  private static boolean isOutage(SQLException e) {
    // The connection pool says that it is empty in words only.
    return e instanceof SQLTransientConnectionException
        || isOutage(e.getSQLState())
        || String.valueOf(e.getMessage()).startsWith("Acquisition timeout");
  }

  private static boolean isOutage(@Nullable String state) {
    return state != null
        && (state.startsWith("08")
            || state.startsWith("40")
            || state.startsWith("53")
            || state.startsWith("57P"));
  }
}
