package org.cairn.job;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.cairn.api.PageToken;
import org.jspecify.annotations.Nullable;

/** Reads of the queue for clients. */
@ApplicationScoped
class JobQueries {

  private final Statements statements;

  JobQueries(Statements statements) {
    this.statements = statements;
  }

  Optional<JobView> byId(UUID id) {
    return statements.query("select * from job where id = ?", JobQueries::view, id).stream()
        .findFirst();
  }

  /** The jobs before {@code from}, newest first. */
  List<JobView> newestBefore(
      PageToken.Newest from, @Nullable JobState state, @Nullable String kind, int limit) {
    var stateText = state == null ? null : state.text();
    return statements.query(
        """
        select * from job
        where (created_at, id) < (?, ?)
          and (?::text is null or state = ?) and (?::text is null or kind = ?)
        order by created_at desc, id desc limit ?
        """,
        JobQueries::view,
        from.createdAt().atOffset(ZoneOffset.UTC),
        from.id(),
        stateText,
        stateText,
        kind,
        kind,
        limit);
  }

  long unfinished() {
    return statements
        .query("select count(*) from job where state in ('queued', 'running')", r -> r.getLong(1))
        .getFirst();
  }

  private static JobView view(ResultSet row) throws SQLException {
    return new JobView(
        row.getObject("id", UUID.class),
        row.getString("kind"),
        row.getString("subject"),
        JobState.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
        row.getLong("done"),
        row.getLong("total"),
        row.getInt("attempts"),
        row.getString("failure"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        instant(row, "started_at"),
        instant(row, "finished_at"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    var time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
