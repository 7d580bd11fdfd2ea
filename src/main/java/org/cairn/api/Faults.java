package org.cairn.api;

import io.quarkus.logging.Log;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a failure below the HTTP layer means to a client, where it means anything. */
public final class Faults {

  private Faults() {}

  /** The problem that {@code failure} is to a client; empty where it is a fault of the service. */
  public static Optional<RegistryException> of(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof RegistryException known) {
        return Optional.of(known);
      }
      if (t instanceof org.hibernate.exception.ConstraintViolationException violation
          && violation.getKind()
              == org.hibernate.exception.ConstraintViolationException.ConstraintKind.UNIQUE) {
        return Optional.of(RegistryException.conflict(taken(violation.getConstraintName())));
      }
      if (t instanceof SQLException sql) {
        var problem = of(sql);
        if (problem.isPresent()) {
          return problem;
        }
      }
    }
    if (Outages.isFull(failure)) {
      return Optional.of(
          new RegistryException(
              ProblemType.INSUFFICIENT_STORAGE,
              "The disk of the database or the object store is full; what is there is kept"));
    }
    return Outages.isOutage(failure)
        ? Optional.of(
            new RegistryException(
                ProblemType.UNAVAILABLE,
                "The database or the object store does not answer; try again"))
        : Optional.empty();
  }

  /** Whether something that this service depends on is away for now. */
  public static boolean isOutage(Throwable failure) {
    return Outages.isOutage(failure);
  }

  /** As {@link #of}; a fault of the service is logged, and its problem names the entry. */
  public static RegistryException problem(Throwable failure) {
    return of(failure)
        .orElseGet(() -> {
          var incident = UUID.randomUUID();
          Log.errorf(failure, "Unexpected failure %s", incident);
          return new RegistryException(
              ProblemType.INTERNAL,
              "Incident " + incident + "; the log of the service has the details");
        });
  }

  private static Optional<RegistryException> of(SQLException e) {
    var state = Objects.requireNonNullElse(e.getSQLState(), "");
    // Text and JSON of PostgreSQL hold every character but this one.
    if (state.equals("22021") || state.equals("22P05")) {
      return Optional.of(
          RegistryException.invalid(
              "body", "contains the character U+0000, which cannot be stored"));
    }
    // Two clients at once: one added what refers to a thing while the other took that away.
    if (state.equals("23503")) {
      return Optional.of(
          RegistryException.conflict("Something refers to it, or what it refers to is gone"));
    }
    return Optional.empty();
  }

  /** project_name_unique becomes "This project name exists already". */
  private static String taken(@Nullable String constraint) {
    var words =
        Objects.requireNonNullElse(constraint, "")
            .toLowerCase(Locale.ROOT)
            .replaceFirst("_(unique|pkey)$", "")
            .replace('_', ' ');
    return words.isEmpty() ? "It exists already" : "This " + words + " exists already";
  }
}
