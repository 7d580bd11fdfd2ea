package org.cairn.checkpoint;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.cairn.run.CheckpointAddress;
import org.cairn.run.CheckpointLookup;
import org.cairn.run.CheckpointPosition;

/** Tells the floor below where checkpoints stand. */
@ApplicationScoped
class CheckpointLookupQueries implements CheckpointLookup {

  private final CheckpointQueries queries;
  private final CheckpointReader reader;

  CheckpointLookupQueries(CheckpointQueries queries, CheckpointReader reader) {
    this.queries = queries;
    this.reader = reader;
  }

  @Override
  public Map<CheckpointAddress, CheckpointPosition> findAll(
      Collection<CheckpointAddress> addresses) {
    var labels =
        addresses.stream().filter(a -> !CheckpointReader.isComputed(a.ref())).distinct().toList();
    var found = new HashMap<CheckpointAddress, CheckpointPosition>();
    queries.byLabels(labels).forEach((address, row) -> found.put(address, position(row)));
    // Computed references, such as latest, are rare as parents and have a statement each.
    addresses.stream()
        .filter(a -> CheckpointReader.isComputed(a.ref()))
        .distinct()
        .forEach(
            a -> reader.find(a.runId(), a.ref()).ifPresent(row -> found.put(a, position(row))));
    return found;
  }

  @Override
  public Map<UUID, CheckpointPosition> byIds(Collection<UUID> ids) {
    return queries.byIds(ids).stream()
        .map(CheckpointLookupQueries::position)
        .collect(Collectors.toMap(CheckpointPosition::id, Function.identity()));
  }

  @Override
  public OptionalLong lastStep(UUID runId) {
    return queries.lastStep(runId);
  }

  @Override
  public boolean hasSealed(UUID runId) {
    return queries.hasSealed(runId);
  }

  private static CheckpointPosition position(CheckpointRow row) {
    return new CheckpointPosition(
        row.id(),
        row.runId(),
        row.segmentId(),
        row.segmentName(),
        row.label(),
        row.stage(),
        row.branch(),
        row.step(),
        row.position(),
        row.tokens(),
        row.sequences(),
        row.totalTokens());
  }
}
