package org.cairn.checkpoint;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.cairn.platform.FileEntry;
import org.cairn.platform.Names;
import org.cairn.platform.Sql;
import org.cairn.run.RunService;
import org.jspecify.annotations.Nullable;

/** Drafts of checkpoints that somebody else lists, and whose bytes somebody else has. */
@ApplicationScoped
public class ListedDraftService {

  private final RunService runs;
  private final CheckpointRegistrar registrar;
  private final CheckpointFileRows files;
  private final Sql sql;
  private final Clock clock;

  ListedDraftService(
      RunService runs,
      CheckpointRegistrar registrar,
      CheckpointFileRows files,
      Sql sql,
      Clock clock) {
    this.runs = runs;
    this.registrar = registrar;
    this.files = files;
    this.sql = sql;
    this.clock = clock;
  }

  /** Where a checkpoint stands in its run. */
  public record Position(String stage, String branch, long step) {}

  /**
   * A checkpoint as it is listed.
   *
   * @param tokens as claimed; null where nothing is
   * @param weights averaged where it was made from others, not saved by training
   * @param labels further ones: spellings, addresses
   * @param files of which the host tells digest and size; a draft takes them, a sealed checkpoint
   *     stays as it is
   */
  public record Listed(
      Position position,
      @Nullable Long tokens,
      WeightsKind weights,
      List<String> labels,
      List<FileEntry> files) {
    public Listed {
      labels = List.copyOf(labels);
      files = List.copyOf(files);
    }
  }

  /**
   * What became of a listed checkpoint.
   *
   * @param id null where it was refused
   * @param refused why
   */
  public record Outcome(@Nullable UUID id, @Nullable String refused) {}

  /** Where the checkpoints of a run stand. */
  @Transactional
  public Set<Position> positions(UUID runId) {
    return new HashSet<>(
        sql.query(
            "select distinct stage, branch, step from checkpoint where run_id = ?",
            List.of(runId),
            row -> new Position(row.getString(1), row.getString(2), row.getLong(3))));
  }

  /**
   * Makes sure that a run has these checkpoints, at most a few hundred: drafts for those that it
   * does not have, and labels that nobody has yet. Doing it again changes nothing.
   */
  @Transactional
  public Map<Position, Outcome> ensure(UUID runId, Collection<Listed> listed) {
    var held = runs.held(runId);
    var wanted = new LinkedHashMap<Position, Listed>();
    listed.forEach(one -> wanted.putIfAbsent(one.position(), one));
    var present = present(runId, wanted.keySet());
    var missing =
        wanted.values().stream().filter(one -> !present.containsKey(one.position())).toList();
    var outcomes = new HashMap<Position, Outcome>();
    present.forEach((position, row) -> outcomes.put(position, new Outcome(row.id(), null)));
    var registered =
        registrar.register(held, missing.stream().map(ListedDraftService::request).toList());
    for (int i = 0; i < missing.size(); i++) {
      var outcome = registered.get(i);
      outcomes.put(
          missing.get(i).position(),
          outcome.added() != null
              ? new Outcome(outcome.added().checkpoint().id(), null)
              : new Outcome(null, outcome.refused() == null ? "" : outcome.refused().getMessage()));
    }
    for (var one : wanted.values()) {
      var row = present.get(one.position());
      if (row != null && row.draft() && !one.files().isEmpty()) {
        files.put(row.id(), CheckpointPreparation.files(requests(one.files())));
      }
    }
    label(runId, listed, outcomes);
    return outcomes;
  }

  private record Present(UUID id, boolean draft) {}

  /** Of several checkpoints at one position, saved by several launches, the first. */
  private Map<Position, Present> present(UUID runId, Collection<Position> positions) {
    var found = new HashMap<Position, Present>();
    sql.stream(
        """
        select distinct on (c.stage, c.branch, c.step) c.stage, c.branch, c.step, c.id, c.state
        from unnest(?, ?, ?) as u(stage, branch, step)
        join checkpoint c on c.run_id = ? and c.stage = u.stage and c.branch = u.branch
          and c.step = u.step
        order by c.stage, c.branch, c.step, c.created_at, c.id
        """,
        List.of(
            positions.stream().map(Position::stage).toArray(String[]::new),
            positions.stream().map(Position::branch).toArray(String[]::new),
            positions.stream().map(Position::step).toArray(Long[]::new),
            runId),
        row ->
            found.put(
                new Position(row.getString(1), row.getString(2), row.getLong(3)),
                new Present(row.getObject(4, UUID.class), row.getString(5).equals("draft"))));
    return found;
  }

  private static CheckpointRequest request(Listed listed) {
    return new CheckpointRequest(
        listed.position().stage(),
        listed.position().branch(),
        listed.position().step(),
        null,
        listed.tokens(),
        null,
        listed.weights() == WeightsKind.AVERAGED ? CheckpointKind.DERIVED : null,
        listed.weights(),
        null,
        null,
        null,
        null,
        null,
        null,
        requests(listed.files()),
        null);
  }

  private static List<FileRequest> requests(List<FileEntry> files) {
    return files.stream()
        .map(file ->
            new FileRequest(file.path(), file.sha256(), file.size(), null, file.mediaType(), null))
        .toList();
  }

  /** What is a label already stays where it is. */
  private void label(UUID runId, Collection<Listed> listed, Map<Position, Outcome> outcomes) {
    var labels = new ArrayList<String>();
    var ids = new ArrayList<UUID>();
    for (var one : listed) {
      var outcome = outcomes.get(one.position());
      var id = outcome == null ? null : outcome.id();
      for (var label : one.labels()) {
        if (id != null && Names.faultOfLabel(label).isEmpty()) {
          labels.add(label);
          ids.add(id);
        }
      }
    }
    if (labels.isEmpty()) {
      return;
    }
    var now = clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    sql.update(
        """
        with given as (
          select distinct on (u.label) u.label, u.id
          from unnest(?, ?) with ordinality as u(label, id, place)
          where not exists (select 1 from checkpoint_label l
            where l.run_id = ? and l.label = u.label and l.retired_at is null)
          order by u.label, u.place),
        labelled as (
          insert into checkpoint_label (id, run_id, label, checkpoint_id, assigned_at)
          select label_id(given.id, given.label, cast(? as timestamptz)), ?, given.label, given.id,
            cast(? as timestamptz)
          from given
          on conflict do nothing
          returning checkpoint_id)
        update checkpoint set version = version + 1, updated_at = cast(? as timestamptz)
        where id in (select checkpoint_id from labelled) and created_at < cast(? as timestamptz)
        """,
        List.of(
            labels.toArray(String[]::new),
            ids.toArray(UUID[]::new),
            runId,
            now,
            runId,
            now,
            now,
            now));
  }
}
