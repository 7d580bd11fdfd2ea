package org.cairn.importer;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cairn.platform.LabelGrammars;

/**
 * Stages whose tokens are counted from another checkpoint than the one that training began with.
 * The second stage of OLMo-3-1025-32B begins with step 656000 and is counted from 679000.
 */
final class ParentBases {

  private ParentBases() {}

  /**
   * @param references of launches and configurations of the run that the listing is of; those that
   *     tell no number of a stage are passed over
   */
  static Stream<Fault> check(Listing listing, Collection<ParentRules.Reference> references) {
    var bases = ListedTokens.bases(listing);
    var byStage = new TreeMap<String, TreeMap<String, TreeSet<String>>>();
    for (var reference : references) {
      var number = StageNames.number(reference.namedBy());
      bases.keySet().stream()
          .filter(stage -> number.isPresent() && number.equals(StageNames.number(stage)))
          .forEach(stage ->
              byStage
                  .computeIfAbsent(stage, key -> new TreeMap<>())
                  .computeIfAbsent(reference.parent(), key -> new TreeSet<>())
                  .add(reference.namedBy()));
    }
    var bySteps =
        listing.checkpoints().stream()
            .filter(one -> one.tokens() != null)
            .collect(Collectors.groupingBy(ListedCheckpoint::step));
    var faults = Stream.<Fault>builder();
    bases.forEach((stage, base) ->
        byStage
            .getOrDefault(stage, new TreeMap<>())
            .forEach((parent, namedBy) ->
                check(listing, bySteps, stage, base, parent, namedBy).ifPresent(faults::add)));
    return faults.build();
  }

  private static Optional<Fault> check(
      Listing listing,
      Map<Long, List<ListedCheckpoint>> bySteps,
      String stage,
      long base,
      String parent,
      Collection<String> namedBy) {
    var first = listing.checkpoints().stream().filter(one -> one.stage().equals(stage)).findFirst();
    var candidates = candidates(bySteps, first.map(ListedCheckpoint::line).orElse(0), parent);
    if (candidates.isEmpty()
        || candidates.stream().anyMatch(one -> one.tokens() != null && one.tokens() == base)) {
      return Optional.empty();
    }
    var begun = candidates.getLast();
    var tokens = begun.tokens();
    if (tokens == null) {
      return Optional.empty();
    }
    var fault = Fault.of("wrong-parent-base", listing);
    var evidence = fault.evidence().put("stage", stage).put("countedFrom", base);
    listing.checkpoints().stream()
        .filter(one -> one.tokens() != null && one.tokens() == base && !one.stage().equals(stage))
        .reduce((one, later) -> later)
        .ifPresent(one ->
            evidence
                .putObject("countedFromCheckpoint")
                .put("line", one.line())
                .put("stage", one.stage())
                .put("step", one.step())
                .put("address", one.address()));
    evidence
        .putObject("parent")
        .put("address", parent)
        .put("line", begun.line())
        .put("stage", begun.stage())
        .put("step", begun.step())
        .put("tokens", tokens);
    evidence.put("error", base - tokens);
    var by = evidence.putArray("parentNamedBy");
    namedBy.forEach(by::add);
    return Optional.of(
        new Fault(
            fault.kind(), fault.subject() + " " + stage + " parent " + parent, fault.evidence()));
  }

  /**
   * Checkpoints of the stages before that have the step, and stage, that the parent's address says.
   *
   * @param bySteps checkpoints that say tokens
   */
  private static List<ListedCheckpoint> candidates(
      Map<Long, List<ListedCheckpoint>> bySteps, int firstLine, String parent) {
    var said = LabelGrammars.parse(parent).orElse(null);
    var step = said == null ? null : said.step();
    if (said == null || step == null) {
      return List.of();
    }
    var saidStage = StageNames.number(said.stage());
    return bySteps.getOrDefault(step, List.of()).stream()
        .filter(one -> one.line() < firstLine)
        .filter(one -> saidStage.isEmpty() || saidStage.equals(StageNames.number(one.stage())))
        .toList();
  }
}
