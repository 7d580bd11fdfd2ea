package org.cairn.checkpoint;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.cairn.platform.Sha1;
import org.cairn.platform.Sql;
import org.jspecify.annotations.Nullable;

/**
 * Computes the commits of checkpoints and writes them down. That happens when they are asked for,
 * and not when a checkpoint changes: a version of the service that does not know commits may have
 * changed it.
 */
@ApplicationScoped
class CheckpointCommits {

  /** Of a row {@code c}: nobody has computed its commit since it changed. */
  static final String STALE =
      """
      ((c.state <> 'sealed' and c.commit_version is distinct from c.version)
        or (c.state = 'sealed' and c.manifest_commit is null))
      """;

  /** Of a row {@code c} that is not stale. */
  static final String COMMIT =
      "case when c.state = 'sealed' then c.manifest_commit else c.content_commit end";

  private static final String FORMAT = "cairn.content/1";

  private final Sql sql;

  CheckpointCommits(Sql sql) {
    this.sql = sql;
  }

  private record Pending(long version, MessageDigest content, @Nullable String manifest) {}

  /**
   * One at a time for a run, until the end of the transaction: two that wrote the same rows in
   * different orders would be stuck. Who keeps the row of a checkpoint and asks for its commit
   * calls this before.
   */
  void hold(UUID runId) {
    sql.query(
        "select pg_advisory_xact_lock(hashtextextended(?, 0))",
        List.of("commits " + runId),
        r -> true);
  }

  /** Computes what is missing in a run, of all checkpoints or of these. */
  void compute(UUID runId, @Nullable Collection<UUID> ids) {
    hold(runId);
    var pending = pending(runId, ids);
    if (pending.isEmpty()) {
      return;
    }
    sql.stream(
        """
        select checkpoint_id, sha256, size, path from checkpoint_file
        where checkpoint_id = any (?) order by checkpoint_id, path collate "C"
        """,
        List.of((Object) pending.keySet().toArray(UUID[]::new)),
        r ->
            update(
                pending.get(r.getObject(1, UUID.class)),
                // A path has no control characters, so nothing else has these lines.
                r.getString(2) + " " + r.getLong(3) + " " + r.getString(4)));
    write(pending);
  }

  private Map<UUID, Pending> pending(UUID runId, @Nullable Collection<UUID> ids) {
    var pending = new HashMap<UUID, Pending>();
    var values = new ArrayList<Object>(List.of(runId));
    if (ids != null) {
      values.add(ids.toArray(UUID[]::new));
    }
    sql.stream(
        "select c.id, c.version, c.state, c.manifest from checkpoint c where c.run_id = ?"
            + (ids == null ? "" : " and c.id = any (?)")
            + " and "
            + STALE,
        values,
        r -> {
          var id = r.getObject(1, UUID.class);
          var content = Sha1.newDigest();
          var one =
              new Pending(
                  r.getLong(2),
                  content,
                  r.getString(3).equals("sealed") ? Sha1.of(r.getString(4)) : null);
          update(one, FORMAT);
          update(one, id.toString());
          pending.put(id, one);
        });
    return pending;
  }

  private static void update(@Nullable Pending one, String line) {
    if (one != null) {
      one.content().update((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Leaves out rows that changed meanwhile. */
  private void write(Map<UUID, Pending> pending) {
    var ids = new ArrayList<>(pending.keySet());
    var all = new ArrayList<>(pending.values());
    sql.update(
        """
        update checkpoint c
        set content_commit = u.content, manifest_commit = u.manifest, commit_version = u.version
        from unnest(?, ?, ?, ?) as u (id, version, content, manifest)
        where c.id = u.id and c.version = u.version
        """,
        List.of(
            ids.toArray(UUID[]::new),
            all.stream().map(Pending::version).toArray(Long[]::new),
            all.stream().map(one -> Sha1.of(one.content())).toArray(String[]::new),
            all.stream().map(Pending::manifest).toArray(String[]::new)));
  }

  /** Whether a commit still names the content of a draft. */
  boolean isCurrent(UUID id, String commit) {
    return !sql.query(
            "select 1 from checkpoint c where c.id = ? and c.content_commit = ? and not " + STALE,
            List.of(id, commit),
            r -> true)
        .isEmpty();
  }
}
