package org.cairn.checkpoint;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.cairn.api.PageToken;
import org.cairn.api.PageView;
import org.cairn.api.RegistryException;
import org.cairn.platform.JsonLimits;
import org.cairn.platform.Names;
import org.cairn.run.RunRef;
import org.cairn.run.RunService;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

/** Labels are aliases: they may be many and may move. What a label named before is kept. */
@ApplicationScoped
class LabelService {

  private static final String SELECT =
      """
      select l.label, c.label as checkpoint, l.assigned_at, l.retired_at, l.id
      from checkpoint_label l join checkpoint c on c.id = l.checkpoint_id
      where l.run_id = :run and (cast(:label as text) is null or l.label = :label)
      """;

  private static final String AFTER =
      """
        and (l.assigned_at, l.label, l.id) > (:afterTime, :afterLabel, :afterId)
      order by l.assigned_at, l.label, l.id
      """;

  private final RunService runs;
  private final CheckpointReader reader;
  private final Session entities;
  private final Clock clock;

  LabelService(RunService runs, CheckpointReader reader, Session entities, Clock clock) {
    this.runs = runs;
    this.reader = reader;
    this.entities = entities;
    this.clock = clock;
  }

  /** A label and the checkpoint that it names, or named until {@code retiredAt}. */
  record LabelView(
      String label, String checkpoint, Instant assignedAt, @Nullable Instant retiredAt) {}

  /** The labels of a run, with all that they ever named, oldest first. */
  @Transactional
  PageView<LabelView> list(
      String project, String run, @Nullable String label, @Nullable String pageToken, int size) {
    var ref = runs.ref(project, run);
    var fault = label == null ? "" : JsonLimits.faultOfText(label);
    if (!fault.isEmpty()) {
      throw RegistryException.invalid("label", fault);
    }
    var from = PageToken.parse(pageToken, 3);
    var rows =
        entities
            .createNativeQuery(SELECT + AFTER, Object[].class)
            .setParameter("run", ref.id())
            .setParameter("label", label, String.class)
            .setParameter("afterTime", from == null ? Instant.EPOCH : from.time(0))
            .setParameter("afterLabel", from == null ? "" : from.key().get(1))
            .setParameter("afterId", from == null ? new UUID(0, 0) : from.id(2))
            .setMaxResults(size + 1)
            .getResultList();
    return PageView.of(
        rows,
        size,
        LabelService::view,
        row ->
            new PageToken(
                List.of(((Instant) row[2]).toString(), (String) row[0], row[4].toString())));
  }

  private static LabelView view(Object[] row) {
    return new LabelView((String) row[0], (String) row[1], (Instant) row[2], (Instant) row[3]);
  }

  /**
   * Gives {@code label} to a checkpoint, taking it from another one if need be; does nothing where
   * it has it already.
   */
  @Transactional
  LabelView assign(String project, String run, String label, String checkpoint) {
    var fault = Names.faultOfLabel(label);
    if (!fault.isEmpty()) {
      throw RegistryException.invalid("label", fault);
    }
    var ref = runs.ref(project, run);
    var target = reader.get(ref, checkpoint);
    lock(ref, label);
    var holder = reader.find(ref.id(), label);
    if (holder.isPresent() && holder.get().id().equals(target.id())) {
      return current(ref, label);
    }
    if (holder.isPresent()) {
      refusePrimary(holder.get(), label);
      retireNow(ref.id(), label);
      touch(holder.get().id());
    }
    entities
        .createNativeMutationQuery(
            """
            insert into checkpoint_label (id, run_id, label, checkpoint_id, assigned_at)
            values (label_id(:checkpoint, :label, :now), :run, :label, :checkpoint, :now)
            """)
        .setParameter("run", ref.id())
        .setParameter("label", label)
        .setParameter("checkpoint", target.id())
        .setParameter("now", clock.instant())
        .executeUpdate();
    touch(target.id());
    return current(ref, label);
  }

  @Transactional
  void retire(String project, String run, String label) {
    var ref = runs.ref(project, run);
    if (!Names.faultOfLabel(label).isEmpty()) {
      throw RegistryException.notFound("label", label);
    }
    lock(ref, label);
    var holder =
        reader.find(ref.id(), label).orElseThrow(() -> RegistryException.notFound("label", label));
    refusePrimary(holder, label);
    retireNow(ref.id(), label);
    touch(holder.id());
  }

  /** Its labels are part of what is answered of a checkpoint, so its entity tag changes. */
  private void touch(UUID checkpointId) {
    entities
        .createNativeMutationQuery(
            "update checkpoint set version = version + 1, updated_at = :now where id = :id")
        .setParameter("now", clock.instant())
        .setParameter("id", checkpointId)
        .executeUpdate();
  }

  /** One mover of a label at a time; the lock ends with the transaction. */
  private void lock(RunRef run, String label) {
    entities
        .createNativeQuery("select pg_advisory_xact_lock(hashtextextended(:key, 0))", Object.class)
        .setParameter("key", run.id() + " " + label)
        .getResultList();
  }

  private LabelView current(RunRef run, String label) {
    return view(
        entities
            .createNativeQuery(SELECT + " and l.retired_at is null", Object[].class)
            .setParameter("run", run.id())
            .setParameter("label", label, String.class)
            .getSingleResult());
  }

  private void retireNow(UUID runId, String label) {
    entities
        .createNativeMutationQuery(
            "update checkpoint_label set retired_at = :now where run_id = :run and label = :label and retired_at is null")
        .setParameter("now", clock.instant())
        .setParameter("run", runId)
        .setParameter("label", label)
        .executeUpdate();
  }

  /** The primary label stands in addresses that were handed out and in the manifest: it stays. */
  private static void refusePrimary(CheckpointRow holder, String label) {
    if (holder.label().equals(label)) {
      throw RegistryException.conflict(
          label + " is the primary label of a checkpoint and stays with it");
    }
  }
}
