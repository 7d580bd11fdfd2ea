package org.cairn.run;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reads of segments; they see what the running transaction wrote, as counting needs. */
@ApplicationScoped
class SegmentQueries {

  private static final String FACTS =
      """
      select new org.cairn.run.SegmentRow(s.id, s.name, s.stage, s.branch, s.startStep, s.endStep,
        s.batchSchedule, r.batchSchedule, s.tokensAtStart, s.sequencesAtStart, s.stepsBefore,
        s.tokensBefore, s.sequencesBefore)
      from Segment s join Run r on r.id = s.runId
      """;

  private final EntityManager entities;
  private final CheckpointLookup checkpoints;

  SegmentQueries(EntityManager entities, CheckpointLookup checkpoints) {
    this.entities = entities;
    this.checkpoints = checkpoints;
  }

  Optional<SegmentFacts> factsOf(UUID runId, String name) {
    return entities
        .createQuery(
            FACTS + " where s.runId = :runId and lower(s.name) = lower(:name)", SegmentRow.class)
        .setParameter("runId", runId)
        .setParameter("name", name)
        .getResultStream()
        .map(SegmentRow::facts)
        .findFirst();
  }

  /** Whether a run has a segment that begins there. */
  boolean has(UUID runId, String stage, String branch, long startStep) {
    return entities
            .createQuery(
                """
                select count(*) from Segment
                where runId = :runId and stage = :stage and branch = :branch
                  and startStep = :startStep
                """,
                Long.class)
            .setParameter("runId", runId)
            .setParameter("stage", stage)
            .setParameter("branch", branch)
            .setParameter("startStep", startStep)
            .getSingleResult()
        > 0;
  }

  List<SegmentFacts> factsOf(Collection<UUID> ids) {
    if (ids.isEmpty()) {
      return List.of();
    }
    return entities
        .createQuery(FACTS + " where s.id in (:ids)", SegmentRow.class)
        .setParameter("ids", ids)
        .getResultStream()
        .map(SegmentRow::facts)
        .toList();
  }

  /** A segment as lineage shows it. */
  record Stretch(UUID id, UUID runId, String name, String stage, String branch, long startStep) {}

  /** All segments of a run, and those with these ids. */
  List<Stretch> ofRunOrIds(UUID runId, Collection<UUID> ids) {
    return entities
        .createQuery(
            """
            select id, runId, name, stage, branch, startStep from Segment
            where runId = :runId or id in (:ids) order by ordinal, id
            """,
            Object[].class)
        .setParameter("runId", runId)
        .setParameter("ids", ids)
        .getResultStream()
        .map(row ->
            new Stretch(
                (UUID) row[0],
                (UUID) row[1],
                (String) row[2],
                (String) row[3],
                (String) row[4],
                (Long) row[5]))
        .toList();
  }

  List<Segment> page(UUID runId, int afterOrdinal, int limit) {
    return entities
        .createQuery(
            "from Segment where runId = :runId and ordinal > :after order by ordinal",
            Segment.class)
        .setParameter("runId", runId)
        .setParameter("after", afterOrdinal)
        .setMaxResults(limit)
        .getResultList();
  }

  /** Whether a run has checkpoints whose counts cannot change any more. */
  boolean hasSealed(UUID runId) {
    return checkpoints.hasSealed(runId);
  }

  /** The last step that any segment or checkpoint of a run tells of. */
  long lastRecordedStep(UUID runId) {
    var ofSegments =
        entities
            .createQuery(
                "select coalesce(max(startStep), 0) from Segment where runId = :runId", Long.class)
            .setParameter("runId", runId)
            .getSingleResult();
    return Math.max(ofSegments, checkpoints.lastStep(runId).orElse(0));
  }
}
