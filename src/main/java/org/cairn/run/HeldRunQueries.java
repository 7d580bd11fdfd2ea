package org.cairn.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.cairn.platform.Names;
import org.cairn.platform.Sql;
import org.jspecify.annotations.Nullable;

/**
 * Locks a run and reads what its checkpoints are counted by, in one statement: registering
 * checkpoints one by one consists of little else. The run's own schedule is read under the lock. A
 * segment that was being made meanwhile may be missing, as if the checkpoint had come before it.
 */
@ApplicationScoped
class HeldRunQueries {

  private static final String SELECT =
      """
      select r.id as run_id, p.name as project_name, r.name as run_name,
        p.is_private or r.is_private as hidden, r.batch_schedule as run_schedule, s.id, s.name,
        s.stage, s.branch, s.start_step, s.end_step, s.batch_schedule, s.tokens_at_start,
        s.sequences_at_start, s.steps_before, s.tokens_before, s.sequences_before
      from run r join project p on p.id = r.project_id left join segment s on s.run_id = r.id
      where %s
      order by s.ordinal
      for no key update of r
      """;

  private static final String BY_NAME = SELECT.formatted("lower(p.name) = ? and lower(r.name) = ?");
  private static final String BY_ID = SELECT.formatted("r.id = ?");

  private final Sql sql;
  private final ObjectMapper json;

  HeldRunQueries(Sql sql, ObjectMapper json) {
    this.sql = sql;
    this.json = json;
  }

  Optional<HeldRun> byName(String project, String run) {
    // What is no name is nowhere, and PostgreSQL need not be asked about it.
    return Names.isSlug(project) && Names.isSlug(run)
        ? held(BY_NAME, List.of(project.toLowerCase(Locale.ROOT), run.toLowerCase(Locale.ROOT)))
        : Optional.empty();
  }

  Optional<HeldRun> byId(UUID id) {
    return held(BY_ID, List.of(id));
  }

  private record Row(
      RunRef run, @Nullable BatchSchedule schedule, @Nullable SegmentFacts segment) {}

  private Optional<HeldRun> held(String text, List<?> values) {
    var rows = sql.query(text, values, this::row);
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    var first = rows.getFirst();
    return Optional.of(
        new HeldRun(
            first.run(),
            rows.stream().map(Row::segment).filter(Objects::nonNull).toList(),
            StepCounter.ofRun(first.schedule())));
  }

  private Row row(ResultSet r) throws SQLException {
    var schedule = schedule(r.getString("run_schedule"));
    var segment = r.getObject("id", UUID.class);
    return new Row(
        new RunRef(
            r.getObject("run_id", UUID.class),
            r.getString("project_name"),
            r.getString("run_name"),
            r.getBoolean("hidden")),
        schedule,
        segment == null
            ? null
            : new SegmentRow(
                    segment,
                    r.getString("name"),
                    r.getString("stage"),
                    r.getString("branch"),
                    r.getLong("start_step"),
                    r.getObject("end_step", Long.class),
                    schedule(r.getString("batch_schedule")),
                    schedule,
                    r.getObject("tokens_at_start", Long.class),
                    r.getObject("sequences_at_start", Long.class),
                    r.getObject("steps_before", Long.class),
                    r.getObject("tokens_before", Long.class),
                    r.getObject("sequences_before", Long.class))
                .facts());
  }

  private @Nullable BatchSchedule schedule(@Nullable String text) {
    try {
      return text == null ? null : json.readValue(text, BatchSchedule.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A stored schedule does not parse", e);
    }
  }
}
