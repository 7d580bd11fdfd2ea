package org.cairn.run;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.data.Limit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.cairn.api.EntityTags;
import org.cairn.api.Metadata;
import org.cairn.api.PageToken;
import org.cairn.api.PageView;
import org.cairn.api.RegistryException;
import org.cairn.api.Versioned;
import org.jspecify.annotations.Nullable;

/** Faults that the registry saw: recorded once, judged by people, never deleted. */
@ApplicationScoped
public class FindingService {

  private final FindingRepository findings;
  private final FindingQueries queries;
  private final RunRefQueries runs;
  private final CheckpointLookup checkpoints;
  private final Clock clock;

  FindingService(
      FindingRepository findings,
      FindingQueries queries,
      RunRefQueries runs,
      CheckpointLookup checkpoints,
      Clock clock) {
    this.findings = findings;
    this.queries = queries;
    this.runs = runs;
    this.checkpoints = checkpoints;
    this.clock = clock;
  }

  /** Records one fault; see {@link #recordAll}. */
  @Transactional
  public void record(
      UUID runId,
      @Nullable UUID checkpointId,
      String findingClass,
      String subject,
      JsonNode evidence) {
    recordAll(runId, List.of(new NewFinding(checkpointId, findingClass, subject, evidence)));
  }

  /**
   * Records faults in one statement. One that the run has already, by class and subject, takes the
   * new evidence; explained stays explained, and fixed is open again.
   */
  @Transactional
  public void recordAll(UUID runId, Collection<NewFinding> newFindings) {
    if (!newFindings.isEmpty()) {
      findings.upsert(runId, newFindings, clock.instant());
    }
  }

  /**
   * Records what an examination of a whole run found. Open findings of these classes that it did
   * not find again are fixed: what they told of is there no more.
   */
  @Transactional
  public void settle(UUID runId, Collection<String> classes, Collection<NewFinding> found) {
    recordAll(runId, found);
    findings.close(runId, classes, found, clock.instant());
  }

  /** What this open finding of a run told of is there no more. */
  @Transactional
  public void fix(UUID runId, String findingClass, String subject) {
    findings.fix(runId, findingClass, subject, clock.instant());
  }

  /** What findings of this class and subject told of is there no more, in any run. */
  @Transactional
  public void fix(String findingClass, String subject, String explanation) {
    findings.fix(findingClass, subject, explanation, clock.instant());
  }

  Versioned<FindingView> get(String project, String run, UUID id) {
    var runId = runId(project, run);
    var finding = queries.byId(runId, id).orElseThrow(() -> notFound(id));
    return new Versioned<>(view(finding), finding.version());
  }

  PageView<FindingView> list(
      String project,
      String run,
      @Nullable String status,
      @Nullable String findingClass,
      @Nullable String pageToken,
      int size) {
    var runId = runId(project, run);
    if (status != null && !FindingStatus.isStatus(status)) {
      throw RegistryException.invalid("status", "must be open, explained or fixed");
    }
    var from = PageToken.newest(pageToken);
    var rows =
        queries.newestBefore(
            runId,
            status == null ? "" : status,
            findingClass == null ? "" : findingClass,
            from.createdAt(),
            from.id(),
            Limit.of(size + 1));
    var ids = new HashSet<UUID>();
    for (var row : rows) {
      if (row.checkpointId() != null) {
        ids.add(row.checkpointId());
      }
    }
    var labels = checkpoints.byIds(ids);
    return PageView.of(
        rows,
        size,
        row -> {
          var about = row.checkpointId() == null ? null : labels.get(row.checkpointId());
          return row.view(about == null ? null : about.label());
        },
        row -> PageToken.of(row.createdAt(), row.id()));
  }

  @Transactional
  Versioned<FindingView> patch(
      String project, String run, UUID id, FindingPatch patch, @Nullable String ifMatch) {
    var finding = findings.byId(runId(project, run), id).orElseThrow(() -> notFound(id));
    EntityTags.require(ifMatch, finding.version());
    var status = patch.status() == null ? finding.status() : patch.status();
    var explanation = patch.explanation() == null ? finding.explanation() : patch.explanation();
    if (status == FindingStatus.EXPLAINED && (explanation == null || explanation.isBlank())) {
      throw RegistryException.invalid("explanation", "is needed to call a finding explained");
    }
    if (patch.explanationEvidence() != null) {
      Metadata.check("explanationEvidence", patch.explanationEvidence());
    }
    var evidence =
        patch.explanationEvidence() == null
            ? finding.explanationEvidence()
            : patch.explanationEvidence();
    finding.judge(status, explanation, evidence, clock.instant());
    findings.flush();
    return new Versioned<>(view(finding), finding.version());
  }

  private FindingView view(Finding finding) {
    var about =
        finding.checkpointId() == null
            ? null
            : checkpoints.byIds(Set.of(finding.checkpointId())).get(finding.checkpointId());
    return finding.view(about == null ? null : about.label());
  }

  private UUID runId(String project, String run) {
    return runs.byName(project, run)
        .orElseThrow(() -> RegistryException.notFound("run", project + "/" + run))
        .id();
  }

  private static RegistryException notFound(UUID id) {
    return RegistryException.notFound("finding", id);
  }
}
