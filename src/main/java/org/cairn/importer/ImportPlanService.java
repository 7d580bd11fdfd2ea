package org.cairn.importer;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.cairn.checkpoint.ListedDraftService;
import org.cairn.importer.ImportChange.Kind;
import org.cairn.importer.ImportRepository.RunFault;
import org.cairn.importer.KnownListings.Known;
import org.cairn.importer.RunReading.ReadConfiguration;
import org.cairn.project.ProjectService;
import org.cairn.recipe.ConfigurationService;
import org.cairn.run.RunRef;
import org.cairn.run.RunService;
import org.jspecify.annotations.Nullable;

/** What an import is going to change, and what is wrong beside what the catalogue knows. */
@ApplicationScoped
class ImportPlanService {

  private final ProjectService projects;
  private final RunService runs;
  private final ListedDraftService drafts;
  private final ConfigurationService configurations;
  private final EvaluationPlanService evaluations;
  private final ParentPlanService parents;
  private final StretchService stretches;
  private final ReleaseRows rows;

  ImportPlanService(
      ProjectService projects,
      RunService runs,
      ListedDraftService drafts,
      ConfigurationService configurations,
      EvaluationPlanService evaluations,
      ParentPlanService parents,
      StretchService stretches,
      ReleaseRows rows) {
    this.projects = projects;
    this.runs = runs;
    this.drafts = drafts;
    this.configurations = configurations;
    this.evaluations = evaluations;
    this.parents = parents;
    this.stretches = stretches;
    this.rows = rows;
  }

  /**
   * What becomes of an import.
   *
   * @param unchanged listings that say what they said when they were last imported, by run
   */
  record Plan(
      List<ImportChange> changes, List<RunFault> faults, Map<String, Set<String>> unchanged) {}

  @Transactional
  Plan plan(ImportView current, Reading reading) {
    var project = projects.idOf(current.project());
    var plan = new Plan(new ArrayList<>(), new ArrayList<>(), new LinkedHashMap<>());
    var imported = new ImportedAddresses(reading);
    reading
        .runs()
        .forEach((name, said) -> {
          var run = runs.find(current.project(), name).map(RunRef::id).orElse(null);
          if (run == null) {
            plan.changes().add(ImportChange.appeared(name, "run", name));
          }
          said.faults.forEach(fault -> plan.faults().add(new RunFault(name, fault)));
          var resting = resting(run, said, current.options());
          configurations(current, name, run, said, plan);
          stretches
              .missing(run, said)
              .forEach(
                  one -> plan.changes().add(ImportChange.appeared(name, "segment", one.name())));
          listings(project, current.createdAt(), name, run, said, imported, plan);
          contents(name, said, resting, plan);
          evaluations.plan(project, reading, name, run, said, resting, plan);
        });
    parents.check(current.project(), project, reading, plan.faults());
    return plan;
  }

  private Set<Long> resting(@Nullable UUID run, RunReading said, ImportOptions options) {
    var resting = new HashSet<>(options.resting());
    for (var read : said.configurations) {
      if (read.settings() != null) {
        resting.addAll(read.settings().restingUpdates());
      }
    }
    if (run != null) {
      configurations
          .byIds(rows.configurations(run).values())
          .values()
          .forEach(known -> {
            if (known.resolved() != null) {
              resting.addAll(TrainingSettings.of(known.name(), known.resolved()).restingUpdates());
            }
          });
    }
    return resting;
  }

  private void configurations(
      ImportView current, String name, @Nullable UUID run, RunReading said, Plan plan) {
    if (said.configurations.isEmpty()) {
      return;
    }
    var known = run == null ? Map.<String, UUID>of() : rows.configurations(run);
    var stored = configurations.byIds(known.values());
    var labels = new ArrayList<String>();
    if (current.options().labels() != null) {
      labels.addAll(current.options().labels());
    }
    if (run != null) {
      labels.addAll(rows.labels(run, 10_000));
    }
    for (ReadConfiguration read : said.configurations) {
      var file = current.files().get(read.source());
      var id = known.get(read.name());
      var before = id == null ? null : stored.get(id);
      if (before == null) {
        plan.changes().add(ImportChange.appeared(name, "configuration", read.name()));
      } else if (!file.sha256().equals(before.raw())) {
        var change = ImportChange.appeared(name, "configuration", read.name());
        change
            .detail()
            .put("before", String.valueOf(before.raw()))
            .put("after", file.sha256().hex());
        plan.changes()
            .add(
                new ImportChange(
                    name, Kind.CHANGED, "configuration", read.name(), change.detail()));
      }
      if (read.settings() != null) {
        ConfigurationRules.labels(
                read.settings(),
                Objects.requireNonNullElse(
                    current.options().stage(), Reading.baseName(read.name())),
                labels.stream().distinct().toList())
            .forEach(fault -> plan.faults().add(new RunFault(name, fault)));
      }
    }
  }

  private void listings(
      UUID project,
      Instant now,
      String name,
      @Nullable UUID run,
      RunReading said,
      ImportedAddresses imported,
      Plan plan) {
    if (said.listings.isEmpty()) {
      return;
    }
    var positions = run == null ? Set.of() : drafts.positions(run);
    for (var listing : said.listings) {
      var key = key(said, listing);
      var before = run == null ? List.<ListedCheckpoint>of() : rows.listing(run, key);
      var changes = ListingChanges.between(name, listing.name(), before, listing.checkpoints());
      boolean unchanged = changes.isEmpty() && !before.isEmpty();
      if (unchanged) {
        plan.unchanged().computeIfAbsent(name, one -> new HashSet<>()).add(key);
        listing.checkpoints().stream()
            .map(ListingChanges::position)
            .filter(position -> !positions.contains(position))
            .distinct()
            .forEach(position ->
                changes.add(
                    ImportChange.appeared(name, "checkpoint", ListingChanges.name(position))));
      }
      plan.changes().addAll(changes);
      var addresses = ImportedAddresses.of(listing);
      if (!addresses.isEmpty()) {
        var own =
            Known.more(
                rows.known(run, key, addresses, unchanged, now),
                imported.own(name, listing, addresses));
        var others = new HashMap<>(rows.knownOfOthers(project, name, addresses));
        imported
            .others(name, addresses)
            .forEach((other, known) -> others.merge(other, known, Known::more));
        KnownListings.check(listing, name, addresses.size(), own, others)
            .ifPresent(fault -> plan.faults().add(new RunFault(name, fault)));
      }
    }
  }

  /** By which a newer listing is known: the name of its file, folders aside where that suffices. */
  static String key(RunReading said, Listing listing) {
    var base = Reading.baseName(listing.name());
    boolean shared =
        said.listings.stream().filter(one -> Reading.baseName(one.name()).equals(base)).count() > 1;
    return shared ? listing.name() : base;
  }

  private static void contents(String name, RunReading said, Set<Long> resting, Plan plan) {
    for (var contents : said.contents) {
      EqualContents.check(contents.file(), contents.published(), resting)
          .forEach(fault -> plan.faults().add(new RunFault(name, fault)));
    }
  }
}
