package org.cairn.importer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.cairn.checkpoint.ListedDraftService.Position;
import org.cairn.importer.ImportChange.Kind;
import org.jspecify.annotations.Nullable;

/**
 * What a newer listing says otherwise than the one before it. A checkpoint is the same where stage,
 * branch and step are; one that is listed several times has several addresses.
 */
final class ListingChanges {

  private ListingChanges() {}

  static List<ImportChange> between(
      String run, String listing, List<ListedCheckpoint> before, List<ListedCheckpoint> after) {
    var old = byPosition(before);
    var changes = new ArrayList<ImportChange>();
    byPosition(after)
        .forEach((position, lines) -> {
          var were = old.remove(position);
          if (were == null) {
            changes.add(change(run, listing, Kind.APPEARED, position, null, lines));
          } else if (!addresses(were).equals(addresses(lines))) {
            changes.add(change(run, listing, Kind.MOVED, position, were, lines));
          } else if (!tokens(were).equals(tokens(lines))) {
            changes.add(change(run, listing, Kind.CHANGED, position, were, lines));
          }
        });
    old.forEach((position, lines) ->
        changes.add(change(run, listing, Kind.VANISHED, position, lines, null)));
    return changes;
  }

  private static Map<Position, List<ListedCheckpoint>> byPosition(List<ListedCheckpoint> lines) {
    var positions = new LinkedHashMap<Position, List<ListedCheckpoint>>();
    lines.forEach(
        one -> positions.computeIfAbsent(position(one), key -> new ArrayList<>()).add(one));
    return positions;
  }

  static Position position(ListedCheckpoint one) {
    return new Position(one.stage(), one.branch(), one.step());
  }

  /** The primary label that such a checkpoint gets. */
  static String name(Position position) {
    return (position.stage().isEmpty() ? "" : position.stage() + "-")
        + (position.branch().isEmpty() ? "" : position.branch() + "-")
        + "step"
        + position.step();
  }

  private static ImportChange change(
      String run,
      String listing,
      Kind kind,
      Position position,
      @Nullable List<ListedCheckpoint> before,
      @Nullable List<ListedCheckpoint> after) {
    var detail = JsonNodeFactory.instance.objectNode().put("file", listing);
    if (before != null) {
      tell(detail.putObject("before"), before);
    }
    if (after != null) {
      tell(detail.putObject("after"), after);
    }
    return new ImportChange(run, kind, "checkpoint", name(position), detail);
  }

  private static void tell(ObjectNode said, List<ListedCheckpoint> lines) {
    var numbers = said.putArray("lines");
    lines.forEach(one -> numbers.add(one.line()));
    var addresses = said.putArray("addresses");
    addresses(lines).forEach(addresses::add);
    var tokens = said.putArray("tokens");
    tokens(lines).forEach(tokens::add);
  }

  private static List<String> addresses(List<ListedCheckpoint> lines) {
    return lines.stream()
        .map(ListedCheckpoint::address)
        .filter(Objects::nonNull)
        .distinct()
        .sorted()
        .toList();
  }

  private static List<Long> tokens(List<ListedCheckpoint> lines) {
    return lines.stream()
        .map(ListedCheckpoint::tokens)
        .filter(Objects::nonNull)
        .distinct()
        .sorted()
        .toList();
  }
}
