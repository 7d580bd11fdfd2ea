package org.cairn.importer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cairn.importer.ListedCheckpoint.Counter;
import org.cairn.platform.ParsedLabel;

/**
 * Addresses that name another step than their lines do: of OLMo-2-1124-13B the line of step 11931
 * points to step11000. Where all that one launch saved is off by the same, and that is the step of
 * its parent, or all there is to see, the launch counted anew and the listing went on: of
 * OLMo-7B-0424 the line of step 489000 points to step12000 of a launch that began at 477000.
 */
final class AddressedSteps {

  /** Most lines that are told of one thing. */
  private static final int ROWS = 1_000;

  private AddressedSteps() {}

  /**
   * @param said by the address
   */
  private record Addressed(ListedCheckpoint listed, long said) {
    long offset() {
      return said - listed.step();
    }
  }

  static Stream<Fault> check(Listing listing, Counter counter, List<ListedCheckpoint> checkpoints) {
    var folders = new LinkedHashMap<String, List<Addressed>>();
    for (var one : checkpoints) {
      one.addressed()
          .filter(said -> said.merged().isEmpty())
          .filter(said -> said.counts() == ParsedLabel.Counts.UPDATES)
          .map(ParsedLabel::step)
          .ifPresent(step ->
              folders
                  .computeIfAbsent(one.folder(), folder -> new ArrayList<>())
                  .add(new Addressed(one, step)));
    }
    var mismatches = new ArrayList<Addressed>();
    var bySteps = checkpoints.stream().collect(Collectors.groupingBy(ListedCheckpoint::step));
    var faults = Stream.<Fault>builder();
    folders.forEach((folder, members) -> {
      var offset = members.getFirst().offset();
      boolean constant = members.stream().allMatch(one -> one.offset() == offset);
      var parents =
          bySteps.getOrDefault(Math.abs(offset), List.of()).stream()
              .filter(one -> !one.folder().equals(folder))
              .toList();
      if (constant && offset != 0 && (!parents.isEmpty() || members.size() > 1)) {
        faults.add(rebased(listing, counter, folder, members, parents));
      } else {
        members.stream().filter(one -> one.offset() != 0).forEach(mismatches::add);
      }
    });
    if (!mismatches.isEmpty()) {
      var fault = Fault.of("step-uri-mismatch", listing, counter);
      tell(fault, mismatches);
      faults.add(fault);
    }
    return faults.build();
  }

  private static Fault rebased(
      Listing listing,
      Counter counter,
      String folder,
      List<Addressed> members,
      List<ListedCheckpoint> parents) {
    var offset = members.getFirst().offset();
    var plain = Fault.of("step-uri-rebased", listing, counter);
    plain.evidence().put("folder", folder).put("constantOffset", offset);
    if (!parents.isEmpty()) {
      var parent = plain.evidence().putObject("parent").put("step", Math.abs(offset));
      parent.put("line", parents.getFirst().line()).put("address", parents.getFirst().address());
    }
    tell(plain, members);
    return new Fault(plain.kind(), plain.subject() + " folder " + folder, plain.evidence());
  }

  private static void tell(Fault fault, List<Addressed> members) {
    var rows = fault.evidence().put("count", members.size()).putArray("rows");
    for (var one : members.subList(0, Math.min(ROWS, members.size()))) {
      rows.addObject()
          .put("line", one.listed().line())
          .put("step", one.listed().step())
          .put("stepOfAddress", one.said())
          .put("address", one.listed().address());
    }
  }
}
