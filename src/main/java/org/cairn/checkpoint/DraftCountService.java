package org.cairn.checkpoint;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.cairn.api.RegistryException;
import org.cairn.platform.Sql;
import org.cairn.run.RunService;
import org.cairn.run.SegmentFacts;
import org.jspecify.annotations.Nullable;

/** Counts drafts anew that were registered before anybody told how the run was trained. */
@ApplicationScoped
public class DraftCountService {

  private static final int BATCH = 2_000;

  private final RunService runs;
  private final Sql sql;

  DraftCountService(RunService runs, Sql sql) {
    this.runs = runs;
    this.sql = sql;
  }

  private record Draft(UUID id, String stage, String branch, long step, boolean derived) {}

  /**
   * Gives the drafts of a run that are of no segment the one that covers them, and what its batch
   * schedule, or the run's, comes to. What is sealed stays as it is, and so does what lies in
   * several segments.
   */
  @Transactional
  public void recount(UUID runId) {
    var held = runs.held(runId);
    var context = new RunContext(held.run(), held.segments(), held.counter());
    var drafts =
        sql.query(
            """
            select id, stage, branch, step, kind = 'derived' from checkpoint
            where run_id = ? and state = 'draft' and segment_id is null
            """,
            List.of(runId),
            row ->
                new Draft(
                    row.getObject(1, UUID.class),
                    row.getString(2),
                    row.getString(3),
                    row.getLong(4),
                    row.getBoolean(5)));
    for (int from = 0; from < drafts.size(); from += BATCH) {
      var rows = JsonNodeFactory.instance.arrayNode();
      for (var draft : drafts.subList(from, Math.min(from + BATCH, drafts.size()))) {
        counted(context, draft).ifPresent(rows::add);
      }
      sql.update(
          """
          update checkpoint c set segment_id = u.segment, position = u.position,
            tokens = u.tokens, sequences = u.sequences, total_tokens = u.total,
            version = c.version + 1, updated_at = now()
          from jsonb_to_recordset(cast(? as jsonb)) as u(id uuid, segment uuid, position bigint,
            tokens bigint, sequences bigint, total bigint)
          where c.id = u.id and c.state = 'draft'
            and (c.segment_id, c.position, c.tokens, c.sequences, c.total_tokens)
              is distinct from (u.segment, u.position, u.tokens, u.sequences, u.total)
            and not exists (select 1 from checkpoint other where other.run_id = c.run_id
              and other.stage = c.stage and other.branch = c.branch and other.step = c.step
              and other.segment_id = u.segment)
          """,
          List.of(rows.toString()));
    }
  }

  /** Empty for what stands where the last of what it was made of stands, and beyond all counts. */
  private static Optional<ObjectNode> counted(RunContext context, Draft draft) {
    var segment = segmentOf(context, draft);
    if (draft.derived() && segment == null) {
      return Optional.empty();
    }
    try {
      var counts = segment == null ? context.counter().at(draft.step()) : segment.at(draft.step());
      return Optional.of(
          JsonNodeFactory.instance
              .objectNode()
              .put("id", draft.id().toString())
              .put("segment", segment == null ? null : segment.id().toString())
              .put("position", counts.position())
              .put("tokens", counts.tokens())
              .put("sequences", counts.sequences())
              .put("total", counts.totalTokens()));
    } catch (RegistryException e) {
      return Optional.empty();
    }
  }

  private static @Nullable SegmentFacts segmentOf(RunContext context, Draft draft) {
    try {
      Optional<SegmentFacts> segment =
          context.segmentOf(null, draft.stage(), draft.branch(), draft.step(), "segment");
      return segment.orElse(null);
    } catch (RegistryException e) {
      return null; // in several: nobody told which of them saved it
    }
  }
}
