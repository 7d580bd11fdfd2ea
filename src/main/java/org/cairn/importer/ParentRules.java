package org.cairn.importer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.cairn.importer.ListedCheckpoint.Counter;
import org.cairn.platform.LabelGrammars;
import org.cairn.platform.ParsedLabel;

/**
 * Checkpoints that trainings begin with, by address, and that no listing has. The second stages of
 * OLMo-2-1124-7B begin with step 928646, and its manifest ends at 928000.
 */
final class ParentRules {

  private ParentRules() {}

  /**
   * @param parent the address of the parent's checkpoint
   * @param namedBy the configuration or segment that begins with it
   */
  record Reference(String namedBy, String parent) {}

  /**
   * Parents that lie where the checkpoints of a listing do, and are not among them; references to
   * other places are not this listing's to answer. One fault for each address.
   */
  static List<Fault> check(Listing listing, Collection<Reference> references) {
    var byParent = new TreeMap<String, List<String>>();
    for (var reference : references) {
      byParent
          .computeIfAbsent(reference.parent(), parent -> new ArrayList<>())
          .add(reference.namedBy());
    }
    var faults = new ArrayList<Fault>();
    byParent.forEach((parent, namedBy) ->
        listing
            .byCounter()
            .forEach((counter, checkpoints) ->
                dangling(listing, counter, checkpoints, parent, namedBy).ifPresent(faults::add)));
    return faults;
  }

  private static Optional<Fault> dangling(
      Listing listing,
      Counter counter,
      List<ListedCheckpoint> checkpoints,
      String parent,
      List<String> namedBy) {
    var step = LabelGrammars.parse(parent).map(ParsedLabel::step).orElse(null);
    var folder = ListedCheckpoint.folderOf(parent);
    var beside = checkpoints.stream().filter(one -> one.folder().equals(folder)).toList();
    if (step == null || beside.isEmpty() || beside.stream().anyMatch(one -> one.step() == step)) {
      return Optional.empty();
    }
    var fault = Fault.of("dangling-parent", listing, counter);
    fault
        .evidence()
        .put("referencedStep", step)
        .put("address", parent)
        .put("present", false)
        .put("lastListed", beside.stream().mapToLong(ListedCheckpoint::step).max().orElseThrow());
    var by = fault.evidence().putArray("referencedBy");
    namedBy.stream().filter(Objects::nonNull).sorted().forEach(by::add);
    return Optional.of(
        new Fault(fault.kind(), fault.subject() + " step " + step, fault.evidence()));
  }
}
