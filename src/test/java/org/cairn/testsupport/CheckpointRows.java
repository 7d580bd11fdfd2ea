package org.cairn.testsupport;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.UUID;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

/**
 * Puts checkpoints into the catalogue for tests of the floors below them, with counts that such a
 * test chooses.
 */
@ApplicationScoped
@Transactional
public class CheckpointRows {

  /** Counts of a checkpoint; a null is unknown. */
  public record Row(
      String stage,
      String branch,
      long step,
      long position,
      @Nullable Long tokens,
      @Nullable Long sequences,
      @Nullable Long totalTokens) {

    public static Row of(long step, @Nullable Long tokens, @Nullable Long sequences) {
      return new Row("", "", step, step, tokens, sequences, tokens);
    }
  }

  private final Session session;

  CheckpointRows(Session session) {
    this.session = session;
  }

  /** Stores a checkpoint under a label; {@code runPath} is the address of its run. */
  public UUID insert(String runPath, @Nullable String segment, String label, Row row) {
    var id = UUID.randomUUID();
    var names = runPath.split("/", -1);
    var inserted =
        session
            .createNativeMutationQuery(
                """
                insert into checkpoint (id, run_id, segment_id, stage, branch, step, position,
                  tokens, sequences, total_tokens, kind, weights_kind, components,
                  representations, state, label, metadata, created_at, updated_at, version)
                select :id, r.id, (select s.id from segment s where s.run_id = r.id
                    and s.name = cast(:segment as text)),
                  :stage, :branch, :step, :position, cast(cast(:tokens as text) as bigint),
                  cast(cast(:sequences as text) as bigint),
                  cast(cast(:total as text) as bigint), 'scheduled', 'raw', '{}', '[]', 'draft',
                  :label, '{}', now(), now(), 0
                from run r join project p on p.id = r.project_id
                where p.name = :project and r.name = :run
                """)
            .setParameter("id", id)
            .setParameter("segment", segment == null ? "" : segment)
            .setParameter("stage", row.stage())
            .setParameter("branch", row.branch())
            .setParameter("step", row.step())
            .setParameter("position", row.position())
            .setParameter("tokens", text(row.tokens()), String.class)
            .setParameter("sequences", text(row.sequences()), String.class)
            .setParameter("total", text(row.totalTokens()), String.class)
            .setParameter("label", label)
            .setParameter("project", names[3])
            .setParameter("run", names[5])
            .executeUpdate();
    if (inserted != 1) {
      throw new IllegalStateException("no run " + runPath);
    }
    session
        .createNativeMutationQuery(
            """
            insert into checkpoint_label (id, run_id, label, checkpoint_id, assigned_at)
            select gen_random_uuid(), run_id, label, id, created_at from checkpoint where id = :id
            """)
        .setParameter("id", id)
        .executeUpdate();
    return id;
  }

  private static @Nullable String text(@Nullable Long count) {
    return count == null ? null : count.toString();
  }
}
