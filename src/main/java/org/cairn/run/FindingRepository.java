package org.cairn.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

@ApplicationScoped
class FindingRepository implements PanacheRepositoryBase<Finding, UUID> {

  private final EntityManager entities;

  FindingRepository(EntityManager entities) {
    this.entities = entities;
  }

  Optional<Finding> byId(UUID runId, UUID id) {
    return find("id = ?1 and runId = ?2", id, runId).firstResultOptional();
  }

  /**
   * One statement. A fault that was seen before takes the new evidence; what was thought to be
   * fixed is open again, what somebody explained stays explained, and what somebody opened again in
   * spite of an explanation stays open.
   */
  void upsert(UUID runId, Collection<NewFinding> findings, Instant now) {
    var distinct = new LinkedHashMap<List<String>, NewFinding>();
    for (var finding : findings) {
      distinct.put(List.of(finding.findingClass(), finding.subject()), finding);
    }
    var rows = JsonNodeFactory.instance.arrayNode(distinct.size());
    for (var finding : distinct.values()) {
      var row = rows.addObject();
      row.put("class", finding.findingClass());
      row.put("subject", finding.subject());
      row.set("evidence", finding.evidence());
      if (finding.explanation() != null) {
        row.put("explanation", finding.explanation().text());
        row.set("explanation_evidence", finding.explanation().evidence());
      }
      if (finding.checkpointId() != null) {
        row.put("checkpoint_id", finding.checkpointId().toString());
      }
    }
    entities
        .createNativeQuery(
            """
            insert into finding as known (id, run_id, checkpoint_id, class, subject, evidence, status,
              explanation, explanation_evidence, created_at, updated_at, version)
            select gen_random_uuid(), :run, checkpoint_id, class, subject, evidence,
              case when explanation is null then 'open' else 'explained' end, explanation,
              explanation_evidence,
              cast(:now as timestamptz), cast(:now as timestamptz), 0
            from jsonb_to_recordset(cast(:rows as jsonb))
              as seen (class text, subject text, evidence jsonb, checkpoint_id uuid, explanation text,
                explanation_evidence jsonb)
            on conflict on constraint finding_unique do update set
              evidence = excluded.evidence, checkpoint_id = excluded.checkpoint_id,
              status = case when known.status <> 'fixed' and known.explanation is not null
                then known.status else excluded.status end,
              explanation = case when known.status <> 'fixed' and known.explanation is not null
                then known.explanation else excluded.explanation end,
              explanation_evidence = case when known.status <> 'fixed' and known.explanation is not null
                then known.explanation_evidence else excluded.explanation_evidence end,
              updated_at = excluded.updated_at, version = known.version + 1
            where known.evidence is distinct from excluded.evidence
              or known.checkpoint_id is distinct from excluded.checkpoint_id
              or known.status = 'fixed'
              or (known.explanation is null and excluded.explanation is not null)
            """)
        .setParameter("run", runId)
        .setParameter("now", now.toString())
        .setParameter("rows", rows.toString())
        .executeUpdate();
  }

  /** Closes the findings of this class and subject; what somebody said of them stays. */
  void fix(String findingClass, String subject, String explanation, Instant now) {
    entities
        .createNativeQuery(
            """
            update finding set status = 'fixed', explanation = coalesce(explanation, :explanation),
              updated_at = cast(:now as timestamptz), version = version + 1
            where class = :class and subject = :subject and status <> 'fixed'
            """)
        .setParameter("explanation", explanation)
        .setParameter("now", now.toString())
        .setParameter("class", findingClass)
        .setParameter("subject", subject)
        .executeUpdate();
  }

  /** Closes an open finding of a run. */
  void fix(UUID runId, String findingClass, String subject, Instant now) {
    entities
        .createNativeQuery(
            """
            update finding set status = 'fixed', explanation = 'A later import does not find it.',
              updated_at = cast(:now as timestamptz), version = version + 1
            where run_id = :run and class = :class and subject = :subject and status = 'open'
            """)
        .setParameter("run", runId)
        .setParameter("now", now.toString())
        .setParameter("class", findingClass)
        .setParameter("subject", subject)
        .executeUpdate();
  }

  /** Closes the open findings of these classes but for those that were found, in one statement. */
  void close(UUID runId, Collection<String> classes, Collection<NewFinding> found, Instant now) {
    entities
        .createNativeQuery(
            """
            update finding set status = 'fixed', explanation = 'A later examination does not find it.',
              updated_at = cast(:now as timestamptz), version = version + 1
            where run_id = :run and status = 'open' and class = any (cast(:classes as text[]))
              and (class, subject) not in (
                select * from unnest(cast(:foundClasses as text[]), cast(:subjects as text[])))
            """)
        .setParameter("run", runId)
        .setParameter("now", now.toString())
        .setParameter("classes", classes.toArray(String[]::new))
        .setParameter(
            "foundClasses", found.stream().map(NewFinding::findingClass).toArray(String[]::new))
        .setParameter("subjects", found.stream().map(NewFinding::subject).toArray(String[]::new))
        .executeUpdate();
  }
}
