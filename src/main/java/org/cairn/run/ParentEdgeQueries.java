package org.cairn.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

/** Reads parent edges, of any number of children in one statement. */
@ApplicationScoped
class ParentEdgeQueries {

  /** A row of parent_edge; exactly one of segmentId and checkpointId is the child. */
  record Edge(
      UUID id,
      UUID runId,
      @Nullable UUID segmentId,
      @Nullable UUID checkpointId,
      EdgeKind kind,
      @Nullable UUID parentCheckpointId,
      @Nullable UUID parentSegmentId,
      String reference,
      @Nullable Loads loads,
      @Nullable Double coefficient,
      @Nullable String note) {

    UUID childId() {
      return Objects.requireNonNull(segmentId == null ? checkpointId : segmentId);
    }
  }

  /** What a walk through the lineage met; truncated where it may go on. */
  record Walk(List<Edge> edges, boolean truncated) {}

  private static final String COLUMNS =
      """
      edge.id, edge.run_id, edge.segment_id, edge.checkpoint_id, edge.kind,
      edge.parent_checkpoint_id, edge.parent_segment_id, edge.parent_reference,
      cast(edge.loads as text), edge.coefficient, edge.note\
      """;

  /**
   * Up from the edges of a run: the edges of the parent itself and of the segment it was taken in.
   * Down from the edges that lead to the run: those that lead to the child, or into the child
   * segment. UNION drops what was seen at the same distance, and depth ends what is left.
   */
  private static final String LINEAGE =
      """
      with recursive walk (id, up, depth) as (
        select id, true, 1 from parent_edge where run_id = :run
        union
        select id, false, 1 from parent_edge where parent_run_id = :run
        union
        select next.id, walk.up, walk.depth + 1
        from walk join parent_edge seen on seen.id = walk.id
        cross join lateral (
          select id from parent_edge where walk.up and segment_id = seen.parent_segment_id
          union all
          select id from parent_edge where walk.up and checkpoint_id = seen.parent_checkpoint_id
          union all
          select id from parent_edge where not walk.up and parent_segment_id = seen.segment_id
          union all
          select id from parent_edge
          where not walk.up and parent_checkpoint_id = seen.checkpoint_id
        ) next
        where walk.depth < :depth
      )
      select %s, reached.depth from (select id, depth from walk limit :limit) reached
      join parent_edge edge on edge.id = reached.id
      order by reached.depth, edge.run_id, edge.ordinal, edge.id
      """
          .formatted(COLUMNS);

  private final Session entities;
  private final ObjectMapper json;

  ParentEdgeQueries(Session entities, ObjectMapper json) {
    this.entities = entities;
    this.json = json;
  }

  List<Edge> ofSegments(Collection<UUID> segmentIds) {
    return ofChildren("segment_id", segmentIds);
  }

  List<Edge> ofCheckpoints(Collection<UUID> checkpointIds) {
    return ofChildren("checkpoint_id", checkpointIds);
  }

  /** Edges above and below a run, nearest first. */
  Walk lineage(UUID runId, int depth, int limit) {
    var rows =
        entities
            .createNativeQuery(LINEAGE, Object[].class)
            .setParameter("run", runId)
            .setParameter("depth", depth)
            .setParameter("limit", limit)
            .getResultList();
    var edges = new LinkedHashMap<UUID, Edge>();
    var deepest = 0;
    for (var row : rows) {
      var edge = edge(row);
      edges.putIfAbsent(edge.id(), edge);
      deepest = Math.max(deepest, (Integer) row[11]);
    }
    return new Walk(List.copyOf(edges.values()), rows.size() == limit || deepest == depth);
  }

  private List<Edge> ofChildren(String column, Collection<UUID> ids) {
    if (ids.isEmpty()) {
      return List.of();
    }
    return entities
        .createNativeQuery(
            "select "
                + COLUMNS
                + " from parent_edge edge where edge."
                + column
                + " = any(cast(:ids as uuid[])) order by edge.ordinal",
            Object[].class)
        .setParameter(
            "ids", ids.stream().map(UUID::toString).collect(Collectors.joining(",", "{", "}")))
        .getResultList()
        .stream()
        .map(this::edge)
        .toList();
  }

  private Edge edge(Object[] row) {
    return new Edge(
        (UUID) row[0],
        (UUID) row[1],
        (UUID) row[2],
        (UUID) row[3],
        EdgeKind.of((String) row[4]),
        (UUID) row[5],
        (UUID) row[6],
        (String) row[7],
        loads((String) row[8]),
        (Double) row[9],
        (String) row[10]);
  }

  private @Nullable Loads loads(@Nullable String stored) {
    try {
      return stored == null ? null : json.readValue(stored, Loads.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("parent_edge.loads does not parse", e);
    }
  }
}
