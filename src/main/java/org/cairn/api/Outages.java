package org.cairn.api;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.function.Predicate;
import org.cairn.platform.Outage;
import org.jspecify.annotations.Nullable;

/** Tells failures that pass from faults of this service. */
final class Outages {

  /** Chains of causes are shorter; a longer one is a circle. */
  private static final int DEPTH = 20;

  private static final String DISK_FULL = "53100";

  private Outages() {}

  /** Whether something that this service depends on is away for now. */
  static boolean isOutage(Throwable e) {
    return any(
        e,
        DEPTH,
        cause ->
            (cause instanceof Outage outage && outage.retryable())
                || (cause instanceof SQLException sql && isOutage(sql)));
  }

  /** Whether it is for want of room. */
  static boolean isFull(Throwable e) {
    return any(
        e,
        DEPTH,
        cause ->
            (cause instanceof Outage outage && outage.full())
                || (cause instanceof SQLException sql && DISK_FULL.equals(sql.getSQLState())));
  }

  private static boolean any(@Nullable Throwable e, int depth, Predicate<Throwable> condition) {
    if (e == null || depth == 0) {
      return false;
    }
    if (condition.test(e)) {
      return true;
    }
    // Why a commit failed is not among the causes.
    for (var suppressed : e.getSuppressed()) {
      if (any(suppressed, depth - 1, condition)) {
        return true;
      }
    }
    return any(e.getCause(), depth - 1, condition);
  }

  /**
   * Classes of SQLSTATE: 08 connection, 40 rolled back for the sake of another transaction, 53
   * insufficient resources, 57P shutting down; and 55P03, a lock that others keep, and 57014, a
   * statement that took too long.
   */
  private static boolean isOutage(SQLException e) {
    // The connection pool says that it is empty in words only.
    return e instanceof SQLTransientConnectionException
        || isOutage(e.getSQLState())
        || String.valueOf(e.getMessage()).contains("cquisition timeout");
  }

  private static boolean isOutage(@Nullable String state) {
    return state != null
        && (state.startsWith("08")
            || state.startsWith("40")
            || state.startsWith("53")
            || state.startsWith("57P")
            || state.equals("55P03")
            || state.equals("57014"));
  }
}
