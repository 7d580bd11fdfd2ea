package org.cairn.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Writes parent edges, any number of them in one statement. */
@ApplicationScoped
class ParentEdgeRepository {

  /** What an edge starts from, and its column. */
  enum Child {
    SEGMENT("segment_id"),
    CHECKPOINT("checkpoint_id");

    private final String column;

    Child(String column) {
      this.column = column;
    }
  }

  private final EntityManager entities;
  private final ObjectMapper json;

  ParentEdgeRepository(EntityManager entities, ObjectMapper json) {
    this.entities = entities;
    this.json = json;
  }

  void insert(UUID runId, Child child, Map<UUID, List<ResolvedParent>> parents) {
    var rows = JsonNodeFactory.instance.arrayNode();
    parents.forEach((childId, edges) -> addRows(rows, childId, edges));
    if (rows.isEmpty()) {
      return;
    }
    entities
        .createNativeQuery(
            """
            insert into parent_edge (id, run_id, %s, ordinal, kind, parent_run_id,
              parent_checkpoint_id, parent_segment_id, parent_reference, loads, coefficient, note)
            select gen_random_uuid(), :run, child, ordinal, kind, parent_run, parent_checkpoint,
              parent_segment, reference, loads, coefficient, note
            from jsonb_to_recordset(cast(:rows as jsonb)) as edge (child uuid, ordinal int,
              kind text, parent_run uuid, parent_checkpoint uuid, parent_segment uuid,
              reference text, loads jsonb, coefficient double precision, note text)
            """
                .formatted(child.column))
        .setParameter("run", runId)
        .setParameter("rows", rows.toString())
        .executeUpdate();
  }

  private void addRows(ArrayNode rows, UUID childId, List<ResolvedParent> edges) {
    for (int i = 0; i < edges.size(); i++) {
      var request = edges.get(i).request();
      var checkpoint = edges.get(i).checkpoint();
      var row = rows.addObject();
      row.put("child", childId.toString());
      row.put("ordinal", i);
      row.put("kind", request.kind().toString());
      if (checkpoint != null) {
        row.put("parent_run", checkpoint.runId().toString());
        row.put("parent_checkpoint", checkpoint.id().toString());
        if (checkpoint.segmentId() != null) {
          row.put("parent_segment", checkpoint.segmentId().toString());
        }
      }
      row.put("reference", checkpoint == null ? request.external() : request.checkpoint());
      if (request.loads() != null) {
        row.set("loads", json.valueToTree(request.loads()));
      }
      row.put("coefficient", request.coefficient());
      row.put("note", request.note());
    }
  }
}
