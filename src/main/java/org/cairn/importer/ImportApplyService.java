package org.cairn.importer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cairn.checkpoint.ListedDraftService;
import org.cairn.checkpoint.ListedDraftService.Listed;
import org.cairn.checkpoint.WeightsKind;
import org.cairn.importer.ImportPlanService.Plan;
import org.cairn.importer.ImportRepository.RunFault;
import org.cairn.importer.RunReading.RemoteFile;
import org.cairn.job.JobContext;
import org.cairn.platform.FileEntry;
import org.cairn.platform.Sha256;
import org.cairn.project.ProjectService;
import org.cairn.recipe.ConfigurationService;
import org.cairn.run.BatchSchedule;
import org.cairn.run.RunRef;
import org.cairn.run.RunService;
import org.cairn.trajectory.EvaluationService;

/**
 * Puts into the catalogue what an import says: each part in a transaction of its own, and what
 * tells that the listing was imported last. So an import that breaks off is done again, and what is
 * there already is found.
 */
@ApplicationScoped
class ImportApplyService {

  /** Checkpoints that one transaction takes. */
  private static final int BATCH = 500;

  private static final int TOLD = 2_000;

  private static final Pattern WEB = Pattern.compile("https?://", Pattern.CASE_INSENSITIVE);

  private final RunService runs;
  private final ProjectService projects;
  private final ConfigurationService configurations;
  private final ListedDraftService drafts;
  private final StretchService stretches;
  private final EvaluationService evaluations;
  private final ImportFindings findings;
  private final ImportRepository imports;
  private final ReleaseRows rows;
  private final ParentRows parents;
  private final Clock clock;

  ImportApplyService(
      RunService runs,
      ProjectService projects,
      ConfigurationService configurations,
      ListedDraftService drafts,
      StretchService stretches,
      EvaluationService evaluations,
      ImportFindings findings,
      ImportRepository imports,
      ReleaseRows rows,
      ParentRows parents,
      Clock clock) {
    this.runs = runs;
    this.projects = projects;
    this.configurations = configurations;
    this.drafts = drafts;
    this.stretches = stretches;
    this.evaluations = evaluations;
    this.findings = findings;
    this.imports = imports;
    this.rows = rows;
    this.parents = parents;
    this.clock = clock;
  }

  /**
   * Applies all but the end; what it finds on the way goes to the faults of the plan.
   *
   * @return whether it came to its end, and was not cancelled
   */
  boolean apply(ImportView current, Reading reading, Plan plan, JobContext job) {
    long total =
        reading.runs().values().stream()
            .flatMap(said -> said.listings.stream())
            .mapToLong(listing -> listing.checkpoints().size())
            .sum();
    long done = 0;
    var project = projects.idOf(current.project());
    for (var entry : reading.runs().entrySet()) {
      var name = entry.getKey();
      var said = entry.getValue();
      var run = run(current.project(), name);
      if (said.schedule != null && !runs.schedule(run.id(), said.schedule).equals(said.schedule)) {
        plan.faults()
            .add(
                new RunFault(
                    name, differs(current, runs.schedule(run.id(), said.schedule), said.schedule)));
      }
      var configured = configure(current, run, said);
      for (var listing : said.listings) {
        var lines = listing.checkpoints();
        for (int from = 0; from < lines.size(); from += BATCH) {
          if (job.cancelRequested()) {
            return false;
          }
          var batch = lines.subList(from, Math.min(from + BATCH, lines.size()));
          register(run, listing, batch, said, plan);
          done += batch.size();
          job.progress(done, total);
        }
      }
      stretches
          .apply(run, project, said, configured)
          .forEach(fault -> plan.faults().add(new RunFault(name, fault)));
    }
    return true;
  }

  /** Two files say other batches of one run. */
  private static Fault differs(ImportView current, BatchSchedule known, BatchSchedule said) {
    var file = current.files().isEmpty() ? "the repository" : current.files().getFirst().name();
    var evidence = JsonNodeFactory.instance.objectNode().put("file", file);
    evidence
        .putPOJO("batchScheduleOfRun", known.points())
        .putPOJO("batchScheduleOfFile", said.points());
    return new Fault("batch-schedule-differs", "batch schedule of " + file, evidence);
  }

  private RunRef run(String project, String name) {
    if (runs.find(project, name).isEmpty()) {
      runs.create(project, name, false);
    }
    return runs.ref(project, name);
  }

  /** The configurations of a run, by the places of their files. */
  private Map<Integer, UUID> configure(ImportView current, RunRef run, RunReading said) {
    var ids = new LinkedHashMap<Integer, UUID>();
    for (var read : said.configurations) {
      var file = current.files().get(read.source());
      var stored = configurations.ensure(current.project(), read.name(), file.sha256());
      configured(run, read.name(), stored.id());
      ids.put(read.source(), stored.id());
    }
    return ids;
  }

  @Transactional
  void configured(RunRef run, String name, UUID configuration) {
    rows.putConfiguration(run.id(), name, configuration);
  }

  @Transactional
  void register(
      RunRef run, Listing listing, List<ListedCheckpoint> lines, RunReading said, Plan plan) {
    var listed = new ArrayList<Listed>(lines.size());
    var files = files(lines, said);
    for (var one : lines) {
      var own = files.getOrDefault(one, List.of());
      listed.add(
          new Listed(
              ListingChanges.position(one),
              one.tokens(),
              weights(one, said),
              Stream.of(one.address(), said.revisions.get(one)).filter(Objects::nonNull).toList(),
              own.stream().flatMap(file -> entry(file)).toList()));
    }
    var outcomes = drafts.ensure(run.id(), listed);
    var addresses = new ArrayList<ReleaseRows.Address>();
    for (var one : lines) {
      var outcome = Objects.requireNonNull(outcomes.get(ListingChanges.position(one)));
      if (outcome.refused() != null) {
        var fault = Fault.of("checkpoint-refused", listing);
        fault
            .evidence()
            .put("line", one.line())
            .put("step", one.step())
            .put("reason", outcome.refused());
        plan.faults()
            .add(
                new RunFault(
                    run.name(),
                    new Fault(
                        fault.kind(), fault.subject() + " line " + one.line(), fault.evidence())));
      }
      if (one.address() != null) {
        addresses.add(new ReleaseRows.Address(outcome.id(), one.address(), "", null, null, null));
      }
      for (var file : files.getOrDefault(one, List.of())) {
        addresses.add(
            new ReleaseRows.Address(
                outcome.id(),
                file.address(),
                file.path(),
                file.size(),
                file.algorithm(),
                file.digest()));
      }
    }
    rows.putLocations(run.id(), addresses, now());
  }

  private static WeightsKind weights(ListedCheckpoint one, RunReading said) {
    return one.isMerged()
        ? WeightsKind.AVERAGED
        : "ema".equalsIgnoreCase(said.weightsKinds.get(one)) ? WeightsKind.EMA : WeightsKind.RAW;
  }

  /** Of listings that come with files: those of the revision that the line names. */
  private static Map<ListedCheckpoint, List<RemoteFile>> files(
      List<ListedCheckpoint> lines, RunReading said) {
    if (said.remoteFiles.isEmpty()) {
      return Map.of();
    }
    var byRevision = said.remoteFiles.stream().collect(Collectors.groupingBy(RemoteFile::revision));
    var files = new LinkedHashMap<ListedCheckpoint, List<RemoteFile>>();
    for (var one : lines) {
      files.put(one, byRevision.getOrDefault(said.revisions.getOrDefault(one, ""), List.of()));
    }
    return files;
  }

  /** Only what is known by SHA-256 and size is a file of a checkpoint. */
  private static Stream<FileEntry> entry(RemoteFile file) {
    if (!"sha256".equals(file.algorithm()) || file.digest() == null || file.size() == null) {
      return Stream.empty();
    }
    return Stream.of(new FileEntry(file.path(), new Sha256(file.digest()), file.size(), null));
  }

  /** The end of an import: what the catalogue says of it from now on. */
  @Transactional
  void finish(ImportView current, Reading reading, Plan plan) {
    var id = current.id();
    var faults =
        plan.faults().stream()
            .distinct()
            .map(one -> new RunFault(one.run(), one.fault().summed()))
            .toList();
    if (!current.dryRun()) {
      var ids = new LinkedHashMap<String, UUID>();
      for (var name : faults.stream().map(RunFault::run).distinct().toList()) {
        ids.put(name, runs.ref(current.project(), name).id());
      }
      reading
          .runs()
          .keySet()
          .forEach(name -> ids.put(name, runs.ref(current.project(), name).id()));
      reading
          .runs()
          .forEach((name, said) ->
              keep(Objects.requireNonNull(ids.get(name)), name, said, plan, current.createdAt()));
      findings.settle(current, reading, faults, ids);
    }
    for (int from = 0; from < plan.changes().size(); from += TOLD) {
      imports.changes(
          id, from, plan.changes().subList(from, Math.min(from + TOLD, plan.changes().size())));
    }
    for (int from = 0; from < faults.size(); from += TOLD) {
      imports.findings(id, from, faults.subList(from, Math.min(from + TOLD, faults.size())));
    }
    imports.end(id, ImportState.SUCCEEDED, null, now());
  }

  private void keep(UUID run, String name, RunReading said, Plan plan, Instant asked) {
    for (var listing : said.listings) {
      var key = ImportPlanService.key(said, listing);
      if (!plan.unchanged().getOrDefault(name, Set.of()).contains(key)) {
        rows.putListing(run, key, listing.name(), listing.checkpoints(), asked);
      }
    }
    if (!said.parents.isEmpty()) {
      parents.put(run, said.parents);
      // Whether their hosts have them is asked as of any other address.
      rows.putLocations(
          run,
          said.parents.stream()
              .map(ParentRules.Reference::parent)
              .filter(address -> WEB.matcher(address).lookingAt())
              .map(address -> new ReleaseRows.Address(null, address, "", null, null, null))
              .toList(),
          now());
    }
    evaluations.put(run, said.evaluations);
  }

  @Transactional
  ImportView find(UUID id) {
    return imports.find(id).orElseThrow();
  }

  @Transactional
  boolean begin(UUID id) {
    return imports.begin(id);
  }

  @Transactional
  void fail(UUID id, ImportState state, String reason) {
    imports.end(id, state, reason, now());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
