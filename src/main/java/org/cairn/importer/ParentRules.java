package org.cairn.importer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
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
    var folders = new HashMap<String, SequencedMap<Counter, List<ListedCheckpoint>>>();
    for (var one : listing.checkpoints()) {
      folders
          .computeIfAbsent(one.folder(), folder -> new LinkedHashMap<>())
          .computeIfAbsent(one.counter(), counter -> new ArrayList<>())
          .add(one);
    }
    var faults = new ArrayList<Fault>();
    byParent(references)
        .forEach((parent, namedBy) ->
            folders
                .getOrDefault(ListedCheckpoint.folderOf(parent), new LinkedHashMap<>())
                .forEach((counter, beside) ->
                    dangling(listing, counter, beside, parent, namedBy).ifPresent(faults::add)));
    return faults;
  }

  /**
   * Parents at addresses that lead nobody anywhere: of one machine or private network, or of a
   * scheme other than those of the web, which asks for an account. What web hosts say is asked
   * later: see {@link LocationService}. One fault for each address.
   */
  static List<Fault> unreachable(Collection<Reference> references) {
    var faults = new ArrayList<Fault>();
    byParent(references)
        .forEach((parent, namedBy) -> {
          var said = LabelGrammars.parse(parent).map(ParsedLabel::step);
          var reason = PrivateAddresses.reason(parent);
          if (said.isPresent() && reason.isPresent()) {
            faults.add(unreachable(parent, reason.get(), namedBy));
          }
        });
    return faults;
  }

  /** The fault of a parent that nobody can get. */
  static Fault unreachable(String parent, String reason, Collection<String> namedBy) {
    var evidence =
        JsonNodeFactory.instance.objectNode().put("address", parent).put("reason", reason);
    var by = evidence.putArray("referencedBy");
    namedBy.forEach(by::add);
    return new Fault("unreachable-parent", "parent " + parent, evidence);
  }

  private static SortedMap<String, SortedSet<String>> byParent(Collection<Reference> references) {
    var byParent = new TreeMap<String, SortedSet<String>>();
    for (var reference : references) {
      byParent
          .computeIfAbsent(reference.parent(), parent -> new TreeSet<>())
          .add(reference.namedBy());
    }
    return byParent;
  }

  private static Optional<Fault> dangling(
      Listing listing,
      Counter counter,
      List<ListedCheckpoint> beside,
      String parent,
      Collection<String> namedBy) {
    var step = LabelGrammars.parse(parent).map(ParsedLabel::step).orElse(null);
    if (step == null || beside.stream().anyMatch(one -> one.step() == step)) {
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
    namedBy.forEach(by::add);
    return Optional.of(
        new Fault(fault.kind(), fault.subject() + " step " + step, fault.evidence()));
  }
}
