package org.cairn.importer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.cairn.importer.ListedCheckpoint.Counter;

/**
 * The checkpoints of a run as one file lists them.
 *
 * @param name of the file, as it is told in findings
 * @param unreadable lines that name no checkpoint, and why
 */
record Listing(String name, List<ListedCheckpoint> checkpoints, List<Unreadable> unreadable) {

  /** A line that cannot be read. */
  record Unreadable(int line, String reason) {}

  Listing {
    checkpoints = List.copyOf(checkpoints);
    unreadable = List.copyOf(unreadable);
  }

  /** By the counter of their steps, both in the order of the file. */
  SequencedMap<Counter, List<ListedCheckpoint>> byCounter() {
    return checkpoints.stream()
        .collect(
            Collectors.groupingBy(
                ListedCheckpoint::counter, LinkedHashMap::new, Collectors.toList()));
  }
}
