package org.cairn.testsupport;

import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Collectors;
import org.cairn.run.CheckpointAddress;
import org.cairn.run.CheckpointLookup;
import org.cairn.run.CheckpointPosition;
import org.hibernate.Session;

/** Finds checkpoints by their labels only; steps aside as soon as the build has the real one. */
@DefaultBean
@ApplicationScoped
class LabelLookup implements CheckpointLookup {

  private static final String COLUMNS =
      """
      c.id, c.run_id, c.segment_id, c.label, c.stage, c.branch, c.step, c.position, c.tokens,
      c.sequences, c.total_tokens
      """;

  private final Session session;

  LabelLookup(Session session) {
    this.session = session;
  }

  @Override
  public Map<CheckpointAddress, CheckpointPosition> findAll(
      Collection<CheckpointAddress> addresses) {
    var found = new HashMap<CheckpointAddress, CheckpointPosition>();
    for (var address : addresses) {
      var rows =
          session
              .createNativeQuery(
                  "select "
                      + COLUMNS
                      + """
                      from checkpoint c join checkpoint_label l on l.checkpoint_id = c.id
                      where l.run_id = :run and l.label = :label and l.retired_at is null
                      """,
                  Object[].class)
              .setParameter("run", address.runId())
              .setParameter("label", address.ref())
              .getResultList();
      if (!rows.isEmpty()) {
        found.put(address, position(rows.getFirst()));
      }
    }
    return found;
  }

  @Override
  public Map<UUID, CheckpointPosition> byIds(Collection<UUID> ids) {
    return session
        .createNativeQuery(
            "select " + COLUMNS + " from checkpoint c where c.id in (:ids)", Object[].class)
        .setParameterList("ids", List.copyOf(ids))
        .getResultList()
        .stream()
        .map(LabelLookup::position)
        .collect(Collectors.toMap(CheckpointPosition::id, position -> position));
  }

  @Override
  public OptionalLong lastStep(UUID runId) {
    var last =
        session
            .createNativeQuery("select max(step) from checkpoint where run_id = :run", Long.class)
            .setParameter("run", runId)
            .getSingleResultOrNull();
    return last == null ? OptionalLong.empty() : OptionalLong.of(last);
  }

  private static CheckpointPosition position(Object[] row) {
    return new CheckpointPosition(
        (UUID) row[0],
        (UUID) row[1],
        (UUID) row[2],
        (String) row[3],
        (String) row[4],
        (String) row[5],
        (Long) row[6],
        (Long) row[7],
        (Long) row[8],
        (Long) row[9],
        (Long) row[10]);
  }
}
