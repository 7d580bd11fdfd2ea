package org.cairn.importer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.cairn.importer.ListedCheckpoint.Counter;

/**
 * Folders that the checkpoints of one counter lie in: each launch of a training program saves into
 * one of its own. OLMo-7B has 39, and two of them have step 557000.
 */
final class Launches {

  private Launches() {}

  static Optional<Fault> check(
      Listing listing, Counter counter, List<ListedCheckpoint> checkpoints) {
    var folders = new LinkedHashMap<String, List<ListedCheckpoint>>();
    checkpoints.stream()
        .filter(one -> one.addressed().isPresent())
        .forEach(one -> folders.computeIfAbsent(one.folder(), f -> new ArrayList<>()).add(one));
    if (folders.size() < 2) {
      return Optional.empty();
    }
    var fault = Fault.of("run-segments", listing, counter);
    var segments = fault.evidence().put("segments", folders.size()).putArray("folders");
    var savedBy = new TreeMap<Long, Set<String>>();
    folders.forEach((folder, members) -> {
      var steps = members.stream().mapToLong(ListedCheckpoint::step).summaryStatistics();
      segments
          .addObject()
          .put("folder", folder)
          .put("firstStep", steps.getMin())
          .put("lastStep", steps.getMax())
          .put("checkpoints", members.size());
      members.forEach(
          one -> savedBy.computeIfAbsent(one.step(), step -> new TreeSet<>()).add(folder));
    });
    var twice = fault.evidence().putArray("sameStepTwoSegments");
    savedBy.forEach((step, by) -> {
      if (by.size() > 1) {
        twice.add(step);
      }
    });
    return Optional.of(fault);
  }
}
