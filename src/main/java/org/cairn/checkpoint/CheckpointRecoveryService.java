package org.cairn.checkpoint;

import com.fasterxml.jackson.databind.node.ArrayNode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.persistence.PersistenceException;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.cairn.platform.Sha256;
import org.cairn.platform.Sql;
import org.cairn.record.Losses;
import org.jspecify.annotations.Nullable;

/** Makes rows of manifests. What is there already stays, so that all of it can be repeated. */
@ApplicationScoped
class CheckpointRecoveryService {

  private static final String MANIFESTS =
      """
      jsonb_to_recordset(cast(? as jsonb)) as m (key text, manifest text, sha256 text, project jsonb,
        run jsonb, segment jsonb, checkpoint jsonb)
      """;

  /**
   * A sealing that failed when its manifest was stored already leaves one behind; the checkpoint
   * was sealed later with another.
   */
  private static final String SUPERSEDED =
      """
      with superseded as (
        delete from checkpoint using %s
        where checkpoint.id = cast(m.checkpoint ->> 'id' as uuid) and checkpoint.state = 'sealed'
          and checkpoint.sealed_at < cast(m.checkpoint ->> 'sealedAt' as timestamptz)
        returning checkpoint.manifest_sha256)
      insert into abandoned_manifest (sha256, abandoned_at)
      select manifest_sha256, cast(? as timestamptz) from superseded on conflict do nothing
      """
          .formatted(MANIFESTS);

  private static final String EARLIER =
      """
      insert into abandoned_manifest (sha256, abandoned_at)
      select m.sha256, cast(? as timestamptz) from %s
      join checkpoint on checkpoint.id = cast(m.checkpoint ->> 'id' as uuid)
        and checkpoint.manifest_sha256 <> m.sha256
      on conflict do nothing
      """
          .formatted(MANIFESTS);

  private static final String CHECKPOINTS =
      """
      insert into checkpoint (id, run_id, segment_id, stage, branch, step, position, tokens, sequences,
        total_tokens, claimed_tokens, claimed_sequences, kind, weights_kind, components,
        representations, state, label, taken_at, metadata, sealed_at, manifest, manifest_sha256,
        weights_digest, loose_weights_digest, created_at, updated_at, version)
      select c.id, run.id, segment.id, c.stage, c.branch, c.step, c.position, c.tokens, c.sequences,
        c."totalTokens", c.tokens_claimed, c.sequences_claimed, c.kind, c."weightsKind", c.components,
        c.representations, 'sealed', c.label, c."takenAt", c.metadata, c."sealedAt", m.manifest,
        m.sha256, c."weightsDigest", c."looseWeightsDigest", c."createdAt", cast(? as timestamptz), 0
      from %s
      join project on project.name = m.project ->> 'name'
      join run on run.project_id = project.id and run.name = m.run ->> 'name'
      left join segment on segment.run_id = run.id and segment.name = m.segment ->> 'name'
      cross join lateral (
        select r.*, cast(m.checkpoint -> 'claimed' ->> 'tokens' as bigint) as tokens_claimed,
          cast(m.checkpoint -> 'claimed' ->> 'sequences' as bigint) as sequences_claimed
        from jsonb_to_record(m.checkpoint) as r (id uuid, stage text, branch text, step bigint,
          position bigint, tokens bigint, sequences bigint, "totalTokens" bigint, kind text,
          "weightsKind" text, components jsonb, representations jsonb, label text,
          "takenAt" timestamptz, metadata jsonb, "sealedAt" timestamptz, "weightsDigest" text,
          "looseWeightsDigest" text, "createdAt" timestamptz)) as c
      where segment.id is not null or m.segment ->> 'name' is null
      order by c."sealedAt" desc
      on conflict do nothing
      """
          .formatted(MANIFESTS);

  private static final String FILES =
      """
      insert into checkpoint_file (checkpoint_id, path, sha256, size, media_type, role, representation)
      select checkpoint.id, f.path, f.sha256, f.size, f."mediaType", f.role, f.representation
      from %s
      join checkpoint on checkpoint.id = cast(m.checkpoint ->> 'id' as uuid)
        and checkpoint.manifest_sha256 = m.sha256
      cross join lateral jsonb_to_recordset(m.checkpoint -> 'files') as f (path text, sha256 text,
        size bigint, "mediaType" text, role text, representation text)
      on conflict do nothing
      """
          .formatted(MANIFESTS);

  private static final String PARENTS =
      """
      insert into parent_edge (id, run_id, checkpoint_id, ordinal, kind, parent_run_id,
        parent_checkpoint_id, parent_segment_id, parent_reference, loads, coefficient, note)
      select cast(md5('parent ' || p.place || ' of ' || child.id) as uuid), child.run_id, child.id,
        p.place - 1, p.edge ->> 'kind', parent.run_id, parent.id, parent.segment_id,
        coalesce(p.edge ->> 'checkpoint', p.edge ->> 'external'),
        nullif(p.edge -> 'loads', 'null'), cast(p.edge ->> 'coefficient' as double precision),
        p.edge ->> 'note'
      from checkpoint child
      cross join lateral jsonb_array_elements(
        cast(child.manifest as jsonb) -> 'checkpoint' -> 'parents') with ordinality as p (edge, place)
      left join lateral (
        select c.id, c.run_id, c.segment_id
        from jsonb_to_record(nullif(p.edge -> 'resolved', 'null')) as r (project text, run text,
          stage text, branch text, step bigint, segment text)
        join project on project.name = r.project
        join run on run.project_id = project.id and run.name = r.run
        join checkpoint c on c.run_id = run.id and c.stage = r.stage and c.branch = r.branch
          and c.step = r.step
        left join segment s on s.id = c.segment_id
        where s.name is not distinct from r.segment) as parent on true
      where child.run_id = ? and child.state = 'sealed'
      on conflict do nothing
      """;

  /**
   * Labels as the manifests have them, and what the record says of later days. Where that is not
   * the newest, a label is with the checkpoint that got it last.
   */
  private static final String LABELS =
      """
      with told as (
        select label_id(c.id, l.label, l."assignedAt") as id, l.label, c.id as checkpoint_id,
          l."assignedAt" as assigned_at, l."retiredAt" as retired_at, 1 as rank
        from checkpoint c
        cross join lateral jsonb_to_recordset(
          cast(c.manifest as jsonb) -> 'checkpoint' -> 'labels') as l (label text,
            "assignedAt" timestamptz, "retiredAt" timestamptz)
        where c.run_id = ? and c.state = 'sealed'
        union all
        select l.id, l.label, l.checkpoint_id, l.assigned_at, l.retired_at, 0
        from jsonb_populate_recordset(
          null::checkpoint_label, cast(? as jsonb) -> 'rows' -> 'checkpoint_label') as l
        join checkpoint c on c.id = l.checkpoint_id),
      spans as (
        select distinct on (checkpoint_id, label, assigned_at) *
        from told order by checkpoint_id, label, assigned_at, rank)
      insert into checkpoint_label (id, run_id, label, checkpoint_id, assigned_at, retired_at)
      select id, cast(? as uuid), label, checkpoint_id, assigned_at,
        coalesce(retired_at, lead(assigned_at) over (partition by label order by assigned_at, id))
      from spans
      on conflict do nothing
      """;

  private final Sql sql;
  private final CheckpointContentQueries contents;
  private final WeightFiles weightFiles;
  private final Event<CheckpointSealed> sealed;
  private final Clock clock;

  CheckpointRecoveryService(
      Sql sql,
      CheckpointContentQueries contents,
      WeightFiles weightFiles,
      Event<CheckpointSealed> sealed,
      Clock clock) {
    this.sql = sql;
    this.contents = contents;
    this.weightFiles = weightFiles;
    this.sealed = sealed;
    this.clock = clock;
  }

  /** The database does not take what a manifest says. */
  static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    RefusedException(Throwable cause) {
      super(String.valueOf(cause.getMessage()), cause);
    }
  }

  @Transactional(rollbackOn = RefusedException.class)
  int insert(ArrayNode manifests, Losses losses) {
    var text = manifests.toString();
    var now = clock.instant().atOffset(ZoneOffset.UTC).toString();
    try {
      sql.update(SUPERSEDED, List.of(text, now));
      int inserted = sql.update(CHECKPOINTS, List.of(now, text));
      sql.update(EARLIER, List.of(now, text));
      sql.update(FILES, List.of(text));
      for (var row :
          sql.query(
              """
              select m.key from %s
              where not exists (
                select 1 from checkpoint where id = cast(m.checkpoint ->> 'id' as uuid))
              """
                  .formatted(MANIFESTS),
              List.of(text),
              r -> r.getString(1))) {
        losses.lost(
            row, "its run or segment is not known, or another sealed checkpoint has its place");
      }
      return inserted;
    } catch (PersistenceException e) {
      throw new RefusedException(e);
    }
  }

  @Transactional
  void connect(UUID run, String labels) {
    sql.update(PARENTS, List.of(run));
    sql.update(LABELS, List.of(run, labels, run));
  }

  /** A sealed checkpoint. */
  record Sealed(UUID id, String name, @Nullable String weightsDigest) {}

  /** Those of which nobody has decided which files their weights are read from. */
  @Transactional
  List<Sealed> undecided(UUID run) {
    return sql.query(
        """
        select c.id, p.name || '/' || r.name || '@' || c.label, c.weights_digest
        from checkpoint c join run r on r.id = c.run_id join project p on p.id = r.project_id
        where c.run_id = ? and c.state = 'sealed' and not exists (
          select 1 from checkpoint_file f where f.checkpoint_id = c.id and f.primary_weights)
        order by c.position, c.id
        """,
        List.of(run),
        r -> new Sealed(r.getObject(1, UUID.class), r.getString(2), r.getString(3)));
  }

  /** Paths of the files of a checkpoint whose bytes are not there. */
  @Transactional
  List<String> missing(UUID id) {
    return sql.query(
        """
        select f.path from checkpoint_file f
        where f.checkpoint_id = ? and not exists (select 1 from artifact a where a.sha256 = f.sha256)
        order by f.path collate "C"
        """,
        List.of(id),
        r -> r.getString(1));
  }

  @Transactional
  List<FileRequest> files(UUID id) {
    return contents.files(id);
  }

  @Transactional
  void decide(UUID id, Collection<String> paths) {
    weightFiles.decide(id, paths);
  }

  @Transactional
  void recovered(UUID run) {
    sealed.fire(new CheckpointSealed(run));
  }

  @Transactional
  int insertDocuments(Collection<Sha256> digests) {
    var distinct = new HashSet<>(digests);
    return sql.update(
        """
        insert into document (sha256, content) select unnest(?), null on conflict do nothing
        """,
        List.of((Object) distinct.stream().map(Sha256::hex).toArray(String[]::new)));
  }
}
