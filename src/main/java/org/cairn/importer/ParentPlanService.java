package org.cairn.importer;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.cairn.importer.ImportRepository.RunFault;
import org.cairn.importer.ParentRules.Reference;
import org.cairn.run.RunRef;
import org.cairn.run.RunService;
import org.jspecify.annotations.Nullable;

/** Parents that are said now and before, in the listings of now and before. */
@ApplicationScoped
class ParentPlanService {

  private final RunService runs;
  private final ParentRows parents;
  private final ReleaseRows rows;

  ParentPlanService(RunService runs, ParentRows parents, ReleaseRows rows) {
    this.runs = runs;
    this.parents = parents;
    this.rows = rows;
  }

  /**
   * Adds what is wrong with the parents that an import names, or that its listings have or lack.
   */
  void check(String projectName, UUID project, Reading reading, Collection<RunFault> faults) {
    reading
        .runs()
        .forEach((name, said) -> {
          ParentRules.unreachable(said.parents)
              .forEach(fault -> faults.add(new RunFault(name, fault)));
          bases(runs.find(projectName, name).map(RunRef::id).orElse(null), name, said, faults);
        });
    dangling(project, reading, faults);
  }

  /** Of one run: what its stages begin with, and what its listings count them from. */
  private void bases(
      @Nullable UUID run, String name, RunReading said, Collection<RunFault> faults) {
    if (said.parents.isEmpty() && said.listings.isEmpty()) {
      return;
    }
    var listings = new ArrayList<>(said.listings);
    var references = new ArrayList<>(said.parents);
    if (run != null) {
      Set<String> now = said.parents.stream().map(Reference::namedBy).collect(Collectors.toSet());
      parents.ofRun(run).stream()
          .filter(known -> !now.contains(known.namedBy()))
          .forEach(references::add);
      if (!said.parents.isEmpty()) {
        var keys =
            said.listings.stream()
                .map(listing -> ImportPlanService.key(said, listing))
                .collect(Collectors.toSet());
        parents.listingsOf(run).stream()
            .filter(known -> !keys.contains(known.listing()))
            .forEach(known ->
                listings.add(
                    new Listing(
                        known.file(), rows.listing(known.run(), known.listing()), List.of())));
      }
    }
    if (!references.isEmpty()) {
      listings.forEach(listing ->
          ParentBases.check(listing, references)
              .forEach(fault -> faults.add(new RunFault(name, fault))));
    }
  }

  private void dangling(UUID project, Reading reading, Collection<RunFault> faults) {
    var references = new ArrayList<>(parents.ofProject(project));
    var folders = new HashSet<String>();
    for (var said : reading.runs().values()) {
      references.addAll(said.parents);
      said.parents.forEach(one -> folders.add(ListedCheckpoint.folderOf(one.parent())));
    }
    var distinct = references.stream().distinct().toList();
    if (distinct.isEmpty()) {
      return;
    }
    var seen = new HashSet<List<String>>();
    reading
        .runs()
        .forEach((name, said) -> {
          for (var listing : said.listings) {
            seen.add(List.of(name, ImportPlanService.key(said, listing)));
            dangling(name, listing, distinct, faults);
          }
        });
    if (folders.isEmpty()) {
      return;
    }
    for (var known : parents.listingsIn(project, folders)) {
      if (seen.add(List.of(known.runName(), known.listing()))) {
        var listing =
            new Listing(known.file(), rows.listing(known.run(), known.listing()), List.of());
        dangling(known.runName(), listing, distinct, faults);
      }
    }
  }

  private static void dangling(
      String run, Listing listing, List<Reference> references, Collection<RunFault> faults) {
    ParentRules.check(listing, references).forEach(fault -> faults.add(new RunFault(run, fault)));
  }
}
